"""«Вложения»: what was sent, kind by kind, to those who may read it."""

import pytest

from app.core import tokens
from app.messenger.attachments import gallery
from app.messenger.attachments.gallery import Shelf, kept_in
from app.messenger.chats.lookup import chats_of
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.editing import edit_message
from tests.core import samples
from tests.messenger.attachments.conftest import HTMX
from tests.messenger.counting import counted


@pytest.fixture
def send(web_of, chat):
    """`send(anna, "план.txt", b"…")`: uploads and sends; the message's client id."""

    def sends(who, name, data, query=""):
        web, client_id = web_of(who), tokens.public_id()
        url = f"/im/chats/{chat.public_id}/files?name={name}{query}"
        draft = web.send("post", url, data=data, headers=HTMX).json
        web.post(
            f"/im/chats/{chat.public_id}/messages", client_id=client_id, attachments=draft["id"]
        )
        return client_id

    return sends


def names(profile, chat, shelf, before=None):
    found = kept_in(chats_of(profile.id).get(chat.public_id), shelf, before)
    return [one.file.name if one.file else one.links for one in found.kept]


def test_every_kind_stands_on_its_shelf_the_newest_first(anna, boris, chat, send, web_of, world):
    send(anna, "план.txt", b"one")
    send(boris, "итог.txt", b"two")
    send(anna, "фото.jpg", samples.photo())
    world.says(boris, chat, "см. https://school.ru/a, и (https://school.ru/b). И без ссылки")
    world.says(boris, chat, "без ссылки")
    assert names(boris, chat, Shelf.DOCUMENTS) == ["итог.txt", "план.txt"]
    assert len(names(boris, chat, Shelf.MEDIA)) == 1
    assert names(boris, chat, Shelf.LINKS) == [("https://school.ru/a", "https://school.ru/b")]
    page = web_of(boris).get(f"/im/chats/{chat.public_id}/kept")
    assert page.status_code == 200
    assert page.text.count("data-photo") == 2  # in the chat, and beside it
    part = web_of(boris).get(f"/im/chats/{chat.public_id}/kept?what=links", headers=HTMX).text
    assert 'href="https://school.ru/b"' in part
    assert "<html" not in part


def test_further_ones_come_by_the_cursor(anna, chat, send, monkeypatch, web_of):
    monkeypatch.setattr(gallery, "PAGE", 2)
    for number in range(5):
        send(anna, f"{number}.txt", b"words")
    own, seen, cursor = chats_of(anna.id).get(chat.public_id), [], None
    while True:
        found = kept_in(own, Shelf.DOCUMENTS, cursor)
        seen.append([one.file.name for one in found.kept])
        cursor = found.further
        if cursor is None:
            break
    assert seen == [["4.txt", "3.txt"], ["2.txt", "1.txt"], ["0.txt"]]
    url = f"/im/chats/{chat.public_id}/kept?what=documents"
    first = web_of(anna).get(url, headers=HTMX).text
    assert "before=" in first
    more = web_of(anna).get(f"{url}&before=4", headers=HTMX).text
    assert "shelf-tab" not in more
    assert web_of(anna).get(f"{url}&before=no").status_code == 422


def test_what_is_deleted_or_never_sent_is_nowhere(anna, boris, chat, send, web_of, world):
    gone = send(anna, "лишнее.txt", b"words")
    world.says(anna, chat, "https://school.ru/secret", "link-1-link")
    delete_message(anna.id, chat.public_id, gone)
    delete_message(anna.id, chat.public_id, "link-1-link")
    web_of(anna).send(
        "post", f"/im/chats/{chat.public_id}/files?name=draft.txt", data=b"x", headers=HTMX
    )
    for who in (anna, boris):
        assert names(who, chat, Shelf.DOCUMENTS) == []
        assert names(who, chat, Shelf.LINKS) == []


def test_who_left_sees_what_was_sent_until_then(anna, boris, chat, send, world):
    send(anna, "раньше.txt", b"words")
    world.says(anna, chat, "https://school.ru/before", "link-1-link")
    world.says(anna, chat, "https://school.ru/old", "link-2-link")
    world.leave(boris, chat)
    send(anna, "позже.txt", b"words")
    world.says(anna, chat, "https://school.ru/later")
    edit_message(anna.id, chat.public_id, "link-2-link", "https://school.ru/new")
    assert names(boris, chat, Shelf.DOCUMENTS) == ["раньше.txt"]
    assert names(boris, chat, Shelf.LINKS) == [("https://school.ru/before",)]
    assert names(anna, chat, Shelf.DOCUMENTS) == ["позже.txt", "раньше.txt"]


def test_without_a_role_in_any_school_no_file_is_shown(anna, chat, send, world):
    vera = world.profile("Вера Чужая")
    world.join(vera, chat)
    send(anna, "план.txt", b"words")
    world.leave(vera, chat)
    assert names(vera, chat, Shelf.DOCUMENTS) == []


def test_a_shelf_costs_one_query(anna, chat, send):
    send(anna, "план.txt", b"words")
    own = chats_of(anna.id).get(chat.public_id)
    for shelf in Shelf:
        with counted() as queries:
            kept_in(own, shelf)
        assert len(queries) == 1

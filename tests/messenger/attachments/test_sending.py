"""A message and its files: sent together or not at all, shown to all alike, gone together."""

from io import BytesIO

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import writing
from app.messenger.attachments.attaching import copy_attachments
from app.messenger.attachments.models import Attachment
from app.messenger.chats.lookup import chats_of
from app.messenger.messages import history
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.models import Message
from tests.core import samples
from tests.messenger.attachments.conftest import address, draft, sends, uploads
from tests.messenger.counting import counted


def messages():
    db.session.rollback()
    return db.session.scalars(select(Message).order_by(Message.seq)).all()


def test_photos_and_a_document_travel_in_one_message(web_of, anna, boris, chat):
    web = web_of(anna)
    photos = [draft(web, chat), draft(web, chat)]
    paper = draft(web, chat, samples.PDF, "Работа.pdf")
    answer = sends(web, chat, *photos, paper, text="Смотрите")
    assert answer.status_code == 200
    page = web_of(boris).get(f"/im/chats/{chat.public_id}").text
    assert page.count("data-photo") == 2
    assert 'data-count="2"' in page
    assert "Работа.pdf" in page
    assert "Смотрите" in page


def test_a_file_needs_no_words(web_of, anna, chat):
    answer = sends(web_of(anna), chat, draft(web_of(anna), chat))
    assert "data-photo" in answer.text
    assert "message-text" not in answer.text


def test_neither_words_nor_files_is_refused(web_of, anna, chat):
    assert sends(web_of(anna), chat).status_code == 422


def test_a_message_sent_twice_is_one_with_its_files(web_of, anna, chat):
    web = web_of(anna)
    taken = draft(web, chat)
    first = sends(web, chat, taken)
    again = sends(web, chat, taken)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "data-photo" in again.text
    assert len(messages()) == 1


@pytest.mark.parametrize("whose", ["another's", "sent", "of another chat", "unknown"])
def test_only_ones_own_waiting_drafts_are_sent(world, web_of, anna, boris, chat, whose):
    web = web_of(anna)
    other_chat = world.chat("8Б", anna)
    wrong = {
        "another's": lambda: draft(web_of(boris), chat),
        "sent": lambda: draft(web, chat),
        "of another chat": lambda: draft(web, other_chat),
        "unknown": lambda: "no-such-file",
    }[whose]()
    if whose == "sent":
        sends(web, chat, wrong, client_id="client-first")
    before = len(messages())
    answer = sends(web, chat, wrong, text="Текст", client_id="client-again")
    assert answer.status_code == 422
    assert len(messages()) == before  # nothing is half sent


def test_more_than_ten_files_are_refused(web_of, anna, chat):
    web = web_of(anna)
    taken = [draft(web, chat, samples.PDF, "a.pdf") for _ in range(11)]
    assert sends(web, chat, *taken).status_code == 422
    assert sends(web, chat, *taken[:10]).status_code == 200


def test_a_plain_form_sends_files_too(web_of, anna, boris, chat):
    answer = web_of(anna).send(
        "post",
        f"/im/chats/{chat.public_id}/messages",
        data={
            "text": "Из простой формы",
            "client_id": "client-0002",
            "files": [
                (BytesIO(samples.photo()), "фото.jpg"),
                (BytesIO(samples.PDF), "работа.pdf"),
            ],
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    page = web_of(boris).get(f"/im/chats/{chat.public_id}").text
    assert "data-photo" in page
    assert "работа.pdf" in page


def test_a_plain_form_with_a_bad_file_keeps_the_words(web_of, anna, chat):
    answer = web_of(anna).send(
        "post",
        f"/im/chats/{chat.public_id}/messages",
        data={
            "text": "Не потеряйте",
            "client_id": "client-0002",
            "files": [(BytesIO(samples.EXE), "игра.exe")],
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "Не потеряйте" in answer.text
    assert "могут навредить" in answer.text
    assert messages() == []


def test_a_script_in_a_file_name_is_harmless(web_of, anna, boris, chat):
    name = '"><img src=x onerror=alert(1)><script>.pdf'
    answer = sends(web_of(anna), chat, draft(web_of(anna), chat, samples.PDF, name))
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text


def test_deleting_a_message_deletes_its_bytes(web_of, anna, boris, chat, kept):
    taken = draft(web_of(anna), chat)
    sends(web_of(anna), chat, taken)
    delete_message(anna.id, chat.public_id, "client-0001")
    assert kept() == []
    for profile in (anna, boris):
        for tail in ("", "/thumb"):
            assert web_of(profile).get(address(chat, taken, tail)).status_code == 404
    assert messages()[0].carries is None


def test_a_forwarded_file_lives_as_long_as_one_message_shows_it(
    world, web_of, anna, boris, chat, kept
):
    other = world.chat("8Б", anna)
    sends(web_of(anna), chat, draft(web_of(anna), chat))
    world.says(anna, other, "Переслано", "client-0002")
    source, copy = messages()
    with writing():
        copy_attachments(source.id, chats_of(anna.id).get(other.public_id), copy.id)
    again = db.session.scalars(
        select(Attachment.public_id).where(Attachment.chat_id == other.id)
    ).one()
    delete_message(anna.id, chat.public_id, "client-0001")
    assert web_of(anna).get(address(other, again)).status_code == 200
    assert web_of(boris).get(address(other, again)).status_code == 404
    delete_message(anna.id, other.public_id, "client-0002")
    assert kept() == []


def test_a_page_asks_for_all_its_files_at_once(world, web_of, anna, chat):
    web = web_of(anna)
    for number in range(6):
        sends(web, chat, draft(web, chat), draft(web, chat), client_id=f"client-{number:04}")
    found = chats_of(anna.id).get(chat.public_id)
    with counted() as statements:
        views = history.latest(found)
    assert [len(view.attachments) for view in views] == [2] * 6
    assert len(statements) == 2  # the messages; their files


def test_a_chat_without_files_asks_for_none(world, anna, chat):
    world.says(anna, chat, "Без файлов")
    own = chats_of(anna.id).get(chat.public_id)
    with counted() as statements:
        history.latest(own)
    assert len(statements) == 1  # the messages


def test_a_photo_says_its_size_before_it_has_come(web_of, anna, chat):
    answer = sends(web_of(anna), chat, draft(web_of(anna), chat, samples.photo((1200, 600))))
    assert 'width="380" height="190"' in answer.text


def test_a_draft_of_a_closed_chat_is_not_sent(world, web_of, boris, chat):
    taken = draft(web_of(boris), chat)
    world.leave(boris, chat)
    assert sends(web_of(boris), chat, taken).status_code == 403
    assert uploads(web_of(boris), chat).status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [(samples.photo(), "фото.jpg", "Фото"), (samples.PDF, "работа.pdf", "Файл")],
)
def test_the_list_of_chats_says_what_came(web_of, anna, boris, chat, content, name, word):
    sends(web_of(anna), chat, draft(web_of(anna), chat, content, name))
    assert word in web_of(boris).get("/im/rows").text

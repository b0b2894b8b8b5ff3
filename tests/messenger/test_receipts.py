"""How far others have read: marks for authors, names for those who lead."""

import pytest

from app.messenger.chats.lookup import chats_of
from app.messenger.chats.members import Place, grant
from app.messenger.chats.reading import mark_read
from app.messenger.chats.rights import MemberRole
from app.messenger.messages.receipts import first_reader, read_by_others

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(world, people):
    chat = world.chat("Чат класса", people["member"], people["ex-member"])
    world.join(people["leader"], chat, role=MemberRole.ADMINISTRATOR)
    for number in (1, 2, 3):
        world.says(people["leader"], chat, f"слово {number}", f"message-{number}")
    return chat


def read_mark(chat, profile):
    return read_by_others(chats_of(profile.id).get(chat.public_id))


def test_the_mark_is_of_the_one_who_read_furthest(people, chat):
    assert read_mark(chat, people["leader"]) == 0
    mark_read(people["member"].id, chat.public_id, 2)
    mark_read(people["ex-member"].id, chat.public_id, 1)
    assert read_mark(chat, people["leader"]) == 2
    assert read_mark(chat, people["member"]) == 3


def test_who_comes_later_has_not_read_what_was_before(world, people, chat):
    grant(chat.id, {people["stranger"].id: Place(MemberRole.MEMBER)})
    assert read_mark(chat, people["leader"]) == 0
    world.says(people["leader"], chat, "слово 4", "message-4")
    mark_read(people["stranger"].id, chat.public_id, 4)
    assert read_mark(chat, people["leader"]) == 4


def test_only_the_first_reader_is_told_of(people, chat):
    assert first_reader(chat.id, people["member"].id, 3) == people["member"].public_id
    mark_read(people["ex-member"].id, chat.public_id, 3)
    assert first_reader(chat.id, people["member"].id, 3) == ""


def test_who_leads_sees_names_and_an_author_sees_how_many(world, people, chat, web_of):
    mark_read(people["member"].id, chat.public_id, 3)
    url = f"/im/chats/{chat.public_id}/messages/message-3/readers"
    page = web_of("leader").get(url, headers=HTMX).text
    assert "Прочитали 1 из 2" in page
    assert "Борис Петров" in page
    assert page.index("Борис Петров") < page.index("Вера Сомова")
    world.says(people["member"], chat, "ответ", "by-member")
    url = f"/im/chats/{chat.public_id}/messages/by-member/readers"
    page = web_of("member").get(url, headers=HTMX).text
    assert "Прочитали 0 из 2" in page
    assert "Вера Сомова" not in page

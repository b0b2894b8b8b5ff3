"""Deleting a message for everybody: who may, what stays, and who learns of it."""

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Denied, Missing
from app.core.transaction import connect
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.facts import MessageChanged
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.models import Message

HTMX = {"HX-Request": "true"}
KIND_AND_ROLE = [
    (ChatKind.AUTO, MemberRole.MEMBER, False),
    (ChatKind.AUTO, MemberRole.ADMINISTRATOR, True),
    (ChatKind.MANUAL, MemberRole.MEMBER, False),
    (ChatKind.MANUAL, MemberRole.ADMINISTRATOR, True),
    (ChatKind.MANUAL, MemberRole.CREATOR, True),
    (ChatKind.DIRECT, MemberRole.MEMBER, False),
    (ChatKind.DIRECT, MemberRole.CREATOR, False),
]


@pytest.fixture
def boris(world):
    return world.profile("Борис Ким")


@pytest.fixture
def chat(world, anna, boris):
    return world.chat("7А", anna, boris)


@pytest.fixture
def webs(world, browser, anna, boris):
    opened = []
    for profile in (anna, boris):
        web = browser()
        world.signed_in(web.client, profile)
        opened.append(web)
    return opened


def url(chat, client_id, tail="/delete"):
    return f"/im/chats/{chat.public_id}/messages/{client_id}{tail}"


def stored(client_id):
    db.session.rollback()
    return db.session.scalars(select(Message).where(Message.client_id == client_id)).one()


def test_ones_own_words_are_gone_from_everywhere(world, chat, anna, boris, webs):
    world.says(anna, chat, "лишнее слово", "message-1")
    page = webs[0].get(url(chat, "message-1"), headers=HTMX)
    assert "лишнее слово" in page.text
    assert "<html" not in page.text
    answer = webs[0].send("post", url(chat, "message-1"), headers=HTMX)
    assert "Сообщение удалено" in answer.text
    assert stored("message-1").text == ""
    for web in webs:
        for address in (f"/im/chats/{chat.public_id}", "/im/"):
            text = web.get(address).text
            assert "лишнее" not in text
            assert "Сообщение удалено" in text
    assert not db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "message.deleted")
    ).all()


def test_without_a_script_the_question_is_a_page(world, chat, anna, webs):
    world.says(anna, chat, "лишнее", "message-1")
    assert "<html" in webs[0].get(url(chat, "message-1")).text
    assert webs[0].post(url(chat, "message-1")).location == f"/im/chats/{chat.public_id}"


@pytest.mark.parametrize(("kind", "role", "may"), KIND_AND_ROLE)
def test_the_words_of_others_only_by_who_leads(world, anna, boris, kind, role, may):
    chat = world.chat("Чат", kind=kind)
    world.join(anna, chat)
    world.join(boris, chat, role=role)
    world.says(anna, chat, "слово Анны", "message-1")
    if not may:
        with pytest.raises(Denied):
            delete_message(boris.id, chat.public_id, "message-1")
        assert stored("message-1").text == "слово Анны"
        return
    delete_message(boris.id, chat.public_id, "message-1")
    assert stored("message-1").text == ""
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "message.deleted")
    ).one()
    assert line.details == {"seq": 1, "author": anna.public_id}


def test_the_trace_says_that_an_administrator_did_it(world, anna, boris, browser):
    chat = world.chat("Чат", anna)
    world.join(boris, chat, role=MemberRole.ADMINISTRATOR)
    world.says(anna, chat, "слово", "message-1")
    delete_message(boris.id, chat.public_id, "message-1")
    web = browser()
    world.signed_in(web.client, anna)
    assert "удалено администратором чата" in web.get(f"/im/chats/{chat.public_id}").text


def test_who_left_deletes_nothing_and_a_stranger_finds_nothing(world, chat, anna, webs, browser):
    world.says(anna, chat, "слово", "message-1")
    stranger = browser()
    world.signed_in(stranger.client, world.profile("Чужой Человек"))
    assert stranger.get(url(chat, "message-1")).status_code == 404
    assert stranger.post(url(chat, "message-1")).status_code == 404
    world.leave(anna, chat)
    assert webs[0].post(url(chat, "message-1")).status_code == 403
    assert stored("message-1").text == "слово"


def test_a_message_of_another_chat_is_not_found_here(world, chat, anna):
    other = world.chat("Другой", anna)
    world.says(anna, other, "слово", "message-1")
    with pytest.raises(Missing):
        delete_message(anna.id, chat.public_id, "message-1")


def test_a_double_click_changes_it_once_and_tells_of_it_once(world, chat, anna):
    facts = []
    connect({MessageChanged: [facts.append]})
    world.says(anna, chat, "слово", "message-1")
    first = delete_message(anna.id, chat.public_id, "message-1")
    assert delete_message(anna.id, chat.public_id, "message-1") == first
    db.session.rollback()
    assert db.session.get_one(Chat, chat.id).last_change == 1
    assert len(facts) == 1


def test_a_resend_does_not_bring_it_back(world, chat, anna):
    world.says(anna, chat, "слово", "message-1")
    delete_message(anna.id, chat.public_id, "message-1")
    world.says(anna, chat, "слово", "message-1")
    assert stored("message-1").text == ""


def test_who_was_away_learns_of_it_once(world, chat, anna, webs):
    for number in range(1, 4):
        world.says(anna, chat, f"слово {number}", f"message-{number}")
    delete_message(anna.id, chat.public_id, "message-2")
    since = f"/im/chats/{chat.public_id}/since"
    answer = webs[1].get(f"{since}?seq=3&change=0")
    assert 'id="m-message-2"' in answer.text
    assert 'id="m-message-1"' not in answer.text
    assert answer.headers["Svyazka-Change"] == "1"
    assert webs[1].get(f"{since}?seq=3&change=1").text.strip() == ""


def test_more_changes_than_one_answer_holds_come_in_order(world, chat, anna, webs, monkeypatch):
    from app.messenger.messages import history

    for number in range(1, 6):
        world.says(anna, chat, f"слово {number}", f"message-{number}")
        delete_message(anna.id, chat.public_id, f"message-{number}")
    monkeypatch.setattr(history, "CATCH_UP", 2)
    monkeypatch.setattr(history.changed_since, "__defaults__", (2,))
    change, rounds, seen = "0", 0, []
    while True:
        answer = webs[1].get(f"/im/chats/{chat.public_id}/since?seq=5&change={change}")
        seen += [n for n in range(1, 6) if f'id="m-message-{n}"' in answer.text]
        change, rounds = answer.headers["Svyazka-Change"], rounds + 1
        if answer.headers["Svyazka-More"] != "yes":
            break
    assert seen == [1, 2, 3, 4, 5]
    assert rounds == 3

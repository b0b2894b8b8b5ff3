"""Mentions: whom a text calls, who may call everybody, and for whom it counts."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.messenger.chats.models import Member
from app.messenger.chats.reading import mark_read
from app.messenger.chats.rights import MemberRole
from app.messenger.messages.calling import Person, called_in
from app.messenger.messages.editing import edit_message
from app.messenger.messages.models import Mention

HTMX = {"HX-Request": "true"}
ANNA = Person(1, "Анна", "Петровна", "Иванова")
ANNA_TOO = Person(2, "Анна", "", "Иванова")
PETR = Person(3, "Пётр", "", "Сёмин")
SHORT = Person(4, "Анна", "", "Ив")
LEE = Person(5, "Ю", "", "Ли-Шань")


@pytest.mark.parametrize(
    ("text", "everybody", "people"),
    [
        ("Без имён", False, {}),
        ("@Анна Петровна Иванова, приходите", False, {1: "Анна Петровна Иванова"}),
        ("Спасибо, @Иванова Анна!", False, {1: "Иванова Анна", 2: "Иванова Анна"}),
        ("@анна иванова", False, {1: "анна иванова", 2: "анна иванова"}),
        ("@Петр Семин и @Ю Ли-Шань.", False, {3: "Петр Семин", 5: "Ю Ли-Шань"}),
        ("@Анна Ив тут", False, {4: "Анна Ив"}),
        ("@Анна Ивановаа", False, {}),
        ("почта@Анна Иванова", False, {}),
        ("@@Анна Иванова", False, {}),
        ("@Неизвестный Кто", False, {}),
        ("@все сюда", True, {}),
        ("(@ВСЕ)", True, {}),
        ("hello @all", True, {}),
        ("@всегда", False, {}),
        ("у@все", False, {}),
        ("@", False, {}),
    ],
)
def test_whom_a_text_calls(text, everybody, people):
    called = called_in(text, [ANNA, ANNA_TOO, PETR, SHORT, LEE])
    assert called.everybody is everybody
    assert called.people == people


@pytest.fixture
def chat(world, people):
    chat = world.chat("Чат класса", people["member"], people["ex-member"])
    world.join(people["leader"], chat, role=MemberRole.ADMINISTRATOR)
    world.leave(people["ex-member"], chat)
    return chat


def counts(chat):
    db.session.rollback()
    rows = db.session.execute(
        select(Member.profile_id, Member.unread_mentions).where(Member.chat_id == chat.id)
    )
    return {row.profile_id: row.unread_mentions for row in rows}


def test_a_mention_is_marked_and_counted_for_the_called_one(world, people, chat, web_of):
    world.says(people["leader"], chat, "@Борис Петров, вы придёте?", "the-call")
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    marked = f'<span class="mention" data-whom="{people["member"].public_id}">@Борис Петров</span>'
    assert marked in page
    assert counts(chat)[people["member"].id] == 1
    assert counts(chat)[people["leader"].id] == 0
    mark_read(people["member"].id, chat.public_id, 1)
    assert counts(chat)[people["member"].id] == 0


def test_the_list_says_that_one_is_called_until_it_is_read(world, people, chat, web_of):
    world.says(people["leader"], chat, "@Борис Петров, вы придёте?", "the-call")
    row = f"/im/rows/{chat.public_id}"
    assert "вас упомянули" in web_of("member").get(row).text
    assert "вас упомянули" not in web_of("leader").get(row).text
    mark_read(people["member"].id, chat.public_id, 1)
    assert "вас упомянули" not in web_of("member").get(row).text


def test_strangers_and_those_who_left_are_not_called(world, people, chat, web_of):
    world.says(people["leader"], chat, "@Вера Сомова и @Чужой Человек", "the-call")
    assert db.session.scalars(select(Mention)).all() == []
    assert "data-whom" not in web_of("member").get(f"/im/chats/{chat.public_id}").text


def test_everybody_is_called_by_who_may(world, people, chat, web_of):
    world.says(people["leader"], chat, "@все, завтра в 9:00", "the-call")
    assert counts(chat)[people["member"].id] == 1
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert '<span class="mention" data-whom="all">@все</span>' in page


@pytest.mark.parametrize("text", ["@все сюда", "Прошу @Все прийти", "@all"])
def test_everybody_is_not_called_by_who_may_not(world, people, chat, web_of, text):
    form = {"text": text, "client_id": "the-call"}
    answer = web_of("member").send(
        "post", f"/im/chats/{chat.public_id}/messages", data=form, headers=HTMX
    )
    assert answer.status_code == 403
    assert "Уберите «@все»" in answer.text
    assert counts(chat)[people["leader"].id] == 0


def test_nor_by_editing(world, people, chat, web_of):
    world.says(people["member"], chat, "Приду", "by-member")
    answer = web_of("member").send(
        "post",
        f"/im/chats/{chat.public_id}/messages/by-member/edit",
        data={"text": "@все"},
        headers=HTMX,
    )
    assert answer.status_code == 403
    assert "Приду" in web_of("leader").get(f"/im/chats/{chat.public_id}").text


def test_editing_calls_whom_it_adds_once(world, people, chat):
    leader = people["leader"].id
    world.says(people["leader"], chat, "Кто придёт?", "the-call")
    for text in ("@Борис Петров?", "@Борис Петров, да?", "@все, да?"):
        edit_message(leader, chat.public_id, "the-call", text)
        assert counts(chat)[people["member"].id] == 1, text
    assert counts(chat)[leader] == 0


def test_only_names_of_this_chat_are_offered(chat, web_of):
    offered = web_of("member").get(f"/im/chats/{chat.public_id}/mentions", headers=HTMX).text
    assert "Анна Петровна Иванова" in offered
    assert "Сомова" not in offered
    assert "Чужой" not in offered
    assert "все участники" not in offered
    assert (
        "все участники"
        in web_of("leader").get(f"/im/chats/{chat.public_id}/mentions", headers=HTMX).text
    )

"""What is done with a message, over HTTP: by whom, what it leaves, what bad input changes."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.editing import EDITABLE_FOR, edit_message
from app.messenger.messages.forwarding import forward_message
from app.messenger.messages.models import Message, Reaction
from app.messenger.messages.pinning import pin
from app.messenger.messages.reactions import react

HTMX = {"HX-Request": "true"}
NAUGHTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<b>pasted</b> <a href='javascript:alert(1)'>html</a>",
    "{{ 7*7 }} %(name)s %s",
    "\u202eнаоборот",
    "'; DROP TABLE messages; --",
]


@pytest.fixture
def chat(world, people):
    chat = world.chat("Чат класса", people["member"], people["ex-member"])
    world.join(people["leader"], chat, role=MemberRole.ADMINISTRATOR)
    world.says(people["leader"], chat, "Собрание в 18:00", "by-leader")
    world.says(people["member"], chat, "Приду", "by-member")
    world.leave(people["ex-member"], chat)
    return chat


def address(chat, client_id, tail):
    return f"/im/chats/{chat.public_id}/messages/{client_id}/{tail}"


def stored(client_id):
    db.session.rollback()
    return db.session.scalars(select(Message).where(Message.client_id == client_id)).one()


# What each may do with the leader's message: leader, member, ex-member, stranger.
TABLE = [
    ("GET", "by-leader", "", {}, (200, 200, 200, 404)),
    ("GET", "by-leader", "/edit", {}, (200, 403, 403, 404)),
    ("POST", "by-leader", "/edit", {"text": "Собрание в 19:00"}, (200, 403, 403, 404)),
    ("POST", "by-member", "/edit", {"text": "Не приду"}, (403, 200, 403, 404)),
    ("GET", "by-leader", "/reactions", {}, (200, 200, 403, 404)),
    ("POST", "by-leader", "/reactions", {"emoji": "👍"}, (200, 200, 403, 404)),
    ("GET", "by-leader", "/readers", {}, (200, 403, 403, 404)),
    ("GET", "by-member", "/readers", {}, (200, 200, 403, 404)),
    ("GET", "by-leader", "/forward", {}, (200, 200, 200, 404)),
    ("POST", "by-leader", "/pin", {}, (200, 403, 403, 404)),
    ("POST", "nobody-wrote-it", "/pin", {}, (404, 403, 403, 404)),
    ("GET", "nobody-wrote-it", "", {}, (404, 404, 404, 404)),
    ("POST", "nobody-wrote-it", "/reactions", {"emoji": "👍"}, (404, 404, 403, 404)),
]
WHO = ("leader", "member", "ex-member", "stranger")


@pytest.mark.parametrize(("method", "client_id", "tail", "form", "statuses"), TABLE)
@pytest.mark.parametrize("who", WHO)
def test_who_does_what_with_a_message(chat, web_of, who, method, client_id, tail, form, statuses):
    url = f"/im/chats/{chat.public_id}/messages/{client_id}{tail}"
    answer = web_of(who).send(method.lower(), url, data=form, headers=HTMX)
    assert answer.status_code == statuses[WHO.index(who)]
    if answer.status_code == 404:
        assert "Собрание" not in answer.text


@pytest.mark.parametrize("tail", ["unpin", "pinned", "mentions", "presence"])
@pytest.mark.parametrize("who", WHO)
def test_who_asks_about_the_chat(chat, web_of, who, tail):
    method = "post" if tail == "unpin" else "get"
    answer = web_of(who).send(method, f"/im/chats/{chat.public_id}/{tail}", headers=HTMX)
    wanted = {"leader": 200, "member": 403 if tail == "unpin" else 200, "stranger": 404}
    left = 200 if tail == "pinned" else 403
    assert answer.status_code == wanted.get(who, left)


# -- editing --------------------------------------------------------------------------------------
def test_an_edited_message_says_so_everywhere(chat, web_of):
    answer = web_of("member").send(
        "post", address(chat, "by-member", "edit"), data={"text": "Не приду"}, headers=HTMX
    )
    assert "Не приду" in answer.text
    assert "изменено" in answer.text
    since = web_of("leader").get(f"/im/chats/{chat.public_id}/since?seq=2&change=0")
    assert "Не приду" in since.text
    assert since.headers["Svyazka-Change"] == "1"
    assert "Не приду" in web_of("leader").get("/im/").text


def test_the_same_words_change_nothing(people, chat):
    edit_message(people["member"].id, chat.public_id, "by-member", "  Приду ")
    assert stored("by-member").edited_at is None
    assert db.session.get_one(Chat, chat.id).last_change == 0


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000])
def test_a_bad_text_keeps_the_old_one_and_what_was_typed(chat, web_of, text):
    answer = web_of("member").send("post", address(chat, "by-member", "edit"), data={"text": text})
    assert answer.status_code == 422
    assert text.strip()[:50] in answer.text
    assert stored("by-member").text == "Приду"


def test_after_two_days_a_message_stands(people, chat, web_of):
    with clock.frozen(clock.now() + EDITABLE_FOR + dt.timedelta(minutes=1)):
        # The session of the test began earlier: ask the verb.
        from app.core.errors import Denied

        with pytest.raises(Denied, match="двух суток"):
            edit_message(people["member"].id, chat.public_id, "by-member", "Поздно")
    assert stored("by-member").text == "Приду"


def test_who_left_does_not_read_what_was_changed_later(people, chat, web_of):
    edit_message(people["member"].id, chat.public_id, "by-member", "Тайное")
    page = web_of("ex-member").get(f"/im/chats/{chat.public_id}").text
    assert "Тайное" not in page
    assert "изменено после того, как вы вышли" in page
    assert "Тайное" in web_of("leader").get(f"/im/chats/{chat.public_id}").text


# -- replies --------------------------------------------------------------------------------------
def reply(world, people, chat, text="Во сколько?", to="by-leader"):
    from app.messenger.messages.sending import send_message

    return send_message(people["member"].id, chat.public_id, "the-reply", text, reply_to=to)


def test_a_reply_shows_what_it_answers(world, people, chat, web_of):
    reply(world, people, chat)
    page = web_of("leader").get(f"/im/chats/{chat.public_id}").text
    quote = page[page.index("message-quote") :]
    assert 'data-quote="m-by-leader"' in quote
    assert "Собрание в 18:00" in quote
    assert "Анна Петровна Иванова" in quote


def test_a_quote_follows_its_original(world, people, chat, web_of):
    reply(world, people, chat)
    edit_message(people["leader"].id, chat.public_id, "by-leader", "Собрание в 20:00")
    since = web_of("member").get(f"/im/chats/{chat.public_id}/since?seq=3&change=0").text
    assert since.count("Собрание в 20:00") == 2
    delete_message(people["leader"].id, chat.public_id, "by-leader")
    since = web_of("member").get(f"/im/chats/{chat.public_id}/since?seq=3&change=2").text
    assert "Собрание" not in since
    assert since.count("Сообщение удалено") == 2
    assert "Собрание" not in web_of("member").get(f"/im/chats/{chat.public_id}").text


def test_a_reply_to_another_chats_message_is_refused(world, people, chat, web_of):
    other = world.chat("Другой", people["leader"])
    world.says(people["leader"], other, "тайна", "elsewhere")
    answer = web_of("member").send(
        "post",
        f"/im/chats/{chat.public_id}/messages",
        data={"text": "Что?", "reply_to": "elsewhere"},
        headers=HTMX,
    )
    assert answer.status_code == 404
    assert "тайна" not in answer.text
    assert db.session.scalar(select(func.count()).select_from(Message)) == 3


def test_without_a_script_one_replies_by_a_page(chat, web_of):
    web = web_of("member")
    menu = web.get(f"/im/chats/{chat.public_id}/messages/by-leader").text
    assert f"/im/chats/{chat.public_id}?reply=by-leader" in menu
    page = web.get(f"/im/chats/{chat.public_id}?reply=by-leader").text
    assert 'name="reply_to" value="by-leader"' in page
    url = f"/im/chats/{chat.public_id}/messages"
    web.send("post", url, data={"text": "Буду", "reply_to": "by-leader", "client_id": "the-reply"})
    assert stored("the-reply").reply_to_id == stored("by-leader").id


# -- reactions ------------------------------------------------------------------------------------
def test_a_reaction_is_set_changed_and_taken_back(people, chat, web_of):
    web, url = web_of("member"), address(chat, "by-leader", "reactions")
    for emoji, count in (("👍", 1), ("👍", 1), ("🎉", 1), ("", 0), ("", 0)):
        answer = web.send("post", url, data={"emoji": emoji}, headers=HTMX)
        assert answer.status_code == 200
        assert answer.text.count("data-reaction=") == count
    assert db.session.scalar(select(func.count()).select_from(Reaction)) == 0
    db.session.rollback()
    assert db.session.get_one(Chat, chat.id).last_change == 3


@pytest.mark.parametrize("emoji", ["💩", "x", "👍👍", *NAUGHTY])
def test_only_reactions_of_the_set(chat, web_of, emoji):
    url = address(chat, "by-leader", "reactions")
    answer = web_of("member").send("post", url, data={"emoji": emoji}, headers=HTMX)
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Reaction)) == 0


def test_who_reacted_is_named(people, chat, web_of):
    react(people["member"].id, chat.public_id, "by-leader", "👍")
    react(people["leader"].id, chat.public_id, "by-leader", "👍")
    page = web_of("leader").get(address(chat, "by-leader", "reactions"), headers=HTMX).text
    assert "Борис Петров" in page
    assert "Анна Иванова" in page
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert f'data-by="{people["member"].public_id} {people["leader"].public_id}"' in page


def test_a_reaction_is_quiet_and_makes_nothing_unread(people, chat):
    before = db.session.scalars(select(Member.unread).order_by(Member.id)).all()
    react(people["member"].id, chat.public_id, "by-leader", "👍")
    db.session.rollback()
    assert db.session.scalars(select(Member.unread).order_by(Member.id)).all() == before


# -- forwarding -----------------------------------------------------------------------------------
@pytest.fixture
def other(world, people):
    return world.chat("Учительская", people["leader"])


def test_a_forwarded_message_keeps_its_author_and_not_its_chat(people, chat, other, web_of):
    web = web_of("leader")
    assert "Учительская" in web.get(address(chat, "by-member", "forward"), headers=HTMX).text
    form = {"to": other.public_id, "client_id": "forwarded"}
    answer = web.send("post", address(chat, "by-member", "forward"), data=form)
    assert answer.location == f"/im/chats/{other.public_id}"
    page = web.get(f"/im/chats/{other.public_id}", headers=HTMX).text
    assert "Переслано:" in page
    assert "Борис Петров" in page
    assert "Чат класса" not in page
    assert chat.public_id not in page
    web.send("post", address(chat, "by-member", "forward"), data=form)
    assert db.session.scalar(select(func.count()).where(Message.chat_id == other.id)) == 1


def test_a_forward_of_a_forward_keeps_the_first_author(world, people, chat, other):
    third = world.chat("Третий", people["leader"])
    leader = people["leader"].id
    forward_message(
        leader, chat.public_id, "by-member", to=other.public_id, new_client_id="forwarded-1"
    )
    forward_message(
        leader, other.public_id, "forwarded-1", to=third.public_id, new_client_id="second-2"
    )
    assert stored("second-2").forwarded_from_id == people["member"].id
    assert stored("second-2").reply_to_id is None


@pytest.mark.parametrize("to", ["", "nowhere", "theirs", "left", "archived"])
def test_nothing_goes_where_one_may_not_write(world, people, chat, other, web_of, to):
    left = world.chat("Прежний", people["member"])
    world.leave(people["member"], left)
    archived = world.chat("Архив", people["member"], kind=ChatKind.MANUAL)
    with writing() as session:
        session.get_one(Chat, archived.id).archived_at = clock.now()
    ids = {"theirs": other, "left": left, "archived": archived}
    form = {"to": ids[to].public_id if to in ids else to, "client_id": "forwarded"}
    answer = web_of("member").send("post", address(chat, "by-leader", "forward"), data=form)
    assert answer.status_code == (403 if to in ("left", "archived") else 404)
    assert db.session.scalar(select(func.count()).where(Message.client_id == "forwarded")) == 0
    choice = web_of("member").get(address(chat, "by-leader", "forward"), headers=HTMX).text
    assert "Учительская" not in choice
    assert "Прежний" not in choice
    assert "Архив" not in choice


def test_deleted_words_are_not_forwarded(people, chat, other, web_of):
    delete_message(people["member"].id, chat.public_id, "by-member")
    form = {"to": other.public_id, "client_id": "forwarded"}
    answer = web_of("leader").send("post", address(chat, "by-member", "forward"), data=form)
    assert answer.status_code == 404


def test_a_forwarded_message_is_not_edited_by_who_forwarded_it(people, chat, other, web_of):
    leader = people["leader"].id
    forward_message(
        leader, chat.public_id, "by-member", to=other.public_id, new_client_id="forwarded-1"
    )
    answer = web_of("leader").send(
        "post", address(other, "forwarded-1", "edit"), data={"text": "Другое"}
    )
    assert answer.status_code == 403
    assert stored("forwarded-1").text == "Приду"


# -- pinning --------------------------------------------------------------------------------------
def test_a_pinned_message_stands_above_the_chat_until_it_is_taken_away(people, chat, web_of):
    leader = web_of("leader")
    leader.post(address(chat, "by-member", "pin"))
    leader.post(address(chat, "by-member", "pin"))
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert 'data-pinned-seq="2"' in page
    assert page.count("notice-line") == 1
    leader.post(f"/im/chats/{chat.public_id}/unpin")
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert "data-pinned-seq=" not in page
    assert "открепила сообщение" in page


def test_deleting_takes_the_pin_and_the_reactions_away(people, chat, web_of):
    pin(people["leader"].id, chat.public_id, "by-member")
    react(people["leader"].id, chat.public_id, "by-member", "👍")
    delete_message(people["member"].id, chat.public_id, "by-member")
    page = web_of("leader").get(f"/im/chats/{chat.public_id}").text
    assert "Приду" not in page
    assert "data-pinned-seq=" not in page
    assert "data-reaction=" not in page


def test_who_left_sees_no_pin(people, chat, web_of):
    pin(people["leader"].id, chat.public_id, "by-member")
    assert web_of("ex-member").get(f"/im/chats/{chat.public_id}/pinned").text == ""
    assert "data-pinned-seq=" not in web_of("ex-member").get(f"/im/chats/{chat.public_id}").text


# -- naughty words --------------------------------------------------------------------------------
@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_words_stay_words_wherever_they_stand(world, people, chat, other, web_of, text):
    edit_message(people["member"].id, chat.public_id, "by-member", text)
    reply(world, people, chat, text=text, to="by-member")
    pin(people["leader"].id, chat.public_id, "by-member")
    forward_message(
        people["leader"].id,
        chat.public_id,
        "by-member",
        to=other.public_id,
        new_client_id="forwarded",
    )
    for url in (
        f"/im/chats/{chat.public_id}",
        f"/im/chats/{other.public_id}",
        address(chat, "by-member", "forward"),
        f"/im/chats/{chat.public_id}/messages/by-member",
    ):
        page = web_of("leader").get(url)
        assert page.status_code == 200
        for dangerous in ("<script>alert", "<img src=x", "<b>pasted", "href='javascript", "49 %"):
            assert dangerous not in page.text

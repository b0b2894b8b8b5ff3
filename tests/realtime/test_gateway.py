"""Sockets: who may open one, which chats it hears, and when it falls silent."""

import datetime as dt

import pytest

from app.core import clock
from app.core.transaction import writing
from app.identity import sessions
from app.messenger.chats.members import Place, grant
from app.messenger.chats.reading import mark_read
from app.messenger.chats.rights import MemberRole
from app.messenger.messages import rendering
from app.realtime import fanout
from app.realtime.server import socketio


@pytest.fixture
def window_of(app, world):
    """A page of this profile with its socket."""
    opened = []

    def open_window(profile, language="ru"):
        web = app.test_client()
        if profile is not None:
            world.signed_in(web, profile)
        web.set_cookie("svyazka_language", language)
        socket = socketio.test_client(app, flask_test_client=web)
        socket.web = web
        opened.append(socket)
        return socket

    yield open_window
    for socket in opened:
        if socket.is_connected():
            socket.disconnect()


def opened(socket, chat):
    return socket.emit("open", chat.public_id, callback=True)


def heard(socket, name):
    return [event["args"][0] for event in socket.get_received() if event["name"] == name]


def test_nobody_gets_a_socket(window_of):
    assert not window_of(None).is_connected()


def test_the_journal_alone_gets_no_socket(app, chat):
    web = app.test_client()
    with web.session_transaction() as session:
        session["journal_token"] = "x" * 43
    assert not socketio.test_client(app, flask_test_client=web).is_connected()


def test_an_ended_session_gets_no_socket(app, world, anna):
    web = world.signed_in(app.test_client(), anna)
    sessions.end_session(web.get_cookie(sessions.COOKIE).value)
    assert not socketio.test_client(app, flask_test_client=web).is_connected()


def test_a_member_opens_the_chat_and_hears_it(world, window_of, anna, boris, chat):
    window = window_of(boris)
    assert opened(window, chat) == {"ok": True, "last_seq": 0}
    world.says(anna, chat, "привет", "11111111-aaaa")
    [told] = heard(window, "fragment")
    assert told["chat"] == chat.public_id
    assert 'id="m-11111111-aaaa"' in told["html"]


def test_a_stranger_cannot_open_the_chat(world, window_of, anna, chat):
    window = window_of(world.profile("Чужой Человек"))
    assert opened(window, chat)["status"] == 404
    world.says(anna, chat, "тайна")
    assert window.get_received() == []


def test_an_ex_member_cannot_open_the_chat(world, window_of, anna, boris, chat):
    window = window_of(boris)
    world.leave(boris, chat)
    window.get_received()
    assert opened(window, chat)["status"] == 403
    world.says(anna, chat, "тайна")
    assert window.get_received() == []


@pytest.mark.parametrize("name", [None, 7, {"a": 1}, [], "", "x" * 1000, "person:1", "chat:1:ru"])
def test_strange_names_open_nothing(window_of, boris, name):
    assert window_of(boris).emit("open", name, callback=True)["ok"] is False


def test_strange_names_close_nothing(window_of, boris, chat):
    window = window_of(boris)
    opened(window, chat)
    for name in (None, 7, "person:1", {}):
        assert window.emit("close", name, callback=True) == {"ok": True}


def test_an_unopened_or_closed_chat_only_nudges(world, window_of, anna, boris, chat):
    window = window_of(boris)
    opened(window, chat)
    window.emit("close", chat.public_id)
    world.says(anna, chat, "привет")
    assert [event["name"] for event in window.get_received()] == ["nudge"]


def test_signing_out_closes_the_sockets_of_this_browser_only(world, window_of, anna, boris, chat):
    window, other = window_of(boris), window_of(boris)
    opened(window, chat)
    window.web.post("/id/sign-out")
    assert (window.is_connected(), other.is_connected()) == (False, True)


def test_a_session_that_ran_out_opens_no_more_chats(world, window_of, boris, chat):
    window = window_of(boris)
    with clock.frozen(clock.now() + sessions.IDLE + dt.timedelta(days=1)):
        assert opened(window, chat)["status"] == 403


def test_who_leaves_hears_nothing_more_at_once(world, window_of, anna, boris, chat):
    window, other = window_of(boris), window_of(anna)
    opened(window, chat)
    opened(other, chat)
    world.leave(boris, chat)
    assert [event["name"] for event in window.get_received()] == ["closed", "nudge"]
    world.says(anna, chat, "тайна")
    assert window.get_received() == []
    assert len(heard(other, "fragment")) == 1


def test_who_comes_is_nudged(world, window_of, chat):
    guest = world.profile("Олег Орлов")
    window = window_of(guest)
    grant(chat.id, {guest.id: Place(MemberRole.MEMBER)})
    assert heard(window, "nudge") == [{"chat": chat.public_id}]
    assert opened(window, chat)["ok"]


def test_a_nudge_reaches_members_only(world, window_of, anna, boris, chat):
    stranger = window_of(world.profile("Чужой Человек"))
    members = [window_of(anna), window_of(boris), window_of(boris)]
    world.says(anna, chat, "привет")
    assert [len(heard(window, "nudge")) for window in members] == [1, 1, 1]
    assert stranger.get_received() == []


def test_a_window_that_shows_the_chat_needs_no_nudge(world, window_of, anna, boris, chat):
    showing, beside = window_of(boris), window_of(boris)
    opened(showing, chat)
    world.says(anna, chat, "привет")
    assert [event["name"] for event in showing.get_received()] == ["fragment"]
    assert [event["name"] for event in beside.get_received()] == ["nudge"]


def sent(socket, chat, **form):
    return socket.emit("send", getattr(chat, "public_id", chat), form, callback=True)


def test_a_message_is_sent_over_the_socket(window_of, anna, boris, chat):
    mine, other = window_of(anna), window_of(boris)
    opened(mine, chat)
    opened(other, chat)
    form = {"client_id": "11111111-aaaa", "text": "привет"}
    assert sent(mine, chat, **form) == {"ok": True, "seq": 1}
    assert sent(mine, chat, **form) == {"ok": True, "seq": 1}, "a resend finds the first"
    for window in (mine, other):
        [told] = heard(window, "fragment")
        assert 'id="m-11111111-aaaa"' in told["html"]


def test_who_may_not_write_sends_nothing(world, window_of, anna, boris, chat):
    world.leave(boris, chat)
    ended = window_of(anna)
    form = {"client_id": "11111111-aaaa", "text": "привет"}
    assert sent(window_of(boris), chat, **form)["status"] == 403
    assert sent(window_of(world.profile("Чужой Человек")), chat, **form)["status"] == 404
    with clock.frozen(clock.now() + sessions.IDLE + dt.timedelta(days=1)):
        assert sent(ended, chat, **form)["status"] == 403
    assert opened(window_of(anna), chat)["last_seq"] == 0


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"client_id": "11111111-aaaa"}, 422),
        ({"client_id": "11111111-aaaa", "text": " "}, 422),
        ({"client_id": "11111111-aaaa", "text": ["a"]}, 422),
        ({"client_id": 7, "text": "a"}, 422),
        ({"client_id": "11111111-aaaa", "text": "я" * 4097}, 422),
    ],
)
def test_a_strange_form_is_answered_with_a_sentence(window_of, anna, chat, form, status):
    answer = sent(window_of(anna), chat, **form)
    assert (answer["ok"], answer["status"]) == (False, status)
    assert answer["message"]


@pytest.mark.parametrize(("language", "sentence"), [("ru", "Напишите"), ("en", "Write")])
def test_a_refusal_is_in_the_windows_language(window_of, anna, chat, language, sentence):
    form = {"client_id": "11111111-aaaa", "text": " "}
    assert sent(window_of(anna, language), chat, **form)["message"].startswith(sentence)


@pytest.mark.parametrize("rest", [(), (None,), ("text",), ([],), ({}, {})])
def test_a_send_of_another_shape_changes_nothing(window_of, anna, chat, rest):
    answer = window_of(anna).emit("send", chat.public_id, *rest, callback=True)
    assert answer["ok"] is False


def test_a_chat_without_listeners_tells_nobody(world, window_of, anna, chat):
    stranger = window_of(world.profile("Чужой Человек"))
    world.says(anna, chat, "привет")
    assert stranger.get_received() == []


def test_reading_nudges_the_readers_own_windows(world, window_of, anna, boris, chat):
    world.says(anna, chat, "привет")
    reader, other = window_of(boris), window_of(anna)
    mark_read(boris.id, chat.public_id, 1)
    assert heard(reader, "nudge") == [{"chat": chat.public_id}]
    assert other.get_received() == []


def test_a_message_is_rendered_once_for_all(app, world, window_of, anna, boris, chat):
    windows = [window_of(anna), window_of(boris), window_of(boris)]
    for window in windows:
        opened(window, chat)
    rendering._fragment.cache_clear()
    form = {"text": "привет", "client_id": "11111111-aaaa"}
    answer = windows[0].web.post(
        f"/im/chats/{chat.public_id}/messages", data=form, headers={"HX-Request": "true"}
    )
    assert [heard(window, "fragment")[0]["html"] for window in windows] == [answer.text] * 3
    assert rendering._fragment.cache_info().misses == 1


def test_each_language_hears_its_own_words(world, window_of, anna, boris, chat):
    world.confirmed(anna, "teacher")
    russian, english = window_of(boris), window_of(boris, "en")
    opened(russian, chat)
    opened(english, chat)
    world.says(anna, chat, "привет")
    assert "преподаватель" in heard(russian, "fragment")[0]["html"]
    assert len(heard(english, "fragment")) == 1


def test_a_rolled_back_message_reaches_nobody(world, window_of, anna, boris, chat):
    window = window_of(boris)
    opened(window, chat)
    with pytest.raises(ZeroDivisionError), writing():
        world.says(anna, chat, "раз")
        1 / 0
    assert window.get_received() == []


def test_ending_a_session_closes_its_sockets_only(app, world, window_of, anna):
    ended, other = window_of(anna), window_of(anna)
    session = sessions.find_session(ended.web.get_cookie(sessions.COOKIE).value)
    fanout.disconnect_session(session.id)
    assert (ended.is_connected(), other.is_connected()) == (False, True)
    fanout.disconnect_profile(anna.id)
    assert not other.is_connected()


def test_a_broken_event_answers_with_a_sentence(app, world, window_of, boris, chat, monkeypatch):
    window = window_of(boris)
    monkeypatch.setattr("app.realtime.gateway.chats_of", lambda _id: 1 / 0)
    answer = opened(window, chat)
    assert (answer["ok"], answer["status"]) == (False, 500)
    assert "division" not in answer["message"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"}, 400),
        (
            {"Origin": "http://localhost"},
            400,
        ),  # the right origin, but no WebSocket: no polling here
    ],
)
def test_only_our_own_pages_over_websocket(app, headers, status):
    answer = app.test_client().get("/socket.io/?EIO=4&transport=polling", headers=headers)
    assert answer.status_code == status
    evil = "evil" in headers["Origin"] or headers["Origin"] == "null"
    assert ("origin" in answer.text) is evil

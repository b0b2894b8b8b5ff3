"""Typing, presence, pins and reading over sockets: told to those who have the chat open, only."""

import pytest

from app.messenger.chats.lookup import chats_of
from app.messenger.chats.reading import mark_read
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.chats.seen import seen_in
from app.messenger.messages.editing import edit_message
from app.messenger.messages.pinning import pin, unpin
from app.messenger.messages.reactions import react
from app.messenger.presence import Presence
from app.realtime.server import socketio


@pytest.fixture
def chat(world, anna, boris):
    chat = world.chat("Чат с родителями", boris)
    world.join(anna, chat, role=MemberRole.ADMINISTRATOR)
    return chat


@pytest.fixture
def window_of(app, world):
    opened = []

    def open_window(profile, chat=None):
        web = world.signed_in(app.test_client(), profile)
        socket = socketio.test_client(app, flask_test_client=web)
        if chat is not None:
            socket.emit("open", chat.public_id, callback=True)
        opened.append(socket)
        return socket

    yield open_window
    for socket in opened:
        if socket.is_connected():
            socket.disconnect()


def heard(socket, name):
    return [event["args"][0] for event in socket.get_received() if event["name"] == name]


def test_typing_is_seen_by_the_others_and_not_by_oneself(window_of, anna, boris, chat):
    first, second = window_of(anna, chat), window_of(boris, chat)
    assert first.emit("typing", chat.public_id, callback=True) == {"ok": True}
    told = {"chat": chat.public_id, "by": anna.public_id, "name": "Анна Иванова"}
    assert heard(second, "typing") == [told]
    assert heard(first, "typing") == []


def test_typing_is_told_at_most_once_in_a_while(window_of, anna, boris, chat):
    first, second = window_of(anna, chat), window_of(boris, chat)
    for _key in range(20):
        first.emit("typing", chat.public_id, callback=True)
    assert len(heard(second, "typing")) == 1


@pytest.mark.parametrize("what", [None, 7, {"a": 1}, "", "<script>", "x" * 9000])
def test_typing_nowhere_is_refused(window_of, anna, chat, what):
    assert window_of(anna, chat).emit("typing", what, callback=True)["status"] == 404


def test_strangers_and_ex_members_type_to_nobody(world, window_of, anna, boris, chat):
    listener, stranger = window_of(anna, chat), window_of(world.profile("Чужой Человек"))
    assert stranger.emit("typing", chat.public_id, callback=True)["status"] == 404
    leaver = window_of(boris, chat)
    world.leave(boris, chat)
    assert leaver.emit("typing", chat.public_id, callback=True)["status"] == 403
    assert heard(listener, "typing") == []


def test_who_is_here_is_known_to_those_in_the_chat(window_of, anna, boris, chat):
    own = chats_of(anna.id).get(chat.public_id)
    assert seen_in(own).here == 0
    one, two = window_of(boris), window_of(boris)
    assert seen_in(own).here == 1
    one.disconnect()
    assert seen_in(own).here == 1
    two.disconnect()
    assert seen_in(own).here == 0


def test_between_two_it_is_told_at_once_with_the_time_of_leaving(world, window_of, anna, boris):
    direct = world.chat("", anna, boris, kind=ChatKind.DIRECT)
    window = window_of(anna, direct)
    other = window_of(boris)
    assert heard(window, "presence") == [{"chat": direct.public_id}]
    own = chats_of(anna.id).get(direct.public_id)
    assert seen_in(own).here == 1
    other.disconnect()
    assert heard(window, "presence") == [{"chat": direct.public_id}]
    assert seen_in(own).last_seen is not None


def test_presence_forgets_the_oldest_first(monkeypatch):
    monkeypatch.setattr("app.messenger.presence.KEPT", 2)
    known = Presence()
    for profile in (1, 2, 3):
        known.came(profile)
        known.went(profile)
    assert known.last_seen(1) is None
    assert known.last_seen(3) is not None
    assert not known.windows


def test_a_pin_is_seen_at_once_and_goes_at_once(world, window_of, anna, boris, chat):
    world.says(boris, chat, "Важное", "message-1")
    window = window_of(boris, chat)
    pin(anna.id, chat.public_id, "message-1")
    [told] = heard(window, "pinned")
    assert "Важное" in told["html"]
    edit_message(boris.id, chat.public_id, "message-1", "Очень важное")
    [told] = heard(window, "pinned")
    assert "Очень важное" in told["html"]
    unpin(anna.id, chat.public_id)
    assert heard(window, "pinned") == [{"chat": chat.public_id, "html": ""}]


def test_a_reaction_is_a_quiet_fragment(world, window_of, anna, boris, chat):
    world.says(boris, chat, "Важное", "message-1")
    window, idle = window_of(boris, chat), window_of(anna)
    react(anna.id, chat.public_id, "message-1", "👍")
    [told] = heard(window, "fragment")
    assert told["quiet"] is True
    assert "👍" in told["html"]
    assert heard(idle, "nudge") == []


def test_authors_learn_that_it_is_read(world, window_of, anna, boris, chat):
    world.says(boris, chat, "Важное", "message-1")
    window = window_of(boris, chat)
    mark_read(anna.id, chat.public_id, 1)
    told = {"chat": chat.public_id, "by": anna.public_id, "seq": 1}
    assert heard(window, "read") == [told]

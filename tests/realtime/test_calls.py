"""Calls over sockets: who hears what, whom a signal reaches, and how fast one is out."""

import datetime as dt

import pytest

from app.core import clock
from app.core.pace import Pace
from app.core.transaction import writing
from app.identity import sessions
from app.messenger.calls.ending import end_call
from app.messenger.calls.lookup import live_call
from app.messenger.calls.starting import start_call
from app.messenger.chats.rights import ChatKind, MemberRole
from app.realtime import calls
from app.realtime.fanout import disconnect_session
from app.realtime.server import socketio

OFFER = {"kind": "offer", "sdp": "v=0"}


@pytest.fixture
def vera(world):
    return world.profile("Вера Сомова")


@pytest.fixture
def chat(world, anna, boris, vera):
    chat = world.chat("Физика", boris, vera)
    world.join(anna, chat, role=MemberRole.ADMINISTRATOR)
    return chat


@pytest.fixture
def call(anna, chat):
    return start_call(anna.id, chat.public_id)


@pytest.fixture
def window_of(app, world):
    opened = []

    def open_window(profile):
        web = world.signed_in(app.test_client(), profile)
        socket = socketio.test_client(app, flask_test_client=web)
        opened.append(socket)
        return socket

    yield open_window
    for socket in opened:
        if socket.is_connected():
            socket.disconnect()


def enter(socket, call, key=""):
    return socket.emit("call_enter", call, key, callback=True)


def heard(socket, name):
    return [event["args"][0] for event in socket.get_received() if event["name"] == name]


def test_who_is_in_the_call_sees_the_others_come_and_go(window_of, anna, boris, call):
    first, second = window_of(anna), window_of(boris)
    answer = enter(first, call)
    assert answer["ok"]
    assert [one["name"] for one in answer["people"]] == ["Анна Иванова"]
    assert answer["ticket"] == {"iceServers": []}
    enter(second, call)
    [told] = heard(first, "call_people")[-1:]
    assert [one["name"] for one in told["people"]] == ["Анна Иванова", "Борис Петров"]
    second.emit("call_leave", call, callback=True)
    [told] = heard(first, "call_people")[-1:]
    assert [one["name"] for one in told["people"]] == ["Анна Иванова"]
    heard(second, "call_people")
    first.emit("call_state", call, {"mic": True, "hand": 1, "x": "y"}, callback=True)
    [told] = heard(first, "call_people")[-1:]
    assert (told["people"][0]["mic"], told["people"][0]["hand"]) == (True, False)
    assert heard(second, "call_people") == []  # who has left hears nothing more


def test_a_signal_goes_to_the_one_addressed_and_to_nobody_else(window_of, anna, boris, vera, call):
    windows = [window_of(profile) for profile in (anna, boris, vera)]
    keys = [enter(window, call)["key"] for window in windows]
    for window in windows:
        window.get_received()
    answer = windows[0].emit("call_signal", call, keys[1], OFFER, callback=True)
    assert answer == {"ok": True}
    told = {"call": call, "from": keys[0], "what": OFFER}
    assert heard(windows[1], "call_signal") == [told]
    assert heard(windows[0], "call_signal") == heard(windows[2], "call_signal") == []


@pytest.mark.parametrize(
    "what", [None, "offer", {"kind": "shout"}, {"kind": "offer", "sdp": "x" * 40_000}]
)
def test_what_is_no_signal_goes_nowhere(window_of, anna, boris, call, what):
    first, second = window_of(anna), window_of(boris)
    enter(first, call)
    key = enter(second, call)["key"]
    assert first.emit("call_signal", call, key, what, callback=True)["status"] == 422
    assert heard(second, "call_signal") == []


def test_a_flood_of_signals_is_stopped(monkeypatch, window_of, anna, boris, call):
    monkeypatch.setattr(calls, "SIGNALS", Pace(burst=5, per_second=0.001))
    first, second = window_of(anna), window_of(boris)
    enter(first, call)
    key = enter(second, call)["key"]
    answers = [first.emit("call_signal", call, key, OFFER, callback=True) for _ in range(8)]
    assert [answer.get("status") for answer in answers] == [None] * 5 + [429] * 3
    assert len(heard(second, "call_signal")) == 5


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("call_enter", ("",)),
        ("call_leave", ()),
        ("call_state", ({"mic": True},)),
        ("call_signal", ("{key}", OFFER)),
    ],
)
def test_strangers_and_ex_members_reach_nobody(
    world, window_of, anna, boris, chat, call, event, arguments
):
    inside = window_of(anna)
    key = enter(inside, call)["key"]
    inside.get_received()
    arguments = tuple(key if one == "{key}" else one for one in arguments)
    stranger = window_of(world.profile("Чужой Человек"))
    assert stranger.emit(event, call, *arguments, callback=True)["status"] == 404
    leaver = window_of(boris)
    enter(leaver, call)
    world.leave(boris, chat)
    inside.get_received()
    answer = leaver.emit(event, call, *arguments, callback=True)
    assert answer["ok"] is (event == "call_leave") or answer["status"] == 403
    assert inside.get_received() == []
    assert inside.emit(event, call, *arguments, callback=True)["ok"] is (event != "call_signal")


@pytest.mark.parametrize("call_id", [None, 7, {"a": 1}, "", "x" * 5000])
def test_no_call_is_entered_by_something_else(window_of, anna, call_id):
    assert enter(window_of(anna), call_id)["status"] == 404


def test_who_is_removed_is_out_at_once_and_the_others_see_it(
    world, window_of, anna, boris, chat, call
):
    first, second = window_of(anna), window_of(boris)
    enter(first, call)
    enter(second, call)
    first.get_received(), second.get_received()
    world.leave(boris, chat)
    assert heard(second, "call_out") == [{"call": call, "why": "removed"}]
    [told] = heard(first, "call_people")[-1:]
    assert [one["name"] for one in told["people"]] == ["Анна Иванова"]
    first.emit("call_state", call, {"mic": True}, callback=True)
    assert heard(second, "call_people") == []


def test_another_tab_takes_the_seat_and_the_first_one_learns_it(window_of, anna, call):
    first, second = window_of(anna), window_of(anna)
    enter(first, call)
    enter(second, call)
    assert heard(first, "call_out") == [{"call": call, "why": "elsewhere"}]
    first.emit("call_leave", call, callback=True)
    assert heard(second, "call_ended") == []


def test_a_session_that_ends_takes_its_windows_out_of_the_call(window_of, anna, boris, chat, call):
    first, second = window_of(anna), window_of(boris)
    enter(first, call)
    enter(second, call)
    token = second.flask_test_client.get_cookie(sessions.COOKIE).value
    disconnect_session(sessions.find_ids(token).session_id)
    [told] = heard(first, "call_people")[-1:]
    assert [one["name"] for one in told["people"]] == ["Анна Иванова"]


def test_the_chat_sees_the_call_begin_grow_and_end(window_of, anna, boris, chat, call):
    reader, first = window_of(boris), window_of(anna)
    reader.emit("open", chat.public_id, callback=True)
    enter(first, call)
    [told] = heard(reader, "call")
    assert "Идёт звонок" in told["html"]
    assert "1 участник" in told["html"]
    first.emit("call_leave", call, callback=True)
    assert heard(reader, "call")[-1] == {"chat": chat.public_id, "html": ""}
    assert live_call(chat.id) is None
    assert heard(first, "call_ended") == []  # who has left needs not be told


def test_the_end_for_all_is_heard_by_all(window_of, anna, boris, call):
    first, second = window_of(anna), window_of(boris)
    enter(first, call)
    enter(second, call)
    end_call(anna.id, call)
    assert heard(first, "call_ended") == heard(second, "call_ended") == [{"call": call}]
    assert enter(second, call)["status"] == 409


def test_a_signed_out_browser_says_nothing_in_a_call(world, window_of, anna, call):
    socket = window_of(anna)
    with writing():
        sessions.end_all(anna.public_id)
    assert not socket.is_connected() or enter(socket, call)["status"] == 403


NOON = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 11, 24, 21, tzinfo=dt.UTC)  # in Moscow


def test_a_call_between_two_rings_until_it_is_answered_or_over(world, window_of, anna, boris):
    direct = world.chat("", anna, boris, kind=ChatKind.DIRECT)
    caller, called = window_of(anna), window_of(boris)
    with clock.frozen(NOON):
        public_id = world.calls(anna, direct).public_id
    told = {"call": public_id, "name": "Анна Иванова", "letters": "АИ"}
    [heard_ring] = heard(called, "ring")
    assert heard_ring | told == heard_ring
    assert heard(caller, "ring") == []
    end_call(anna.id, public_id)
    assert heard(called, "ring_over") == [{"call": public_id}]


@pytest.mark.parametrize(
    ("now", "role", "is_muted", "rings"),
    [
        (NOON, "pupil", False, True),
        (NOON, "pupil", True, False),
        (MIDNIGHT, "pupil", False, False),
        (MIDNIGHT, "teacher", False, True),
    ],
)
def test_nothing_rings_where_nothing_may(world, window_of, anna, boris, now, role, is_muted, rings):
    direct = world.chat("", anna, kind=ChatKind.DIRECT)
    world.join(boris, direct, muted_until=NOON + dt.timedelta(days=2) if is_muted else None)
    world.confirmed(boris, role)
    called = window_of(boris)
    with clock.frozen(now):
        world.calls(anna, direct)
    assert bool(heard(called, "ring")) is rings


def test_a_chat_of_many_does_not_ring(window_of, anna, boris, chat):
    called = window_of(boris)
    start_call(anna.id, chat.public_id)
    assert heard(called, "ring") == []

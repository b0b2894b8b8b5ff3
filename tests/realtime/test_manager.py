"""The client manager: one frame for a whole room, and a slow client never holds up the others."""

import pytest
from gevent import Timeout, socket

from app.realtime import manager, wire
from app.realtime.frames import frame
from app.realtime.server import Json
from tests.realtime.engine import Engine


@pytest.fixture
def engine():
    with Timeout(20):
        made = Engine()
        yield made
        made.close()


@pytest.fixture(autouse=True, params=[2, 10], ids=["a crowd", "a few"])
def _crowd(request, monkeypatch):
    """Whether the wires of these rooms are kept from one event to the next."""
    monkeypatch.setattr(manager, "CROWD", request.param)


@pytest.fixture
def three(engine):
    """Three clients; the first two are in the room «a»."""
    clients = [engine.connect() for _ in range(3)]
    for client in clients[:2]:
        engine.server.enter_room(client.sid, "a")
    return clients


def marked(engine, clients):
    """What each heard before a last word to all."""
    engine.server.emit("end")
    heard = []
    for client in clients:
        heard.append([])
        while (packet := client.packet()) != '42["end"]':
            heard[-1].append(packet)
    return heard


def test_a_room_hears_and_others_do_not(engine, three):
    engine.server.emit("news", {"а": 1}, to="a")
    told = '42["news",{"а":1}]'
    assert marked(engine, three) == [[told], [told], []]


def test_who_leaves_hears_no_more_and_who_comes_does(engine, three):
    engine.server.emit("news", 1, to="a")
    engine.server.leave_room(three[0].sid, "a")
    engine.server.enter_room(three[2].sid, "a")
    engine.server.emit("news", 2, to="a")
    engine.server.disconnect(three[1].sid)
    engine.server.emit("news", 3, to="a")
    assert [three[1].packet() for _ in range(2)] == ['42["news",1]', '42["news",2]']
    one, two, last = (f'42["news",{number}]' for number in (1, 2, 3))
    assert marked(engine, [three[0], three[2]]) == [[one], [two, last]]


def test_the_wires_of_a_crowd_are_looked_up_once_while_nobody_comes_or_goes(
    engine, three, monkeypatch
):
    looked_up = []
    found = manager.RoomManager._found
    monkeypatch.setattr(
        manager.RoomManager, "_found", lambda own, sids: looked_up.append(1) or found(own, sids)
    )

    def looks(does=None):
        looked_up.clear()
        if does is not None:
            does()
        for number in range(3):
            engine.server.emit("news", number, to="a")
        return len(looked_up)

    is_crowd = manager.CROWD == 2
    assert looks() == (1 if is_crowd else 3)
    assert looks() == (0 if is_crowd else 3)
    assert looks(lambda: engine.server.enter_room(three[2].sid, "a")) == (1 if is_crowd else 3)
    assert looks(lambda: engine.server.leave_room(three[0].sid, "a")) == (1 if is_crowd else 3)
    assert looks(lambda: engine.server.close_room("a")) == 3, "an empty room is nobody's"


def test_several_rooms_hear_once(engine, three):
    engine.server.enter_room(three[2].sid, "b")
    engine.server.enter_room(three[0].sid, "b")
    engine.server.emit("news", 1, to=["a", "b", "nobody"])
    assert marked(engine, three) == [['42["news",1]']] * 3


def test_who_is_skipped_does_not_hear(engine, three):
    engine.server.emit("news", 1, to="a", skip_sid=three[0].sid)
    engine.server.emit("news", 2, skip_sid=[three[0].sid, three[2].sid])
    assert marked(engine, three) == [[], ['42["news",1]', '42["news",2]'], []]


@pytest.mark.parametrize(
    ("data", "arguments"), [(None, ""), ((1, "б"), ',1,"б"'), ([1, 2], ",[1,2]"), (0, ",0")]
)
def test_arguments_are_as_the_stock_manager_makes_them(engine, three, data, arguments):
    engine.server.emit("news", data, to="a")
    assert marked(engine, three)[0] == [f'42["news"{arguments}]']


def test_a_callback_is_called_with_the_answer(engine, three):
    answers = []
    engine.server.emit("ask", to=three[0].sid, callback=answers.append)
    assert three[0].packet() == '421["ask"]'
    three[0].say('431["yes"]')
    three[0].say('421["echo",0]')
    assert three[0].packet() == "431[0]"
    assert answers == ["yes"]


def test_a_room_is_encoded_and_framed_once(engine, three, monkeypatch):
    encoded, framed = [], []
    monkeypatch.setattr(Json, "dumps", lambda value, **_: encoded.append(value) or "[1]")
    monkeypatch.setattr(
        "app.realtime.manager.frame", lambda data: framed.append(data) or frame(data)
    )
    engine.server.emit("news", 1)
    assert (encoded, framed) == ([["news", 1]], ["42[1]"])
    assert [client.packet() for client in three] == ["42[1]"] * 3


def test_answers_and_events_keep_their_order_for_a_slow_client(engine, three):
    slow = three[0]
    for number in range(20):
        engine.server.emit("news", [number, "x" * 50_000], to=slow.sid)
    slow.say('421["echo","after"]')
    engine.server.emit("end", to=slow.sid)
    heard = []
    while len(heard) < 22:
        heard.append(slow.packet())
    numbers = [Json.loads(packet[2:])[1][0] for packet in heard if "news" in packet]
    assert numbers == list(range(20))
    assert '431["after"]' in heard
    assert '42["end"]' in heard


def test_who_never_reads_is_dropped_and_the_others_hear_all(engine, three):
    three[0].sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    pieces = wire.MAX_BACKLOG // 100_000 + 20
    for number in range(pieces):
        engine.server.emit("news", [number, "x" * 100_000], to="a")
        heard = three[1].packet()
        assert Json.loads(heard[2:])[1][0] == number
    three[0].serving.join()
    assert engine.left == [three[0].sid]
    assert marked(engine, three[1:]) == [[], []]


def test_who_joins_or_leaves_in_between_is_no_trouble(engine, three):
    three[0].sock.close()
    engine.server.emit("news", 1, to="a")
    engine.server.emit("news", 2, to="a")
    assert marked(engine, three[1:]) == [['42["news",1]', '42["news",2]'], []]
    engine.server.emit("news", 3, to="empty")

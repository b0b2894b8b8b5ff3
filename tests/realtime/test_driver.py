"""Our WebSocket driver under a real engine.io and Socket.IO server."""

import ssl

import pytest
from gevent import Timeout, sleep, socket
from wsproto.events import Pong

from app.realtime import driver
from app.realtime.frames import Code
from app.realtime.limits import BURST, Allowance
from tests.realtime.engine import Engine
from tests.realtime.test_frames import closing, sent


@pytest.fixture
def engine():
    with Timeout(20):
        made = Engine()
        yield made
        made.close()


def is_forgotten(engine, client):
    """Nothing of the client is left in the server."""
    client.serving.join()
    return (
        engine.server.eio.sockets == {}
        and engine.server.environ == {}
        and client.sid in engine.left
    )


def test_a_client_talks_and_is_answered(engine):
    client = engine.connect()
    client.say('421["echo","привет"]')
    assert client.packet() == '431["привет"]'


def test_no_compression_is_agreed_on(engine):
    client = engine.connect()
    assert b"permessage-deflate" not in client.head
    engine.server.emit("news", "а" * 500)
    assert client.packet() == f'42["news","{"а" * 500}"]'


def test_bytes_come_through_whole(engine):
    engine.server.on("weigh", lambda sid, data: len(data))
    client = engine.connect()
    client.say('451-7["weigh",{"_placeholder":true,"num":0}]')
    client.say(b"\x00\xff", opcode=2)
    assert client.packet() == "437[2]"
    engine.server.emit("picture", b"\x00\xff")
    assert client.packet() == '451-["picture",{"_placeholder":true,"num":0}]'
    assert client.packet() == b"\x00\xff"


def test_a_ping_of_either_kind_is_answered(engine):
    client = engine.connect()
    client.say(b"websocket's", opcode=9)
    assert client.packet() == Pong(b"websocket's")


def test_the_server_asks_whether_the_client_lives():
    with Timeout(20):
        engine = Engine(ping_interval=0.05, ping_timeout=0.2)
        client = engine.connect()
        for _ in range(3):
            assert client.packet() == "2"
            client.say("3")
        assert client.packet() == "2"
        client.serving.join()  # no answer any more
        assert is_forgotten(engine, client)
        engine.close()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (closing(1001), 1001),
        (sent(8), 1005),
        (sent(1, "42" + "x" * 1000), 1009),
        (sent(1, b"\xff"), 1007),
        (sent(1, "42[]", masked=False), 1002),
        (sent(1, ""), 1002),
        (sent(1, "9"), 1002),
        (sent(1, "я"), 1002),
        (sent(1, "1"), 1000),
    ],
)
def test_a_goodbye_has_its_code_and_nothing_stays(engine, data, code):
    client = engine.connect()
    client.sock.sendall(data)
    assert client.packets()[-1] == code
    client.sock.close()
    assert is_forgotten(engine, client)


def test_a_flood_is_cut_off(engine):
    client = engine.connect()
    client.sock.sendall(sent(1, "3") * (BURST + 10))
    assert client.packets() == [Code.POLICY]


def test_an_allowance_fills_again():
    allowance = Allowance(per_second=100, burst=1)
    assert [allowance.take(), allowance.take()] == [True, False]
    with Timeout(5):
        while not allowance.take():
            sleep(0)


def test_a_client_that_vanishes_is_forgotten(engine):
    client = engine.connect()
    client.sock.close()
    assert is_forgotten(engine, client)


def test_who_is_sent_away_hears_the_rest_and_a_goodbye(engine):
    client = engine.connect()
    engine.server.emit("news", 1, to=client.sid)
    engine.server.eio.disconnect()
    assert client.packets() == ['42["news",1]', "1", 1000]
    client.sock.close()
    assert is_forgotten(engine, client)


def test_another_handshake_gets_400_and_leaves_nothing(engine):
    client = engine.call(HTTP_SEC_WEBSOCKET_VERSION="8")
    client.serving.join()
    assert client.status.startswith("400 ")
    assert engine.server.eio.sockets == {}


def test_tls_is_not_ours_to_end(engine):
    plain, other = socket.socketpair()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    secret = context.wrap_socket(plain, do_handshake_on_connect=False)
    called = driver.Driver(engine.server.eio.handle_request, engine.server.eio)
    with pytest.raises(RuntimeError, match="nginx"):
        called({driver.SOCKET: secret}, None)
    secret.close()
    other.close()

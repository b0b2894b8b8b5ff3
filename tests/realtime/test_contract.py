"""What our driver and manager rely on inside engine.io, socketio, gunicorn, gevent and wsproto.

Red after an upgrade means: read that function anew beside app/realtime/driver.py, wire.py and
manager.py, mend them if they must, and only then write the new digest here.
"""

import hashlib
import inspect

import engineio
import pytest
import socketio
from engineio.async_drivers import _websocket_wsgi, gevent
from engineio.base_socket import BaseSocket
from engineio.socket import Socket
from gevent import Timeout, socket
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.base_async import AsyncWorker
from wsproto.connection import Connection

from app import create_app
from app.realtime.driver import Driver
from app.realtime.manager import RoomManager
from app.realtime.server import socketio as served
from tests.conftest import make_settings

TOUCHED = {
    # replaced by Driver, Outbox and RoomManager: what these did, ours must do
    Socket._websocket_handler: "58afe122719282de",
    _websocket_wsgi.SimpleWebSocketWSGI: "ef4f852b672632e5",
    Socket.poll: "d7d705066fd3b948",
    socketio.Manager.emit: "566510ea2de39d65",
    # called with our objects inside
    BaseSocket.__init__: "8532b631a4dc815f",
    Socket._upgrade_websocket: "02f6ac05441609d3",
    Socket.handle_get_request: "d45c0d8f98840672",
    Socket.receive: "4126eb2537d0d020",
    Socket.send: "f8b2738ee5d48ab2",
    Socket.close: "05fac55831999f25",
    Socket.check_ping_timeout: "ccddc110d9836176",
    Socket.schedule_ping: "fe316639159cd70d",
    Socket._send_ping: "21861287bd38dedc",
    engineio.Server._handle_connect: "049f7c2b2c239080",
    engineio.Server.send_packet: "81aec513663f11e1",
    engineio.Server.disconnect: "3f5faf6e405fe06b",
    engineio.Server._service_task: "9492b7b0d652907d",
    socketio.Server._send_packet: "3289b949be8cbb76",
    socketio.Server._send_eio_packet: "5fa452fb118c3565",
    socketio.Manager.get_participants: "7d78ad681c95de5b",
    # the end of a socket, and what is read from it
    AsyncWorker.handle_request: "913e17a9542aa70d",
    AsyncWorker.handle: "6eb3b127e6ba7e84",
    Connection.events: "e4d77be0bfef1af2",
}


def digest(thing):
    return hashlib.sha256(inspect.getsource(thing).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("thing", "known"), TOUCHED.items(), ids=lambda x: getattr(x, "__qualname__", "")
)
def test_the_library_is_the_one_we_know(thing, known):
    assert digest(thing) == known, (
        f"{thing.__module__}.{thing.__qualname__} has changed: see the docstring of {__name__}"
    )


def test_engine_io_takes_its_websocket_from_a_table_of_the_server():
    assert gevent._async["websocket"].__name__ == "WebSocketWSGI"
    server = engineio.Server(async_mode="gevent")
    assert server._async["websocket"] is gevent._async["websocket"]


def test_the_served_site_uses_our_driver_and_manager(tmp_path):
    settings = make_settings(tmp_path, mode="demo")
    create_app(settings)
    try:
        assert served.server.eio.async_mode == "gevent"
        assert served.server.eio._async["websocket"] is Driver
        assert gevent._async["websocket"] is not Driver, "other servers keep their own"
        assert isinstance(served.server.manager, RoomManager)
        assert served.server.eio.transports == ["websocket"]
        assert served.server.eio.max_http_buffer_size == 64 * 1024
        assert not served.server.async_handlers
    finally:
        create_app(make_settings(tmp_path))


def test_gunicorn_hands_over_the_bare_socket():
    """`environ["gunicorn.socket"]` is what its gevent worker has accepted."""
    config = Config()
    parser = IterUnreader(iter([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"]))
    request = Request(config, parser, ("127.0.0.1", 1))
    sock = object()
    environ = wsgi.default_environ(request, sock, config)
    assert environ["gunicorn.socket"] is sock


def test_gevents_sockets_never_block_underneath():
    """So their own socket's send() takes what fits and returns, and refuses once it is closed."""
    ours, theirs = socket.socketpair()
    send = ours._sock.send
    with Timeout(5), pytest.raises(BlockingIOError):
        while True:
            send(b"x" * 100_000)
    ours.close()
    theirs.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        send(b"x")

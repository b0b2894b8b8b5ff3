"""A real Socket.IO server on our driver, and clients at the other end of its sockets."""

import contextlib

import gevent
import socketio
from gevent import socket
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Pong, TextMessage

from app.realtime import driver
from app.realtime.manager import RoomManager
from app.realtime.server import Json
from tests.realtime.test_frames import asked, sent


class Engine:
    """The server; `connect()` gives a client that has said hello to Socket.IO."""

    def __init__(self, **options):
        self.server = socketio.Server(
            async_mode="gevent",
            client_manager=RoomManager(),
            transports=["websocket"],
            async_handlers=False,
            json=Json,
            max_http_buffer_size=1000,
            **options,
        )
        driver.install(self.server.eio)
        self.left = []
        self.server.on("connect", lambda sid, environ: None)
        self.server.on("disconnect", lambda sid, reason: self.left.append(sid))
        self.server.on("echo", lambda sid, words: words)
        self._ends = []

    def call(self, **changes):
        """A raw client, before it has said anything."""
        ours, theirs = socket.socketpair()
        self._ends += [ours, theirs]
        client = Client(theirs)
        environ = asked() | {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": "EIO=4&transport=websocket",
            "HTTP_UPGRADE": "websocket",
            "HTTP_CONNECTION": "Upgrade",
            driver.SOCKET: ours,
        }
        client.serving = gevent.spawn(self._serve, environ | changes, client)
        return client

    def connect(self):
        client = self.call()
        client.shake_hands()
        assert client.packet().startswith("0{")
        client.say("40")
        client.sid = Json.loads(client.packet()[2:])["sid"]
        return client

    def _serve(self, environ, client):
        def start_response(status, headers):
            client.status = status

        with contextlib.suppress(StopIteration):
            client.refusal = self.server.eio.handle_request(environ, start_response)
        environ[driver.SOCKET].close()

    def close(self):
        for end in self._ends:
            end.close()
        self.server.shutdown()


class Client:
    """One client; `packet()` is the next text or bytes, or a close code."""

    def __init__(self, sock):
        self.sock = sock
        self.status = self.refusal = None
        self._protocol = Connection(ConnectionType.CLIENT)
        self._got = self._read()

    def shake_hands(self):
        self.head = b""
        while b"\r\n\r\n" not in self.head:
            self.head += self.sock.recv(1)

    def say(self, data, opcode=1):
        self.sock.sendall(sent(opcode, data))

    def packet(self):
        return next(self._got)

    def packets(self):
        return list(self._got)

    def _read(self):
        whole = []
        while True:
            for event in self._protocol.events():
                if isinstance(event, CloseConnection):
                    yield event.code
                    return
                if isinstance(event, Pong):
                    yield event
                if isinstance(event, TextMessage | BytesMessage):
                    whole.append(event.data)
                    if event.message_finished:
                        yield type(event.data)().join(whole)
                        whole = []
            try:
                data = self.sock.recv(4096)
            except ConnectionResetError:
                return
            if not data:
                return
            self._protocol.receive_data(data)

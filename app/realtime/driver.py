"""Our WebSocket driver for engine.io under gevent, in the place of simple-websocket.

simple-websocket ignores how much `send` has sent, which corrupts a slow client's stream, and
compresses once per recipient. Here engine.io's queue and writer greenlet are replaced as well: an
`Outbox` writes every packet to the client's `Wire` at once. What this touches of engine.io's
insides is pinned by tests/realtime/test_contract.py.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from engineio.exceptions import EngineIOError
from engineio.packet import Packet

from app.realtime.frames import BadHandshake, Closed, Code, Pinged, Receiver, accept, frame
from app.realtime.limits import Allowance
from app.realtime.wire import Wire

SOCKET = "gunicorn.socket"
CHUNK = 64 * 1024

log = structlog.get_logger(__name__)
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def install(engine: Any) -> None:
    """Make this engine.io server use our driver. In threads (the tests) there are no sockets."""
    if engine.async_mode == "gevent":
        engine._async = engine._async | {"websocket": Driver}


def say_goodbye(engine: Any) -> None:
    """Close every connection: the server goes and comes again (1012), the browsers reconnect."""
    for connection in list(engine.sockets.values()):
        if isinstance(connection.queue, Outbox):
            connection.queue.wire.close(Code.SERVICE_RESTART)


class Outbox:
    """Stands in engine.io's `Socket.queue`: what is put goes out at once, in order."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def put(self, packet: Packet | None) -> None:
        """Send the packet; None ends the connection."""
        if packet is None:
            self.wire.close()
        else:
            self.wire.write(frame(packet.encode()))

    def join(self) -> None:
        """Nothing to wait for: a slow client never holds up who closes it."""


class Driver:
    """engine.io's `websocket`: called with a bound `Socket._websocket_handler` for a connection."""

    def __init__(self, handler: Any, server: Any) -> None:
        self._connection: Any = handler.__self__
        self._server = server

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Talk until one side leaves.

        Raises:
            StopIteration: the end; so gunicorn knows that the socket is used up.
        """
        sock = environ[SOCKET]
        if isinstance(sock, ssl.SSLSocket):
            raise RuntimeError("TLS ends before the application: put nginx in front of it")
        try:
            answer = accept(environ)
        except BadHandshake as problem:
            return self._refuse(str(problem), start_response)
        wire = Wire(sock)
        wire.write(answer)
        self._take_over(wire)
        sock.settimeout(self._server.ping_interval + self._server.ping_timeout)
        try:
            self._listen(sock, wire)
        finally:
            wire.forget()
            self._leave()
        raise StopIteration

    def _refuse(self, problem: str, start_response: StartResponse) -> Iterable[bytes]:
        self._leave()
        start_response(
            "400 Bad Request",
            [("Content-Type", "text/plain"), ("Sec-WebSocket-Version", "13")],
        )
        return [problem.encode()]

    def _take_over(self, wire: Wire) -> None:
        """Put an outbox in the place of the queue, and what has gathered there into it."""
        connection = self._connection
        gathered, connection.queue = connection.queue, Outbox(wire)
        while not gathered.empty():
            connection.queue.put(gathered.get())
        connection.connected = connection.upgraded = True

    def _listen(self, sock: Any, wire: Wire) -> None:
        receiver = Receiver(self._server.max_http_buffer_size)
        allowance = Allowance()
        while True:
            try:
                data = sock.recv(CHUNK)
            except OSError:  # silent for too long, or gone
                return wire.drop()
            if not data:
                return wire.drop()
            for received in receiver.feed(data):
                if isinstance(received, Closed):
                    return wire.close(received.code)
                if not allowance.take():
                    log.warning("a socket sends too much and is closed")
                    return wire.close(Code.POLICY)
                if isinstance(received, Pinged):
                    wire.pong(received.payload)
                elif not wire.is_closing and not self._hand_over(received):
                    return wire.close(Code.PROTOCOL_ERROR)

    def _hand_over(self, data: str | bytes) -> bool:
        """Give engine.io one packet. False when it makes no sense."""
        try:
            self._connection.receive(Packet(encoded_packet=data))
        except (EngineIOError, ValueError):
            return False
        return True

    def _leave(self) -> None:
        connection = self._connection
        connection.close(wait=False, abort=True, reason=self._server.reason.TRANSPORT_CLOSE)
        self._server.sockets.pop(connection.sid, None)

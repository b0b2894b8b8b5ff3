"""WebSocket frames (RFC 6455): what a server sends, and what it makes of a client's bytes.

Knows no socket and no engine.io. Frames out are ours, ten lines: made once for a whole room.
Bytes in go through wsproto, which checks fragments, masks, UTF-8, lengths and close codes. No
extension is ever agreed on: permessage-deflate would compress anew for every recipient and keep
100 kB a connection.
"""

from __future__ import annotations

import binascii
import struct
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.utilities import generate_accept_token

VERSION = "13"
FINAL = 0x80


class Opcode(IntEnum):
    """What a frame carries (RFC 6455, 5.2)."""

    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Code(IntEnum):
    """Why a connection is closed (RFC 6455, 7.4.1)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    NO_STATUS = 1005
    POLICY = 1008
    TOO_BIG = 1009
    SERVICE_RESTART = 1012


@dataclass(frozen=True)
class Pinged:
    """The client asks whether we live; the same bytes must come back."""

    payload: bytes


@dataclass(frozen=True)
class Closed:
    """The client closed, or broke the protocol; `code` goes back to it. Nothing comes after."""

    code: int


Received = str | bytes | Pinged | Closed


class BadHandshake(ValueError):
    """The request asks for no WebSocket that we can speak."""


def accept(environ: Mapping[str, str]) -> bytes:
    """The answer that turns this HTTP request into a WebSocket (RFC 6455, 4.2).

    Raises:
        BadHandshake: another version, or no key of 16 bytes.
    """
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != VERSION:
        raise BadHandshake("the version must be 13")
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip()
    try:
        is_whole = len(b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        is_whole = False
    if not is_whole:
        raise BadHandshake("the key must be 16 bytes in base64")
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + generate_accept_token(key.encode()) + b"\r\n\r\n"
    )


def frame(data: str | bytes) -> bytes:
    """A whole text or binary message in one unmasked frame."""
    if isinstance(data, str):
        return control(Opcode.TEXT, data.encode())
    return control(Opcode.BINARY, data)


def control(opcode: Opcode, payload: bytes) -> bytes:
    """One unfragmented frame of this kind."""
    size = len(payload)
    if size < 126:
        head = bytes((FINAL | opcode, size))
    elif size < 2**16:
        head = struct.pack("!BBH", FINAL | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", FINAL | opcode, 127, size)
    return head + payload


def close_frame(code: int) -> bytes:
    """The frame that says goodbye; a peer that gave no reason gets none."""
    return control(Opcode.CLOSE, b"" if code == Code.NO_STATUS else struct.pack("!H", code))


class Receiver:
    """Makes messages of a client's bytes. A message longer than `limit` bytes ends it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._protocol = Connection(ConnectionType.SERVER, extensions=[])
        self._parts: list[str] | list[bytes] = []
        self._size = 0
        self._is_closed = False

    def feed(self, data: bytes) -> Iterator[Received]:
        """What these bytes complete, in order."""
        if self._is_closed:
            return
        self._protocol.receive_data(data)
        for event in self._protocol.events():
            for received in self._take(event):
                yield received
                if isinstance(received, Closed):
                    self._is_closed = True
                    return

    def _take(self, event: Event) -> Iterator[Received]:
        match event:
            case TextMessage() | BytesMessage():
                yield from self._gather(event)
            case Ping():
                yield Pinged(bytes(event.payload))
            case CloseConnection():
                yield Closed(event.code)

    def _gather(self, event: TextMessage | BytesMessage) -> Iterator[Received]:
        part = event.data if isinstance(event.data, str) else bytes(event.data)
        self._size += len(part.encode() if isinstance(part, str) else part)
        if self._size > self._limit:
            yield Closed(Code.TOO_BIG)
            return
        self._parts.append(part)  # type: ignore[arg-type]  # wsproto never mixes the two
        if event.message_finished:
            whole = type(part)().join(self._parts)  # type: ignore[arg-type]
            self._parts, self._size = [], 0
            yield whole

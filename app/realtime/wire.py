"""The sending half of a WebSocket: never waits, keeps the order, forgets who does not listen.

A frame goes straight to the kernel. What the kernel does not take waits in the backlog, and a
greenlet of its own carries it on; a client that lets the backlog grow over `MAX_BACKLOG`, or
takes nothing for `STALL` seconds, is dropped and later catches up by its cursor.
"""

from __future__ import annotations

import socket
import struct
from collections import deque
from collections.abc import Iterable
from typing import Any

import gevent
from gevent.socket import wait_write

from app.realtime.frames import Code, Opcode, close_frame, control

# Decision: 8 MiB holds an evening's talk for a phone in a lift. The frames are shared by all
# who wait for them, so a room of sleepers costs little more than one.
MAX_BACKLOG = 8 * 1024 * 1024
STALL = 20
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: what the kernel still holds is thrown away


class Wire:
    """Writes whole frames to one client's gevent socket.

    `waiting` is how many bytes the client has not taken yet, the kernel's own buffer apart.
    """

    __slots__ = ("_backlog", "_limit", "_sock", "_stall", "is_closing", "send", "waiting")

    def __init__(self, sock: Any, limit: int = MAX_BACKLOG, stall: float = STALL) -> None:
        self._sock = sock
        # gevent's sockets never block underneath; its own send() would switch greenlets instead.
        self.send = sock._sock.send
        self._limit = limit
        self._stall = stall
        self._backlog: deque[bytes | memoryview] = deque()
        self.waiting = 0
        self.is_closing = False
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            # Without it the next small frame waits for the last one's acknowledgement: 48 ms.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        """Send these whole frames after all that were written before. Returns at once."""
        write_all((self,), data)

    def hold(self, data: bytes, sent: int) -> None:
        """Keep what the kernel has not taken of it, for later."""
        is_first = not self._backlog
        self._queue(memoryview(data)[sent:])
        if is_first:
            gevent.spawn(self._carry)

    def pong(self, payload: bytes) -> None:
        """Answer a ping."""
        self.write(control(Opcode.PONG, payload))

    def close(self, code: int = Code.NORMAL) -> None:
        """Say goodbye after what is still waiting, then send nothing more."""
        if self.is_closing:
            return
        self.write(close_frame(code))
        self.is_closing = True
        if not self._backlog:
            self._shut(socket.SHUT_WR)

    def drop(self) -> None:
        """End the connection now; whatever waits is lost to this client."""
        self.forget()
        try:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        except OSError:
            return  # it is closed already
        self._shut(socket.SHUT_RDWR)  # wakes the reader

    def forget(self) -> None:
        """Send nothing more: the socket is about to be closed."""
        self.is_closing = True
        self._backlog.clear()
        self.waiting = 0

    def _queue(self, data: bytes | memoryview) -> None:
        self._backlog.append(data)
        self.waiting += len(data)
        if self.waiting > self._limit:
            self.drop()

    def _carry(self) -> None:
        """Give the kernel the backlog as fast as the client takes it."""
        while self._backlog:
            try:
                wait_write(self._sock.fileno(), timeout=self._stall)
                if not self._backlog:
                    return  # dropped meanwhile
                sent = self.send(self._backlog[0])
            except BlockingIOError:
                continue
            except (OSError, ValueError):  # silent for too long, gone, or closed under our hands
                self.drop()
                return
            self.waiting -= sent
            if sent == len(self._backlog[0]):
                self._backlog.popleft()
            else:
                self._backlog[0] = memoryview(self._backlog[0])[sent:]
        if self.is_closing:
            self._shut(socket.SHUT_WR)

    def _shut(self, how: int) -> None:
        try:
            self._sock.shutdown(how)
        except OSError:
            return  # the client was quicker


def write_all(wires: Iterable[Wire], data: bytes) -> None:
    """Send these whole frames to everybody, after all that was written before. Returns at once.

    One loop with nothing in it: a message to five hundred spends most of its time here.
    """
    size = len(data)
    for wire in wires:
        if wire.is_closing:
            continue
        try:
            sent = 0 if wire.waiting else wire.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            wire.drop()
            continue
        if sent < size:
            wire.hold(data, sent)

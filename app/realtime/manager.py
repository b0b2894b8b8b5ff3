"""Socket.IO's client manager: encodes and frames once a room, then writes to every wire.

The stock manager encodes once a room too, but frames and switches greenlets once a recipient.
"""

from __future__ import annotations

from typing import Any

from engineio import packet as engine
from socketio import Manager, packet

from app.realtime.driver import Outbox
from app.realtime.frames import frame
from app.realtime.wire import Wire


class RoomManager(Manager):  # type: ignore[misc]  # socketio is untyped
    """Sends an event without a callback to whole rooms; the rest is as it was."""

    def __init__(self) -> None:
        super().__init__()
        # The wires of a room that was told something, until somebody enters or leaves it: to look
        # five hundred of them up anew takes as long as to write to a hundred.
        self._wires: dict[tuple[str, str], list[Wire]] = {}

    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: Any = None) -> None:
        """Put the socket in the room."""
        self._wires.pop((namespace, room), None)
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        """Take the socket out of the room."""
        self._wires.pop((namespace, room), None)
        super().basic_leave_room(sid, namespace, room)

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        *,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        **options: Any,
    ) -> None:
        """Tell everybody in `room` (one, or a list of them; None is the whole namespace)."""
        if callback is not None:  # a number of its own for every recipient
            super().emit(
                event, data, namespace, room, skip_sid=skip_sid, callback=callback, **options
            )
            return
        if skip_sid is None and isinstance(room, str):
            wires = self._wires_in(namespace, room)
            if wires:
                frames = _framed(self._packets(event, data, namespace))
                for wire in wires:
                    wire.write(frames)
            if wires is not None:
                return
        skipped = set(skip_sid) if isinstance(skip_sid, list) else {skip_sid}
        recipients = [
            engine_sid
            for sid, engine_sid in self.get_participants(namespace, room)
            if sid not in skipped
        ]
        if recipients:
            self._send(self._packets(event, data, namespace), recipients)

    def _wires_in(self, namespace: str, room: str) -> list[Wire] | None:
        """The wires of everybody in the room; None when one of them has none of ours."""
        known = self._wires.get((namespace, room))
        if known is not None:
            return known
        sockets = self.server.eio.sockets
        wires: list[Wire] = []
        for _sid, engine_sid in self.get_participants(namespace, room):
            connection = sockets.get(engine_sid)
            if connection is None or not isinstance(connection.queue, Outbox):
                return None
            wires.append(connection.queue.wire)
        if wires:
            self._wires[namespace, room] = wires
        return wires

    def _packets(self, event: str, data: Any, namespace: str) -> list[engine.Packet]:
        """More than one when there are binary attachments."""
        arguments = list(data) if isinstance(data, tuple) else [data][: data is not None]
        made = self.server.packet_class(
            packet.EVENT, namespace=namespace, data=[event, *arguments]
        ).encode()
        return [
            engine.Packet(engine.MESSAGE, part)
            for part in (made if isinstance(made, list) else [made])
        ]

    def _send(self, packets: list[engine.Packet], recipients: list[str]) -> None:
        frames = _framed(packets)
        sockets = self.server.eio.sockets
        for engine_sid in recipients:
            connection = sockets.get(engine_sid)
            outbox = connection.queue if connection is not None else None
            if isinstance(outbox, Outbox):
                outbox.wire.write(frames)
            else:  # another driver, or the tests' client
                for part in packets:
                    self.server._send_eio_packet(engine_sid, part)


def _framed(packets: list[engine.Packet]) -> bytes:
    return b"".join(frame(part.encode()) for part in packets)

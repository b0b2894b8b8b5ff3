"""Socket.IO's client manager: encodes and frames once a room, then writes to every wire.

The stock manager encodes once a room too, but frames and switches greenlets once a recipient.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from engineio import packet as engine
from socketio import Manager, packet

from app.realtime.driver import Outbox
from app.realtime.frames import frame
from app.realtime.wire import Wire, write_all

CROWD = 10
"""From so many on the wires of a room are kept between its events."""


class Recipients(NamedTuple):
    """Wires, and the engine.io sids of those who have another driver (the tests' client)."""

    wires: list[Wire]
    others: list[str]

    def __bool__(self) -> bool:
        return bool(self.wires or self.others)


class RoomManager(Manager):  # type: ignore[misc]  # socketio is untyped
    """Sends an event without a callback to whole rooms; the rest is as it was."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[str, str], Recipients] = {}

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
        recipients = (
            self._whole(namespace, room)
            if isinstance(room, str) and not skip_sid  # every message to a chat
            else self._some(namespace, room, skip_sid)
        )
        if recipients:
            self._send(self._packets(event, data, namespace), recipients)

    def basic_enter_room(
        self, sid: str, namespace: str, room: Any, eio_sid: str | None = None
    ) -> None:
        """Somebody hears the room from now on."""
        self._known.pop((namespace, room), None)
        super().basic_enter_room(sid, namespace, room, eio_sid)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        """Somebody hears it no more."""
        self._known.pop((namespace, room), None)
        super().basic_leave_room(sid, namespace, room)

    def _whole(self, namespace: str, room: str) -> Recipients:
        """Everybody in the room; looked up once while nobody comes or goes."""
        known = self._known.get((namespace, room))
        if known is None:
            known = self._found(self.rooms.get(namespace, {}).get(room, {}).values())
            if len(known.wires) >= CROWD and not known.others:
                self._known[namespace, room] = known
        return known

    def _some(self, namespace: str, room: Any, skip_sid: Any) -> Recipients:
        skipped = set(skip_sid) if isinstance(skip_sid, list) else {skip_sid}
        return self._found(
            engine_sid
            for sid, engine_sid in self.get_participants(namespace, room)
            if sid not in skipped
        )

    def _found(self, engine_sids: Iterable[str]) -> Recipients:
        found = Recipients([], [])
        for engine_sid in engine_sids:
            connection = self.server.eio.sockets.get(engine_sid)
            outbox = connection.queue if connection is not None else None
            if isinstance(outbox, Outbox):
                found.wires.append(outbox.wire)
            else:
                found.others.append(engine_sid)
        return found

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

    def _send(self, packets: list[engine.Packet], recipients: Recipients) -> None:
        write_all(recipients.wires, b"".join(frame(part.encode()) for part in packets))
        for engine_sid in recipients.others:
            for part in packets:
                self.server._send_eio_packet(engine_sid, part)

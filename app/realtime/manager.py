"""Socket.IO's client manager: encodes and frames once a room, then writes to every wire.

The stock manager encodes once a room too, but frames and switches greenlets once a recipient.
"""

from __future__ import annotations

from typing import Any

from engineio import packet as engine
from socketio import Manager, packet

from app.realtime.driver import Outbox
from app.realtime.frames import frame


class RoomManager(Manager):  # type: ignore[misc]  # socketio is untyped
    """Sends an event without a callback to whole rooms; the rest is as it was."""

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
        skipped = set(skip_sid) if isinstance(skip_sid, list) else {skip_sid}
        recipients = [
            engine_sid
            for sid, engine_sid in self.get_participants(namespace, room)
            if sid not in skipped
        ]
        if recipients:
            self._send(self._packets(event, data, namespace), recipients)

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
        frames = b"".join(frame(part.encode()) for part in packets)
        sockets = self.server.eio.sockets
        for engine_sid in recipients:
            connection = sockets.get(engine_sid)
            outbox = connection.queue if connection is not None else None
            if isinstance(outbox, Outbox):
                outbox.wire.write(frames)
            else:  # another driver, or the tests' client
                for part in packets:
                    self.server._send_eio_packet(engine_sid, part)

"""The Socket.IO server object and its settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from flask import Flask
from flask_socketio import SocketIO

from app.core.config import Settings
from app.realtime import driver
from app.realtime.manager import RoomManager

NAMESPACE = "/"
MAX_EVENT_BYTES = 64 * 1024
socketio = SocketIO()


class Json:
    """JSON for Socket.IO by orjson: Cyrillic stays UTF-8, two thirds of the escaped size."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return orjson.loads(text)


def is_anyone_in(room: str) -> bool:
    """Whether a socket of this process hears the room: what nobody hears need not be made."""
    return room in _rooms()


def count_in(room: str) -> int:
    """How many sockets of this process hear the room."""
    return len(_rooms().get(room, ()))


def sockets_in(room: str) -> list[str]:
    """The sockets of this process that hear the room."""
    return list(_rooms().get(room, ()))


def _rooms() -> Mapping[str, Collection[str]]:
    rooms: Mapping[str, Collection[str]] = socketio.server.manager.rooms.get(NAMESPACE, {})
    return rooms


def say_goodbye() -> None:
    """The process is asked to end: nobody waits until it is killed."""
    driver.say_goodbye(socketio.server.eio)


def install(app: Flask, settings: Settings) -> None:
    """Serve sockets to pages of this site only, over WebSocket only.

    The one allowed origin is fixed by the settings: left to itself, engine.io would also believe
    X-Forwarded-Host.
    """
    socketio.init_app(
        app,
        async_mode="threading" if app.testing else None,
        cors_allowed_origins=[settings.base_url],
        transports=["websocket"],
        allow_upgrades=False,
        http_compression=False,
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=MAX_EVENT_BYTES,
        manage_session=False,
        json=Json,
        # A client's events are handled one after another, in its own reading greenlet.
        async_handlers=False,
        client_manager=RoomManager(),
    )
    driver.install(socketio.server.eio)

"""The Socket.IO server object and its settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from flask import Flask
from flask_socketio import SocketIO

from app.core.config import Settings

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


class WholeSends:
    """A socket whose `send` sends everything, one caller at a time.

    simple-websocket ignores how much `send` has sent. Under gevent that is often a part, and the
    next frame would begin inside the last one (performance notes, 1): a slow phone is enough.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._lock = threading.Lock()

    def send(self, data: bytes) -> int:
        with self._lock:
            self._sock.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class PlainFrames:
    """WSGI middleware: whole sends, and no permessage-deflate.

    Compression would be done anew for every recipient and costs 100 kB a connection.
    """

    SOCKETS = ("gunicorn.socket", "werkzeug.socket")

    def __init__(self, wsgi: Callable[..., Iterable[bytes]]) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            for name in self.SOCKETS:
                if name in environ:
                    environ[name] = WholeSends(environ[name])
        return self._wsgi(environ, start_response)


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
    )
    # mypy: assigning to a method is how WSGI middleware is installed in Flask.
    app.wsgi_app = PlainFrames(app.wsgi_app)  # type: ignore[method-assign]

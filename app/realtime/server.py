"""The Socket.IO server object and its settings."""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO

from app.core.config import Settings

socketio = SocketIO()


def install(app: Flask, settings: Settings) -> None:
    """Serve sockets to pages of this site only, over WebSocket only."""
    socketio.init_app(
        app,
        async_mode="threading" if app.testing else None,
        cors_allowed_origins=[settings.base_url],
        transports=["websocket"],
        manage_session=False,
    )

"""All page modules: importing them registers their routes on the blueprint."""

from __future__ import annotations

from flask import Flask

from app.journal import (
    chats,
    classes,
    connect,
    diary_requests,
    home,
    people,
    personal,
    shell,
    sign_in,
)

PAGES = (chats, classes, connect, diary_requests, home, people, personal)


def install(app: Flask) -> None:
    """Sign-in, the frame, and (by this module's imports) the pages."""
    sign_in.install(app)
    shell.install(app)

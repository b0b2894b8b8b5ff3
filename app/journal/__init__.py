"""The journal's pages: a file is a menu item, with its routes and its query."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Load the pages (their routes register on the blueprint), sign-in and the frame."""
    from app.journal import chats, classes, home, personal, shell, sign_in  # noqa: F401

    sign_in.install(app)
    shell.install(app)

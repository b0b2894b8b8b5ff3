"""What ending a link would close, by the same rules that opened it."""

from __future__ import annotations

from flask import Flask

from app.linking.unlinking import CONSEQUENCES_KEY
from app.membership.seats import chats_of


def install(app: Flask) -> None:
    """Let `linking` ask without importing this room."""
    app.extensions[CONSEQUENCES_KEY] = closing_chats


def closing_chats(person_id: int) -> list[str]:
    """Titles («Чат с родителями · 7А») of the automatic chats where the person sits."""
    return [
        f"{chat.title} · {chat.label}" if chat.shows_label else chat.title
        for chat in chats_of(person_id)
    ]

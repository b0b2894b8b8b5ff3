"""Names of Socket.IO rooms. A room is a way to reach sockets, never a permission."""

from __future__ import annotations


def chat_room(public_id: str, language: str) -> str:
    """Sockets that have this chat open, by language: a fragment's words are in one language."""
    return f"chat:{public_id}:{language}"


def call_room(public_id: str) -> str:
    """Windows that are in this call."""
    return f"call:{public_id}"


def person_room(profile_id: int) -> str:
    """All windows of one profile."""
    return f"person:{profile_id}"


def session_room(session_id: int) -> str:
    """All windows of one browser."""
    return f"session:{session_id}"

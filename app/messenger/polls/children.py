"""Whose children a chat is about.

The messenger knows profiles, not the school: `membership` installs the answer (`install`); without
it no chat counts by children.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app

KEY = "svyazka.children"


@dataclass(frozen=True)
class Child:
    """A child of a guardian: a key that is the same for all its guardians, and its name."""

    key: str
    name: str


class Children(Protocol):
    """What `membership` knows."""

    def counts(self, chat_id: int) -> bool:
        """Whether votes in this chat may be counted by children: a chat with parents of a class."""

    def of(self, chat_id: int, profile_id: int) -> tuple[Child, ...]:
        """The children in that class whose guardian this profile is now."""


def install(app: Flask, children: Children) -> None:
    """Let polls ask without importing the school."""
    app.extensions[KEY] = children


def counts_children(chat_id: int) -> bool:
    """Whether a poll of this chat may give one vote a child."""
    known: Children | None = current_app.extensions.get(KEY)
    return known is not None and known.counts(chat_id)


def children_of(chat_id: int, profile_id: int) -> tuple[Child, ...]:
    """The children for whom this profile votes in the chat."""
    known: Children | None = current_app.extensions.get(KEY)
    return known.of(chat_id, profile_id) if known is not None else ()

"""What unlinking will do, asked of the room above: membership puts its answer into the slot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

KEY = "svyazka.consequences"


@dataclass(frozen=True)
class Heir:
    """Who may take a chat over."""

    public_id: str
    name: str


@dataclass(frozen=True)
class HandOver:
    """A chat that the person alone leads. Without heirs it goes to the archive."""

    public_id: str
    title: str
    heirs: tuple[Heir, ...]


@dataclass(frozen=True)
class Consequences:
    """Titles of the chats that close, and the chats that somebody else must lead.

    `closing` are the school's own chats; `by_hand` those that people made, direct ones too.
    Decision: only their owner reads the titles of the latter; an administrator sees how many.
    """

    closing: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    handed_over: tuple[HandOver, ...] = ()


def consequences_of(person_id: int) -> Consequences:
    """What ending the person's link would do. A site without membership has nothing to say."""
    ask: Callable[[int], Consequences] | None = current_app.extensions.get(KEY)
    return ask(person_id) if ask else Consequences()

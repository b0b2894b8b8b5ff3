"""Reactions: one a person and message, from a closed set; another one takes its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Select, bindparam, delete, insert, select

from app.core import clock
from app.core.db import ask
from app.core.errors import Invalid
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.messages.changing import mark_changed
from app.messenger.messages.finding import living
from app.messenger.messages.models import Message, Reaction

# Decision: a closed set. Free emoji would let children vote with what hurts.
CHOICE = ("👍", "❤️", "😂", "😮", "😢", "🎉", "👏", "🙏")
NAMED = 3


@dataclass(frozen=True)
class ReactionView:
    """One emoji under a message: whose (public ids), and the names of the first few."""

    emoji: str
    by: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.by)

    @property
    def unnamed(self) -> int:
        """How many stand behind «и ещё»."""
        return len(self.by) - len(self.names)


@dataclass(frozen=True)
class Reacted:
    """A person and what they think of a message."""

    public_id: str
    name: str
    emoji: str


def react(profile_id: int, chat: str, client_id: str, emoji: str) -> int:
    """Set this member's reaction (an empty one takes it back); returns the message's id.

    Raises:
        Missing: no such chat or message. Denied: no member any more. Invalid: not of the set.
    """
    if emoji and emoji not in CHOICE:
        raise Invalid(lazy_gettext("Такой реакции нет. Выберите другую."))
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        own.require(Action.WRITE)
        message = living(own, client_id)
        mine = (Reaction.message_id == message.id, Reaction.profile_id == profile_id)
        before = session.scalar(select(Reaction.emoji).where(*mine).with_for_update())
        if (before or "") == emoji:
            return message.id
        session.execute(delete(Reaction).where(*mine))
        if emoji:
            session.execute(
                insert(Reaction).values(
                    message_id=message.id, profile_id=profile_id, emoji=emoji, at=clock.now()
                )
            )
        mark_changed(own.id, [message.id], is_quiet=True)
        return message.id


def reactions_to(
    message_ids: Sequence[int], until: dt.datetime | None = None
) -> dict[int, tuple[ReactionView, ...]]:
    """Reactions to each of these messages, the earliest first; one query, none for no message."""
    if not message_ids:
        return {}
    found: dict[int, dict[str, list[Reacted]]] = {}
    for message_id, reacted in _rows(message_ids, until):
        found.setdefault(message_id, {}).setdefault(reacted.emoji, []).append(reacted)
    return {
        message_id: tuple(
            ReactionView(
                emoji,
                tuple(one.public_id for one in people),
                tuple(one.name for one in people[:NAMED]),
            )
            for emoji, people in by_emoji.items()
        )
        for message_id, by_emoji in found.items()
    }


def who_reacted(own: OwnChat, message: Message) -> list[Reacted]:
    """Everybody who reacted, the earliest first.

    Raises:
        Denied: the asking member has left the chat.
    """
    own.require(Action.SEE_MEMBERS)
    return [reacted for _message, reacted in _rows([message.id], None)]


def _rows(message_ids: Sequence[int], until: dt.datetime | None) -> list[tuple[int, Reacted]]:
    query, values = _query(), {"messages": list(message_ids)}
    if until is not None:
        query = query.where(Reaction.at <= until)
    return [
        (row.message_id, Reacted(row.public_id, f"{row.given_name} {row.family_name}", row.emoji))
        for row in ask(query, values)
    ]


@cache
def _query() -> Select[*tuple[Any, ...]]:
    """Built once: every message that is shown asks."""
    return (
        select(
            Reaction.message_id,
            Reaction.emoji,
            Profile.public_id,
            Profile.given_name,
            Profile.family_name,
        )
        .join(Profile, Profile.id == Reaction.profile_id)
        .where(Reaction.message_id.in_(bindparam("messages", expanding=True)))
        .order_by(Reaction.at, Reaction.profile_id)
    )

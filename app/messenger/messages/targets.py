"""Chats that a message may be forwarded to: those where the profile may write."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.messenger.chats import listing
from app.messenger.chats.models import Chat, Member


@dataclass(frozen=True)
class Target:
    """A chat to forward to."""

    public_id: str
    title: str
    label: str


def targets_of(profile_id: int) -> list[Target]:
    """Living chats of the profile, in the order of the list; two queries.

    Sending asks again whether it may write there.
    """
    living = set(
        db.session.scalars(
            select(Chat.public_id)
            .join(Member, Member.chat_id == Chat.id)
            .where(
                Member.profile_id == profile_id,
                Member.left_at.is_(None),
                Chat.archived_at.is_(None),
                Chat.frozen.is_(None),
            )
        )
    )
    return [
        Target(row.public_id, row.title, row.label)
        for row in listing.rows_of(profile_id)
        if row.public_id in living
    ]

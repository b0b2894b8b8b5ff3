"""Who of a chat is here now: for those who are in it too, and for nobody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.messenger.chats.lookup import OwnChat
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import Action, ChatKind
from app.messenger.presence import presence


@dataclass(frozen=True)
class Seen:
    """How many others are here; in a direct chat also when the other one was last seen."""

    here: int
    is_direct: bool
    last_seen: dt.datetime | None


def seen_in(own: OwnChat) -> Seen:
    """Who is here now; one query.

    Raises:
        Denied: the asking member has left the chat.
    """
    own.require(Action.SEE_MEMBERS)
    others = db.session.scalars(
        select(Member.profile_id).where(
            Member.chat_id == own.id,
            Member.left_at.is_(None),
            Member.profile_id != own.profile_id,
        )
    ).all()
    is_direct = own.member.kind is ChatKind.DIRECT
    last = presence.last_seen(others[0]) if is_direct and len(others) == 1 else None
    return Seen(len(presence.here(others)), is_direct, last)


def direct_chats_of(profile_id: int) -> list[str]:
    """Public ids of the direct chats where somebody waits to see this profile come."""
    return list(
        db.session.scalars(
            select(Chat.public_id)
            .join(Member, Member.chat_id == Chat.id)
            .where(
                Member.profile_id == profile_id,
                Member.left_at.is_(None),
                Chat.kind == ChatKind.DIRECT,
            )
        )
    )

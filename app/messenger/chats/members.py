"""Changing who is in a chat: grant, revise, revoke. Core statements, for whole classes at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.transaction import publish, writing
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import MemberRole
from app.messenger.facts import MembersChanged


@dataclass(frozen=True)
class Place:
    """What a membership says of its profile."""

    role: MemberRole
    shows_label: bool = False


def grant(chat_id: int, places: Mapping[int, Place]) -> None:
    """Make these profiles (id -> place) members, or revise the place of those who are.

    Those who had left come back, with everything since unread to them being read history.
    """
    if not places:
        return
    with writing() as session:
        known = {
            row.profile_id: row
            for row in session.execute(
                select(Member.id, Member.profile_id, Member.left_at).where(
                    Member.chat_id == chat_id, Member.profile_id.in_(list(places))
                )
            )
        }
        last_seq, texts_count = session.execute(
            select(Chat.last_seq, Chat.texts_count).where(Chat.id == chat_id)
        ).one()
        new = [
            {
                "chat_id": chat_id,
                "profile_id": profile,
                "role": place.role,
                "shows_label": place.shows_label,
                "joined_at": clock.now(),
                "texts_read": texts_count,
                "read_seq": last_seq,
                "joined_seq": last_seq,
            }
            for profile, place in places.items()
            if profile not in known
        ]
        if new:
            session.execute(db.insert(Member), new)
        for profile, row in known.items():
            back: dict[str, int | None] = {}
            if row.left_at is not None:
                back = {
                    "left_at": None,
                    "left_seq": None,
                    "was_removed": False,
                    "texts_read": texts_count,
                    "read_seq": last_seq,
                    "joined_seq": last_seq,
                }
            session.execute(
                update(Member)
                .where(Member.id == row.id)
                .values(role=places[profile].role, shows_label=places[profile].shows_label, **back)
            )
        came = {profile for profile in places if profile not in known}
        came |= {profile for profile, row in known.items() if row.left_at is not None}
        if came:
            publish(MembersChanged(chat_id, joined=tuple(sorted(came)), left=()))


def revoke(chat_id: int, profile_ids: Collection[int]) -> None:
    """End these memberships: history up to now stays readable, nothing new arrives."""
    if not profile_ids:
        return
    with writing() as session:
        session.execute(
            update(Member)
            .where(
                Member.chat_id == chat_id,
                Member.profile_id.in_(list(profile_ids)),
                Member.left_at.is_(None),
            )
            .values(
                left_at=clock.now(),
                left_seq=select(Chat.last_seq).where(Chat.id == chat_id).scalar_subquery(),
                unread_mentions=0,
            )
        )
        publish(MembersChanged(chat_id, joined=(), left=tuple(sorted(profile_ids))))

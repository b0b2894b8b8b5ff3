"""Chats that no rule fills, when a school no longer (or again) confirms somebody's role.

Decision: chats made by hand and direct chats are for people whose role a school confirms. Who
loses the last role leaves them at once and comes back with it; a chat led by nobody else gets
another leader first, and one with nobody left goes to the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, update

from app.core import audit, clock
from app.core.db import db
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.messenger.chats import members
from app.messenger.chats.members import Place
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.chats.titles import Peer, is_peer, shown_title
from app.messenger.people import ConfirmedRole

BY_HAND = (ChatKind.MANUAL, ChatKind.DIRECT)
LEADERS = (MemberRole.CREATOR, MemberRole.ADMINISTRATOR)
STAFF = {"teacher", "administrator"}


@dataclass(frozen=True)
class Heir:
    """Somebody who may lead a chat instead."""

    profile_id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class HandOver:
    """A chat that one person alone leads, and who may take it over: the likeliest first."""

    chat_id: int
    public_id: str
    title: str
    heirs: tuple[Heir, ...]


def chats_by_hand(profile_id: int) -> Sequence[str]:
    """Titles of the chats made by hand, and of direct ones, that the profile is in."""
    return db.session.scalars(
        select(shown_title())
        .join(Member, Member.chat_id == Chat.id)
        .outerjoin(Peer, is_peer(Member.profile_id))
        .where(Member.profile_id == profile_id, Member.left_at.is_(None), Chat.kind.in_(BY_HAND))
        .order_by(shown_title())
    ).all()


def led_alone(profile_id: int) -> list[HandOver]:
    """Living chats made by hand that no other grown-up leads."""
    other_leader = _grown_up_leaders(profile_id).where(Member.chat_id == Chat.id).correlate(Chat)
    rows = db.session.execute(
        select(Chat.id, Chat.public_id, Chat.title)
        .join(Member, Member.chat_id == Chat.id)
        .where(
            Member.profile_id == profile_id,
            Member.left_at.is_(None),
            Member.role.in_(LEADERS),
            Chat.kind == ChatKind.MANUAL,
            Chat.archived_at.is_(None),
            ~other_leader.exists(),
        )
        .order_by(Chat.title, Chat.id)
    )
    return [HandOver(row.id, row.public_id, row.title, _heirs(row.id, profile_id)) for row in rows]


def suspend(profile_id: int, heirs: Mapping[str, str] | None = None) -> None:
    """Take the profile out of these chats; it keeps what it has read and its way back.

    `heirs` says who leads instead (public id of the chat -> of the profile); without a word, or
    with somebody who may not, the likeliest heir does.
    """
    with writing() as session:
        alone = led_alone(profile_id)
        rows = session.execute(
            select(Member.id, Member.chat_id, Member.role, Chat.kind)
            .join(Chat, Chat.id == Member.chat_id)
            .where(
                Member.profile_id == profile_id, Member.left_at.is_(None), Chat.kind.in_(BY_HAND)
            )
        ).all()
        for row in rows:
            session.execute(
                update(Member)
                .where(Member.id == row.id)
                .values(suspended_role=row.role, role=MemberRole.MEMBER)
            )
            members.revoke(row.chat_id, [profile_id])
        # Archived after it was left: by this, and not by hand before (`resume` tells by that).
        for chat in alone:
            _hand_over(chat, (heirs or {}).get(chat.public_id, ""))
        for row in rows:
            if row.kind is ChatKind.MANUAL and row.role is MemberRole.CREATOR:
                _promote_administrator(row.chat_id)


def resume(profile_id: int) -> None:
    """Bring the profile back to the chats it was suspended from.

    Decision: who led a chat alone leads it again as an administrator beside the heir, or as its
    creator when nobody took it over.
    """
    with writing() as session:
        rows = session.execute(
            select(Member.id, Member.chat_id, Member.suspended_role, Member.left_at).where(
                Member.profile_id == profile_id, Member.suspended_role.is_not(None)
            )
        ).all()
        for row in rows:
            role = row.suspended_role
            if role is MemberRole.CREATOR and _has_creator(row.chat_id):
                role = MemberRole.ADMINISTRATOR
            elif role is MemberRole.CREATOR:
                session.execute(
                    update(Chat)
                    .where(Chat.id == row.chat_id, Chat.archived_at >= row.left_at)
                    .values(archived_at=None)
                )
            members.grant(row.chat_id, {profile_id: Place(role)})
            session.execute(update(Member).where(Member.id == row.id).values(suspended_role=None))


def _grown_up_leaders(besides: int) -> Select[int]:
    """Who leads a chat now and is no pupil, the longest there first.

    Decision: a pupil may help to lead a chat, and is never left as the only one to answer for it
    while there is a grown-up in it.
    """
    return (
        select(Member.id)
        .join(ConfirmedRole, ConfirmedRole.profile_id == Member.profile_id)
        .where(
            Member.left_at.is_(None),
            Member.role.in_(LEADERS),
            Member.profile_id != besides,
            ConfirmedRole.role != "pupil",
        )
        .order_by(Member.joined_at, Member.id)
    )


def _promote_administrator(chat_id: int) -> None:
    """The creator has left others to lead: the longest-standing of them is its creator now."""
    if _has_creator(chat_id):
        return
    heir = db.session.scalar(_grown_up_leaders(0).where(Member.chat_id == chat_id).limit(1))
    if heir is not None:
        db.session.execute(update(Member).where(Member.id == heir).values(role=MemberRole.CREATOR))


def _hand_over(chat: HandOver, wanted: str) -> None:
    heir = next((heir for heir in chat.heirs if heir.public_id == wanted), None)
    heir = heir or next(iter(chat.heirs), None)
    if heir is None:
        db.session.execute(
            update(Chat).where(Chat.id == chat.chat_id).values(archived_at=clock.now())
        )
    else:
        db.session.execute(
            update(Member)
            .where(Member.chat_id == chat.chat_id, Member.profile_id == heir.profile_id)
            .values(role=MemberRole.CREATOR)
        )
    audit.note(
        actor="system",
        action="chat.handed_over" if heir else "chat.archived",
        subject=f"chat:{chat.public_id}",
        to=heir.public_id if heir else "",
    )


def _heirs(chat_id: int, leaver_id: int) -> tuple[Heir, ...]:
    """Other members: staff, then other adults, then (when there are none) pupils.

    Administrators of the chat come first among equals, then who has been there longest.
    """
    rows = db.session.execute(
        select(Profile.id, Profile.public_id, Profile.given_name, Profile.family_name, Member.role)
        .join(Member, Member.profile_id == Profile.id)
        .where(Member.chat_id == chat_id, Member.left_at.is_(None), Member.profile_id != leaver_id)
        .order_by(Member.joined_at, Member.id)
    ).all()
    roles: dict[int, set[str]] = {row.id: set() for row in rows}
    for role in db.session.execute(
        select(ConfirmedRole.profile_id, ConfirmedRole.role).where(
            ConfirmedRole.profile_id.in_(roles)
        )
    ):
        roles[role.profile_id].add(role.role)

    def rank(profile_id: int) -> int:
        own = roles[profile_id]
        return 0 if own & STAFF else 1 if "guardian" in own else 2

    adults = [row for row in rows if rank(row.id) < 2]
    return tuple(
        Heir(row.id, row.public_id, f"{row.given_name} {row.family_name}")
        for row in sorted(adults or rows, key=lambda row: (rank(row.id), row.role not in LEADERS))
    )


def _has_creator(chat_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(Member.id)
            .where(
                Member.chat_id == chat_id,
                Member.left_at.is_(None),
                Member.role == MemberRole.CREATOR,
            )
            .limit(1)
        )
    )

"""Choosing people for a chat made by hand: finding them, and looking up who was chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.identity.profiles import Profile
from app.messenger import reach
from app.messenger.chats.company import Person
from app.messenger.chats.models import Member
from app.messenger.people import ConfirmedRole
from app.messenger.reach import Acquaintance
from app.messenger.safety import Act

MOST_CHOSEN = 500


@dataclass(frozen=True, kw_only=True)
class Pick:
    """Somebody who was chosen."""

    id: int
    public_id: str
    name: str


def found(by: int, text: str, besides: int | None = None) -> list[Acquaintance]:
    """People whom `by` may add, whose names begin so; without the members of chat `besides`."""
    left_out = () if besides is None else members_of(besides)
    return reach.acquaintances(by, Act.ADD, text, besides=left_out)


def picked(by: int, public_ids: Iterable[str]) -> list[Pick]:
    """Those of `public_ids` whom `by` may add, each once; others are silently absent."""
    rows = db.session.execute(
        select(
            Profile.id,
            Profile.public_id,
            Profile.given_name,
            Profile.patronymic,
            Profile.family_name,
        )
        .where(Profile.public_id.in_(set(public_ids)))
        .order_by(Profile.family_name, Profile.given_name, Profile.id)
    ).all()
    allowed = reach.reachable(by, Act.ADD, [row.id for row in rows]) if rows else set()
    return [
        Pick(
            id=row.id,
            public_id=row.public_id,
            name=" ".join(
                part for part in (row.family_name, row.given_name, row.patronymic) if part
            ),
        )
        for row in rows
        if row.id in allowed
    ]


def persons(profile_ids: Collection[int]) -> dict[int, Person]:
    """What schools confirmed of these profiles, by one query."""
    confirmed: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in db.session.execute(
        select(ConfirmedRole.profile_id, ConfirmedRole.school_key, ConfirmedRole.role).where(
            ConfirmedRole.profile_id.in_(list(profile_ids))
        )
    ):
        confirmed[row.profile_id].add((row.school_key, row.role))
    return {key: Person(frozenset(confirmed[key])) for key in profile_ids}


def present_in(chat_id: int) -> dict[int, Person]:
    """The members of now, as children's safety sees them."""
    return persons(members_of(chat_id))


def members_of(chat_id: int) -> list[int]:
    """Profiles that are in the chat now."""
    return list(
        db.session.scalars(
            select(Member.profile_id).where(Member.chat_id == chat_id, Member.left_at.is_(None))
        )
    )

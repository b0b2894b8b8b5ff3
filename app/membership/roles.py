"""Roles that a school confirms for linked profiles: all that the messenger knows of the school."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from app.core.db import db
from app.identity.profiles import Profile
from app.messenger.people import ConfirmedRole
from app.school.people import PersonRole, School


@dataclass(frozen=True)
class Confirmed:
    """Profiles (ids) that lost their last role anywhere, those that have one here anew, and all
    whose roles changed.
    """

    lost: tuple[int, ...]
    gained: tuple[int, ...]
    changed: frozenset[int]


def confirm(school: School, profiles: dict[int, int]) -> Confirmed:
    """Write the roles of linked profiles (person id -> profile id) as the school says.

    Within `writing()`.
    """
    want: set[tuple[int, str]] = set()
    for person_id, role in db.session.execute(
        select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(profiles))
    ):
        want.add((profiles[person_id], role.value))
    have = {
        (row.profile_id, row.role): row.id
        for row in db.session.execute(
            select(ConfirmedRole.id, ConfirmedRole.profile_id, ConfirmedRole.role).where(
                ConfirmedRole.school_key == school.public_id
            )
        )
    }
    gone = [row_id for pair, row_id in have.items() if pair not in want]
    if gone:
        db.session.execute(delete(ConfirmedRole).where(ConfirmedRole.id.in_(gone)))
    new = [
        {
            "profile_id": profile,
            "role": role,
            "school_key": school.public_id,
            "school_name": school.name,
        }
        for profile, role in sorted(want - have.keys())
    ]
    if new:
        db.session.execute(insert(ConfirmedRole), new)
    changed = {profile for profile, _role in want ^ have.keys()}
    # Two schools may end a profile's last two roles at once: the second waits and sees the first.
    db.session.execute(
        select(Profile.id).where(Profile.id.in_(changed)).order_by(Profile.id).with_for_update()
    )
    still = set(
        db.session.scalars(
            select(ConfirmedRole.profile_id).where(ConfirmedRole.profile_id.in_(changed))
        )
    )
    had = {profile for profile, _role in have}
    return Confirmed(
        lost=tuple(sorted(changed - still)),
        gained=tuple(sorted((changed & still) - had)),
        changed=frozenset(changed),
    )

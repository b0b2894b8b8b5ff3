"""How many people of each class have linked their profile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.core.db import db
from app.linking.links import Link
from app.school.accounts import Account
from app.school.classes import ClassKind, Enrolment, SchoolClass, Teaching
from app.school.people import Guardianship, Person


@dataclass(frozen=True)
class Share:
    """`linked` of `total` people."""

    linked: int
    total: int


@dataclass(frozen=True)
class Coverage:
    """A class's row of the report."""

    class_name: str
    pupils: Share
    parents: Share
    staff: Share


def coverage_of(school_id: int, class_ids: Collection[int] | None = None) -> list[Coverage]:
    """A row a homeroom class (only `class_ids`, when given), by four queries."""
    query = (
        select(SchoolClass.id, SchoolClass.name)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.kind == ClassKind.HOMEROOM,
            SchoolClass.closed_on.is_(None),
        )
        .order_by(SchoolClass.grade, SchoolClass.name)
    )
    if class_ids is not None:
        query = query.where(SchoolClass.id.in_(class_ids))
    classes = db.session.execute(query).all()
    in_class = Enrolment.ended_on.is_(None)
    pupils = _shares(select(Enrolment.class_id, Enrolment.pupil_id).where(in_class))
    parents = _shares(
        select(Enrolment.class_id, Guardianship.guardian_id)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .where(in_class, Guardianship.ended_on.is_(None))
    )
    staff = _shares(
        select(Teaching.class_id, Teaching.teacher_id).where(Teaching.ended_on.is_(None))
    )
    none = Share(0, 0)
    return [
        Coverage(name, pupils.get(key, none), parents.get(key, none), staff.get(key, none))
        for key, name in classes
    ]


def _shares(people: Select[int, int]) -> dict[int, Share]:
    """Distinct people who have not left, and how many of them are linked, by class."""
    pairs = people.distinct().subquery()
    class_id, person_id = pairs.c[0], pairs.c[1]
    rows = db.session.execute(
        select(class_id, func.count(), func.count(Link.id))
        .join(Person, Person.id == person_id)
        .join(Account, Account.person_id == person_id, isouter=True)
        .join(Link, (Link.account_id == Account.id) & Link.ended_at.is_(None), isouter=True)
        .where(Person.left_on.is_(None))
        .group_by(class_id)
    )
    return {row[0]: Share(row[2], row[1]) for row in rows}

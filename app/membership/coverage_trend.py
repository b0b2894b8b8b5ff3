"""How linking grew: shares of linked people week by week, from the links' own history.

Nothing is stored for it: a link says when it began and ended. Decision: the roster of today is the
whole at every moment, so that the line shows linking and not people who come and go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select

from app.core.db import db
from app.linking.links import Link
from app.school.accounts import Account
from app.school.classes import ClassKind, Enrolment, SchoolClass, Teaching
from app.school.people import Guardianship, Person

WEEKS = 12


@dataclass(frozen=True)
class TrendLine:
    """A role's share of linked people, in whole percent, at each moment."""

    total: int
    shares: list[int]


@dataclass(frozen=True)
class Trend:
    """Shares of the three roles at the same moments, the last of which is now."""

    moments: list[dt.datetime]
    pupils: TrendLine
    parents: TrendLine
    staff: TrendLine


def trend_of(school_id: int, class_ids: Collection[int] | None, now: dt.datetime) -> Trend:
    """The last twelve weeks of the school, or of these classes. Four queries."""
    moments = [now - dt.timedelta(weeks=ago) for ago in reversed(range(WEEKS))]
    spans: dict[int, list[tuple[dt.datetime, dt.datetime | None]]] = {}
    for person_id, since, until in db.session.execute(
        select(Account.person_id, Link.linked_at, Link.ended_at)
        .join(Account, Account.id == Link.account_id)
        .where(Link.school_id == school_id)
    ):
        spans.setdefault(person_id, []).append((since, until))
    classes = select(SchoolClass.id).where(
        SchoolClass.school_id == school_id,
        SchoolClass.kind == ClassKind.HOMEROOM,
        SchoolClass.closed_on.is_(None),
    )
    if class_ids is not None:
        classes = classes.where(SchoolClass.id.in_(class_ids))

    def line(people: Select[int]) -> TrendLine:
        ids = set(db.session.scalars(people.distinct()))
        counts = [
            sum(
                any(since <= moment and (until is None or until > moment) for since, until in own)
                for person_id, own in spans.items()
                if person_id in ids
            )
            for moment in moments
        ]
        return TrendLine(len(ids), [round(100 * n / len(ids)) if ids else 0 for n in counts])

    enrolled = Enrolment.class_id.in_(classes) & Enrolment.ended_on.is_(None)
    here = Person.left_on.is_(None)
    pupils = select(Enrolment.pupil_id).join(Person, Person.id == Enrolment.pupil_id)
    parents = (
        select(Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .join(Person, Person.id == Guardianship.guardian_id)
    )
    staff = select(Teaching.teacher_id).join(Person, Person.id == Teaching.teacher_id)
    return Trend(
        moments,
        pupils=line(pupils.where(enrolled, here)),
        parents=line(parents.where(enrolled, here, Guardianship.ended_on.is_(None))),
        staff=line(staff.where(Teaching.class_id.in_(classes), Teaching.ended_on.is_(None), here)),
    )

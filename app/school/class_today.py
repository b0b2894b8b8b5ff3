"""Who of a class is not at school today, by what its teachers have written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.school.classes import Enrolment
from app.school.mark_entries import Absence
from app.school.marks import Mark
from app.school.people import Person


@dataclass(frozen=True)
class Absentee:
    """A pupil with what is written of them today: number of the lesson -> absence, in order."""

    public_id: str
    name: str
    lessons: dict[int, Absence]

    @property
    def reasons(self) -> list[Absence]:
        """Each reason once, as they came."""
        return list(dict.fromkeys(self.lessons.values()))


def absent_on(class_ids: Collection[int], date: dt.date) -> list[Absentee]:
    """Pupils of these classes who missed a lesson of the day or came late, by name. One query."""
    rows = db.session.execute(
        select(Person.public_id, Person.family_name, Person.given_name, Mark.number, Mark.absence)
        .join(Person, Person.id == Mark.pupil_id)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(
            Enrolment.class_id.in_(class_ids),
            Enrolment.ended_on.is_(None),
            Mark.date == date,
            Mark.absence.is_not(None),
        )
        .order_by(Person.family_name, Person.given_name, Person.id, Mark.number)
    )
    found: dict[str, dict[int, Absence]] = defaultdict(dict)
    names = {}
    for public_id, family, given, number, absence in rows:
        names[public_id] = f"{family} {given}"
        if absence is not None:
            found[public_id][number] = absence
    return [Absentee(key, names[key], lessons) for key, lessons in found.items()]

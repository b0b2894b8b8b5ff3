"""Questions about the timetable: whose lessons, on which days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from app.core.db import db
from app.school.classes import Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Guardianship, Person, short_name
from app.school.timetable import Substitution, TimetableSlot


@dataclass(frozen=True)
class Lesson:
    """One lesson of a week. `weekday` 1 is Monday; `is_substitution`: given instead of another."""

    weekday: int
    number: int
    starts_at: dt.time
    ends_at: dt.time
    room: str
    subject: str
    class_name: str
    teacher: str
    is_substitution: bool = False


@dataclass(frozen=True)
class Child:
    """A pupil as their guardian's switcher shows them."""

    id: int
    public_id: str
    name: str
    classes: str


def taught_by(teacher_id: int, monday: dt.date) -> list[Lesson]:
    """Own lessons of the week from `monday`, with those given as a substitute."""
    sunday = monday + dt.timedelta(days=6)
    lessons = _run(_slots().where(Teaching.teacher_id == teacher_id))
    instead = db.session.execute(
        _slots()
        .add_columns(Substitution.since, Substitution.until)
        .join(Substitution, Substitution.teaching_id == Teaching.id)
        .where(
            Substitution.substitute_id == teacher_id,
            Substitution.since <= sunday,
            Substitution.until >= monday,
        )
    )
    lessons += [
        _lesson(row, is_substitution=True)
        for row in instead
        if row.since <= monday + dt.timedelta(days=row.weekday - 1) <= row.until
    ]
    return sorted(lessons, key=lambda lesson: (lesson.weekday, lesson.number, lesson.class_name))


def attended_by(pupil_id: int) -> list[Lesson]:
    """The week of a pupil: the lessons of their classes and groups."""
    return _run(
        _slots()
        .join(Enrolment, Enrolment.class_id == Teaching.class_id)
        .where(Enrolment.pupil_id == pupil_id, Enrolment.ended_on.is_(None))
    )


def children_of(guardian_id: int) -> list[Child]:
    """The guardian's children at this school, by name."""
    rows = db.session.execute(
        select(Person.id, Person.public_id, Person.given_name, SchoolClass.name)
        .join(Guardianship, Guardianship.pupil_id == Person.id)
        .join(Enrolment, Enrolment.pupil_id == Person.id, isouter=True)
        .join(
            SchoolClass,
            (SchoolClass.id == Enrolment.class_id) & SchoolClass.grade.is_not(None),
            isouter=True,
        )
        .where(
            Guardianship.guardian_id == guardian_id,
            Guardianship.ended_on.is_(None),
            Person.left_on.is_(None),
            or_(Enrolment.id.is_(None), Enrolment.ended_on.is_(None)),
        )
        .order_by(Person.given_name, Person.id, SchoolClass.name)
    )
    children: dict[int, Child] = {}
    for person_id, public_id, name, class_name in rows:
        children.setdefault(person_id, Child(person_id, public_id, name, class_name or ""))
    return list(children.values())


def _slots() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TimetableSlot.weekday,
            TimetableSlot.number,
            TimetableSlot.starts_at,
            TimetableSlot.ends_at,
            TimetableSlot.room,
            Subject.name.label("subject"),
            SchoolClass.name.label("class_name"),
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(Teaching, Teaching.id == TimetableSlot.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(
            TimetableSlot.ended_on.is_(None),
            Teaching.ended_on.is_(None),
            SchoolClass.closed_on.is_(None),
        )
        .order_by(TimetableSlot.weekday, TimetableSlot.number, SchoolClass.name)
    )


def _run(query: Select[*tuple[Any, ...]]) -> list[Lesson]:
    return [_lesson(row) for row in db.session.execute(query)]


def _lesson(row: Any, *, is_substitution: bool = False) -> Lesson:
    values = row._mapping
    return Lesson(
        weekday=values["weekday"],
        number=values["number"],
        starts_at=values["starts_at"],
        ends_at=values["ends_at"],
        room=values["room"],
        subject=values["subject"],
        class_name=values["class_name"],
        teacher=short_name(values["family_name"], values["given_name"], values["patronymic"]),
        is_substitution=is_substitution,
    )

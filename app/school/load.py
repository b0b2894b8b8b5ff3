"""Questions about classes: the teaching load, class lists, and how many have linked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.db import db
from app.school.classes import Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Person, full_name, short_name
from app.school.timetable import TimetableSlot


@dataclass(frozen=True)
class LoadLine:
    """A line of the load with its lessons a week."""

    class_id: int
    class_public_id: str
    class_name: str
    subject: str
    teacher: str
    lessons: int


def load_of_teacher(teacher_id: int) -> list[LoadLine]:
    """The teacher's load by class and subject, by one query."""
    return _lines(Teaching.teacher_id == teacher_id)


def load_of_pupil(pupil_id: int) -> list[LoadLine]:
    """Subjects and teachers of the pupil's classes."""
    classes = select(Enrolment.class_id).where(
        Enrolment.pupil_id == pupil_id, Enrolment.ended_on.is_(None)
    )
    return _lines(Teaching.class_id.in_(classes))


def pupils_of(class_id: int) -> list[str]:
    """Names of the class's pupils, in the order of the register."""
    rows = db.session.execute(
        select(Person.family_name, Person.given_name, Person.patronymic)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(
            Enrolment.class_id == class_id, Enrolment.ended_on.is_(None), Person.left_on.is_(None)
        )
        .order_by(Person.family_name, Person.given_name)
    )
    return [full_name(*row) for row in rows]


def _lines(condition: object) -> list[LoadLine]:
    rows = db.session.execute(
        select(
            SchoolClass.id,
            SchoolClass.public_id,
            SchoolClass.name,
            Subject.name,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
            func.count(TimetableSlot.id),
        )
        .select_from(Teaching)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .join(
            TimetableSlot,
            (TimetableSlot.teaching_id == Teaching.id) & TimetableSlot.ended_on.is_(None),
            isouter=True,
        )
        .where(condition, Teaching.ended_on.is_(None), SchoolClass.closed_on.is_(None))  # type: ignore[arg-type]
        .group_by(Teaching.id, SchoolClass.id, Subject.id, Person.id)
        .order_by(SchoolClass.grade, SchoolClass.name, Subject.name)
    )
    return [
        LoadLine(row[0], row[1], row[2], row[3], short_name(row[4], row[5], row[6]), row[7])
        for row in rows
    ]

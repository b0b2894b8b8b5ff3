"""What a timetable may be looked up by: the classes, teachers and rooms of a school."""

from __future__ import annotations

from sqlalchemy import select, union

from app.core.db import db
from app.school.classes import SchoolClass, Subject, Teaching
from app.school.people import Person, PersonRole, Role, short_name
from app.school.timetable import LessonChange, TimetableSlot


def classes_of(school_id: int) -> list[tuple[int, str, str]]:
    """Id, public id and name of every open class."""
    rows = db.session.execute(
        select(SchoolClass.id, SchoolClass.public_id, SchoolClass.name)
        .where(SchoolClass.school_id == school_id, SchoolClass.closed_on.is_(None))
        .order_by(SchoolClass.grade, SchoolClass.name)
    )
    return [(row.id, row.public_id, row.name) for row in rows]


def teachers_of(school_id: int) -> list[tuple[int, str, str]]:
    """Id, public id and short name of every teacher who has not left."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.public_id,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.school_id == school_id,
            Person.left_on.is_(None),
            PersonRole.role == Role.TEACHER,
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return [(row[0], row[1], short_name(row[2], row[3], row[4])) for row in rows]


def rooms_of(school_id: int) -> list[str]:
    """Every room that the timetable or a change of it names; numbers by their size."""
    in_week, on_date = (
        select(model.room)
        .join(Teaching, Teaching.id == model.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(SchoolClass.school_id == school_id, model.room != "")
        for model in (TimetableSlot, LessonChange)
    )
    rooms = db.session.scalars(union(in_week, on_date))
    return sorted(rooms, key=lambda room: (not room.isdecimal(), room.zfill(6), room))


def subjects_of(school_id: int) -> list[tuple[str, str]]:
    """Public id and name of every subject."""
    rows = db.session.execute(
        select(Subject.public_id, Subject.name)
        .where(Subject.school_id == school_id)
        .order_by(Subject.name, Subject.id)
    )
    return [(row.public_id, row.name) for row in rows]

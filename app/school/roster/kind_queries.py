"""What the site holds of each kind of row: id, day of ending, parts of the key; compared values.

External ids stand for rows everywhere in a key, the school first. `kinds` says what they mean.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, null, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.core.db import Base
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Guardianship, Person, PersonRole, School
from app.school.timetable import TimetableSlot

_NEVER: ColumnElement[Any] = null()  # rows of this kind have no day of ending

_Column = InstrumentedAttribute[Any] | ColumnElement[Any]


def _rows(*columns: _Column, start: type[Base] | FromClause) -> Select[Any]:
    return select(*columns).select_from(start)


def schools() -> Select[Any]:
    """School; name, region, time zone."""
    return _rows(
        *(School.id, _NEVER, School.external_id),
        *(School.name, School.region_code, School.time_zone),
        start=School,
    )


def subjects() -> Select[Any]:
    """School, subject; name."""
    return _rows(
        *(Subject.id, _NEVER, School.external_id, Subject.external_id, Subject.name),
        start=Subject,
    ).join(School, School.id == Subject.school_id)


def classes() -> Select[Any]:
    """School, class; name, grade, kind."""
    return _rows(
        *(SchoolClass.id, SchoolClass.closed_on, School.external_id, SchoolClass.external_id),
        *(SchoolClass.name, SchoolClass.grade, SchoolClass.kind),
        start=SchoolClass,
    ).join(School, School.id == SchoolClass.school_id)


def people() -> Select[Any]:
    """School, person; family and given name, patronymic."""
    return _rows(
        *(Person.id, Person.left_on, School.external_id, Person.external_id),
        *(Person.family_name, Person.given_name, Person.patronymic),
        start=Person,
    ).join(School, School.id == Person.school_id)


def roles() -> Select[Any]:
    """School, person, role."""
    return (
        _rows(
            *(PersonRole.id, _NEVER, School.external_id, Person.external_id),
            PersonRole.role,
            start=PersonRole,
        )
        .join(Person, Person.id == PersonRole.person_id)
        .join(School, School.id == Person.school_id)
    )


def class_teachers() -> Select[Any]:
    """School, class, teacher."""
    return (
        _rows(
            *(ClassTeacher.id, ClassTeacher.ended_on),
            *(School.external_id, SchoolClass.external_id, Person.external_id),
            start=ClassTeacher,
        )
        .join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
        .join(School, School.id == SchoolClass.school_id)
        .join(Person, Person.id == ClassTeacher.teacher_id)
    )


def enrolments() -> Select[Any]:
    """School, class, pupil."""
    return (
        _rows(
            *(Enrolment.id, Enrolment.ended_on),
            *(School.external_id, SchoolClass.external_id, Person.external_id),
            start=Enrolment,
        )
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(School, School.id == SchoolClass.school_id)
        .join(Person, Person.id == Enrolment.pupil_id)
    )


def guardianships() -> Select[Any]:
    """School, guardian, pupil."""
    pupil = aliased(Person)
    return (
        _rows(
            *(Guardianship.id, Guardianship.ended_on),
            *(School.external_id, Person.external_id, pupil.external_id),
            start=Guardianship,
        )
        .join(Person, Person.id == Guardianship.guardian_id)
        .join(pupil, pupil.id == Guardianship.pupil_id)
        .join(School, School.id == pupil.school_id)
    )


def _of_teaching(query: Select[Any]) -> Select[Any]:
    return (
        query.join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(School, School.id == SchoolClass.school_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
    )


_TEACHING_KEY: tuple[_Column, ...] = (
    *(School.external_id, SchoolClass.external_id),
    *(Subject.external_id, Person.external_id),
)


def teachings() -> Select[Any]:
    """School, class, subject, teacher."""
    return _of_teaching(_rows(Teaching.id, Teaching.ended_on, *_TEACHING_KEY, start=Teaching))


def slots() -> Select[Any]:
    """School, class, subject, teacher, weekday, number; times and room.

    A lesson that ended and began again has several rows: the newest one speaks.
    """
    newer = aliased(TimetableSlot)
    return _of_teaching(
        _rows(
            *(TimetableSlot.id, TimetableSlot.ended_on, *_TEACHING_KEY),
            *(TimetableSlot.weekday, TimetableSlot.number),
            *(TimetableSlot.starts_at, TimetableSlot.ends_at, TimetableSlot.room),
            start=TimetableSlot,
        )
        .join(Teaching, Teaching.id == TimetableSlot.teaching_id)
        .where(
            ~exists().where(
                newer.teaching_id == TimetableSlot.teaching_id,
                newer.weekday == TimetableSlot.weekday,
                newer.number == TimetableSlot.number,
                newer.id > TimetableSlot.id,
            )
        )
    )

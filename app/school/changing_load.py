"""Lines of the teaching load, begun and ended by the administrator between two rosters."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext
from sqlalchemy import or_, select, update

from app.core import audit, clock
from app.core.errors import Conflict, Invalid, Missing
from app.core.transaction import publish, writing
from app.school.classes import SchoolClass, Subject, Teaching
from app.school.facts import TimetableChanged
from app.school.people import Person, PersonRole, Role
from app.school.timetable import TimetableSlot


def add_teaching(by: Person, class_id: int, subject_key: str, teacher_key: str) -> None:
    """This teacher teaches this class this subject from now on. A line that ended begins again.

    Raises:
        Missing: no such class, subject or teacher in the administrator's school.
        Conflict: the line is there already.
    """
    with writing() as session:
        class_there = session.scalar(
            select(SchoolClass.id).where(
                SchoolClass.id == class_id, SchoolClass.school_id == by.school_id
            )
        )
        subject_id = session.scalar(
            select(Subject.id).where(
                Subject.public_id == subject_key, Subject.school_id == by.school_id
            )
        )
        teacher_id = session.scalar(
            select(Person.id)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(
                Person.public_id == teacher_key,
                Person.school_id == by.school_id,
                Person.left_on.is_(None),
                PersonRole.role == Role.TEACHER,
            )
        )
        if class_there is None or subject_id is None or teacher_id is None:
            raise Missing(lazy_gettext("Такого класса, предмета или преподавателя в школе нет."))
        line = session.scalars(
            select(Teaching).where(
                Teaching.class_id == class_id,
                Teaching.subject_id == subject_id,
                Teaching.teacher_id == teacher_id,
            )
        ).one_or_none()
        if line is not None and line.ended_on is None:
            raise Conflict(lazy_gettext("Этот преподаватель уже ведёт этот предмет в классе."))
        line = line or Teaching(class_id=class_id, subject_id=subject_id, teacher_id=teacher_id)
        line.ended_on = None
        session.add(line)
        session.flush()
        _note(by, "load.added", line)
        publish(TimetableChanged(class_id))


def end_teaching(by: Person, key: str, on: dt.date) -> None:
    """From `on` the line is taught no more: its lessons end, and who taught it leaves the chats
    that it alone gave.

    Raises:
        Missing: there is none such in the administrator's school.
        Invalid: the day is behind us.
    """
    with writing() as session:
        line = session.scalars(
            select(Teaching)
            .join(SchoolClass, SchoolClass.id == Teaching.class_id)
            .where(Teaching.public_id == key, SchoolClass.school_id == by.school_id)
        ).one_or_none()
        if line is None:
            raise Missing(lazy_gettext("Такой нагрузки в школе нет."))
        if on < clock.today(by.school.time_zone):
            raise Invalid(lazy_gettext("Прошлое не меняется: выберите сегодня или позже."))
        if line.ended_on is None or line.ended_on > on:
            line.ended_on = on
            session.execute(
                update(TimetableSlot)
                .where(
                    TimetableSlot.teaching_id == line.id,
                    or_(TimetableSlot.ended_on.is_(None), TimetableSlot.ended_on > on),
                )
                .values(ended_on=on)
            )
        _note(by, "load.ended", line, on=on.isoformat())
        publish(TimetableChanged(line.class_id))


def _note(by: Person, action: str, line: Teaching, **details: str) -> None:
    audit.note(
        actor=f"person:{by.public_id}",
        action=action,
        subject=f"teaching:{line.public_id}",
        **details,
    )

"""Whose a lesson is: who may change it, and of which lines of load a person gives lessons."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from sqlalchemy import or_, select

from app.core import clock
from app.core.db import db
from app.core.errors import Missing
from app.school.classes import Teaching
from app.school.lessons import Lesson, Line, lines_of, named
from app.school.people import Person, PersonRole, Role
from app.school.timetable import Substitution


def own_lesson(person: Person, key: str, date: dt.date, number: int) -> Lesson:
    """The lesson of the line `key` (public id) on this date, if the person may change it: gives
    it, is the teacher of the line, or administers the school.

    Raises:
        Missing: there is none, or it is not theirs.
    """
    teaching_id = db.session.scalar(select(Teaching.id).where(Teaching.public_id == key))
    found = [
        lesson
        for lesson in named({teaching_id} if teaching_id else (), date, date)
        if lesson.day.number == number
    ]
    if not found or not _may_change(person, found[0]):
        raise Missing(lazy_gettext("Такого урока среди ваших нет."))
    return next((lesson for lesson in found if lesson.is_given), found[0])


def own_lines(person: Person) -> list[Line]:
    """Lines of load whose lessons the person gives: own ones, and those substituted from now on."""
    today = clock.today(person.school.time_zone)
    ids = set(
        db.session.scalars(
            select(Teaching.id).where(
                Teaching.teacher_id == person.id,
                or_(Teaching.ended_on.is_(None), Teaching.ended_on > today),
            )
        )
    ) | set(
        db.session.scalars(
            select(Substitution.teaching_id).where(
                Substitution.substitute_id == person.id, Substitution.until >= today
            )
        )
    )
    lines = lines_of(ids) if ids else {}
    return sorted(lines.values(), key=lambda line: (line.subject, line.class_name))


def is_over(lesson: Lesson, zone: ZoneInfo) -> bool:
    """Its end at school is behind us: a lesson that was given is not rewritten."""
    return lesson.ends(zone) <= clock.now()


def _may_change(person: Person, lesson: Lesson) -> bool:
    if person.id in (lesson.giver_id, lesson.line.teacher_id):
        return True
    return (
        db.session.scalar(
            select(PersonRole.id)
            .join(Person, Person.id == PersonRole.person_id)
            .join(Teaching, Teaching.id == lesson.line.teaching_id)
            .where(
                PersonRole.person_id == person.id,
                PersonRole.role == Role.ADMINISTRATOR,
                Teaching.school_class.has(school_id=person.school_id),
            )
        )
        is not None
    )

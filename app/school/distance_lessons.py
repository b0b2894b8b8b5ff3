"""Distance lessons («дистанционные занятия»): when the call of one is open, and for whom.

A distance lesson is a `LessonChange` marked so; its public id names the call's entrance.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from sqlalchemy import or_, select

from app.core import clock
from app.core.db import db
from app.core.errors import Missing
from app.school.classes import Enrolment
from app.school.lessons import Lesson, named
from app.school.people import Guardianship, Person, School
from app.school.timetable import LessonChange

OPENS_BEFORE = dt.timedelta(minutes=15)


class Entrance(StrEnum):
    """Whether the call of a lesson may be entered."""

    AHEAD = "ahead"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class LessonCall:
    """The call of one distance lesson, for one person. Moments are aware.

    `is_host`: the person gives the lesson, so starts the call; others join.
    """

    lesson: Lesson
    opens_at: dt.datetime
    ends_at: dt.datetime
    entrance: Entrance
    is_host: bool = False

    @property
    def public_id(self) -> str:
        return self.lesson.day.change_id


def entrance_at(begins: dt.datetime, ends: dt.datetime, now: dt.datetime) -> Entrance:
    """The state of the entrance: open from 15 minutes before until the lesson ends."""
    if now < begins - OPENS_BEFORE:
        return Entrance.AHEAD
    return Entrance.OPEN if now < ends else Entrance.OVER


def call_of(lesson: Lesson, zone: ZoneInfo, *, viewer_id: int | None = None) -> LessonCall | None:
    """The call of this lesson, or None: it is given at school, or cancelled."""
    if not lesson.day.is_distance or not lesson.is_given:
        return None
    begins, ends = lesson.begins(zone), lesson.ends(zone)
    return LessonCall(
        lesson=lesson,
        opens_at=begins - OPENS_BEFORE,
        ends_at=ends,
        entrance=entrance_at(begins, ends, clock.now()),
        is_host=viewer_id in (lesson.giver_id, lesson.line.teacher_id),
    )


def calls_of(lessons: list[Lesson], zone: ZoneInfo, *, viewer_id: int) -> dict[str, LessonCall]:
    """The calls of these lessons by public id."""
    found = (call_of(lesson, zone, viewer_id=viewer_id) for lesson in lessons)
    return {call.public_id: call for call in found if call is not None}


def lesson_for(person: Person, public_id: str) -> LessonCall:
    """The distance lesson of this id, for who takes part: the teacher, the substitute of the day,
    pupils of the class and their guardians.

    Raises:
        Missing: no such distance lesson, or the person has no part in it.
    """
    place = db.session.execute(
        select(LessonChange.teaching_id, LessonChange.date).where(
            LessonChange.public_id == public_id
        )
    ).one_or_none()
    zone = ZoneInfo(db.session.get_one(School, person.school_id).time_zone)
    lessons = named({place.teaching_id}, place.date, place.date) if place else []
    for lesson in lessons:
        call = call_of(lesson, zone, viewer_id=person.id)
        if call is None or call.public_id != public_id:
            continue
        if call.is_host or _has_pupil_there(person.id, lesson):
            return call
    raise Missing(lazy_gettext("Такого занятия среди ваших нет."))


def _has_pupil_there(person_id: int, lesson: Lesson) -> bool:
    """The person, or a child of theirs, is in the class on the day of the lesson."""
    children = select(Guardianship.pupil_id).where(
        Guardianship.guardian_id == person_id, Guardianship.ended_on.is_(None)
    )
    return (
        db.session.scalar(
            select(Enrolment.id)
            .where(
                Enrolment.class_id == lesson.line.class_id,
                or_(Enrolment.pupil_id == person_id, Enrolment.pupil_id.in_(children)),
                Enrolment.since <= lesson.day.date,
                or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > lesson.day.date),
            )
            .limit(1)
        )
        is not None
    )

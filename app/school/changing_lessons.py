"""What a teacher changes about own lessons on one date, and an administrator about any."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core import audit
from app.core.db import db
from app.core.errors import Conflict, Missing
from app.core.transaction import writing
from app.school.lesson_notes import take_note_along
from app.school.lesson_places import Place, refuse_busy, settle
from app.school.lessons import Lesson, named
from app.school.own_lessons import is_over, own_lesson, own_lines
from app.school.people import Person, School
from app.school.timetable import LessonChange


def place_lesson(by: Person, lesson: Lesson, place: Place) -> Lesson:
    """Move the lesson, change its room, make it distance or put it back as planned.

    Raises:
        Conflict: it is over, or somebody is busy then (`Taken` names it).
        Invalid: the new time is no time.
    """
    with writing() as session:
        _lock_school(by)
        lesson = own_lesson(by, lesson.line.key, lesson.day.date, lesson.day.number)
        if not lesson.is_given:
            raise Conflict(lazy_gettext("Урок отменён. Сначала верните его."))
        _refuse_over(by, lesson)
        place = settle(by, lesson.line, place, instead_of=lesson)
        row = _row_of(lesson)
        left = (row.date, row.number)
        row.date, row.number = place.date, place.number  # type: ignore[assignment]
        take_note_along(lesson.line.teaching_id, left, (row.date, row.number))
        row.starts_at, row.ends_at = place.starts_at, place.ends_at
        row.room, row.is_distance = place.room, place.is_distance
        _sign(row, by)
        session.add(row)
        _note(by, "lesson.placed", row)
        session.flush()
        return own_lesson(by, lesson.line.key, row.date, row.number)


def cancel_lesson(by: Person, lesson: Lesson) -> None:
    """Give the lesson not at all on this date. Cancelling twice is cancelling once.

    Raises:
        Conflict: it is over.
    """
    with writing() as session:
        lesson = own_lesson(by, lesson.line.key, lesson.day.date, lesson.day.number)
        if not lesson.is_given:
            return
        _refuse_over(by, lesson)
        row = _row_of(lesson)
        row.is_cancelled = True
        _sign(row, by)
        session.add(row)
        _note(by, "lesson.cancelled", row)


def restore_lesson(by: Person, lesson: Lesson) -> None:
    """Give a cancelled lesson after all, and a moved one where the timetable has it.

    Raises:
        Taken: the time has been given to another lesson.
    """
    with writing() as session:
        _lock_school(by)
        lesson = own_lesson(by, lesson.line.key, lesson.day.date, lesson.day.number)
        if lesson.is_given:
            return
        day = lesson.day
        place = Place(day.date, day.number, day.starts_at, day.ends_at, day.room, day.is_distance)
        row = _row_of(lesson)
        refuse_busy(by, lesson.line, place, instead_of=row.public_id)
        take_note_along(day.teaching_id, (row.date, row.number), (day.date, day.number))
        row.date, row.number = day.date, day.number
        row.starts_at, row.ends_at, row.room = day.starts_at, day.ends_at, day.room
        row.is_cancelled, row.is_distance = False, day.is_distance
        _sign(row, by)
        session.add(row)
        _note(by, "lesson.restored", row)


def add_lesson(by: Person, key: str, place: Place) -> Lesson:
    """A lesson of the line `key` beyond the timetable; or, when the timetable has this line at
    that time, that lesson so placed.

    Raises:
        Missing: the line is not this person's.
        Conflict: the time is over, or somebody is busy then (`Taken` names it).
    """
    line = next((line for line in own_lines(by) if line.key == key), None)
    if line is None:
        raise Missing(lazy_gettext("Такого предмета среди ваших нет."))
    for lesson in named({line.teaching_id}, place.date, place.date):
        if lesson.is_given and lesson.day.number == place.number:
            return place_lesson(by, lesson, place)
    with writing() as session:
        _lock_school(by)
        place = settle(by, line, place, instead_of=None)
        row = LessonChange(
            teaching_id=line.teaching_id,
            date=place.date,
            number=place.number,
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            room=place.room,
            is_distance=place.is_distance,
        )
        _sign(row, by)
        session.add(row)
        session.flush()
        _note(by, "lesson.added", row)
        return own_lesson(by, key, row.date, row.number)


def _row_of(lesson: Lesson) -> LessonChange:
    """The kept change of the lesson, or a new one that differs in nothing yet."""
    day = lesson.day
    if day.change_id:
        return db.session.scalars(
            select(LessonChange).where(LessonChange.public_id == day.change_id)
        ).one()
    return LessonChange(
        teaching_id=day.teaching_id,
        planned_on=day.date,
        planned_number=day.number,
        date=day.date,
        number=day.number,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        room=day.room,
        is_distance=False,
        is_cancelled=False,
        revision=0,
    )


def _refuse_over(by: Person, lesson: Lesson) -> None:
    if is_over(lesson, ZoneInfo(by.school.time_zone)):
        raise Conflict(lazy_gettext("Урок уже прошёл: изменить его нельзя."))


def _sign(row: LessonChange, by: Person) -> None:
    row.revision = (row.revision or 0) + 1
    row.changed_by = by.id


def _note(by: Person, action: str, row: LessonChange) -> None:
    db.session.flush()
    audit.note(
        actor=f"person:{by.public_id}",
        action=action,
        subject=f"lesson:{row.public_id}",
        date=row.date.isoformat(),
        number=row.number,
        room=row.room,
        is_distance=row.is_distance,
    )


def _lock_school(by: Person) -> None:
    """Two people who change the timetable at once do it one after the other."""
    db.session.execute(select(School.id).where(School.id == by.school_id).with_for_update())

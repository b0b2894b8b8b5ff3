"""The weekly timetable, edited by the administrator: a lesson begins, changes or ends from a date.

What was given before that date stays as it was: marks and topics refer to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import or_, select

from app.core import audit, clock
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing
from app.core.transaction import writing
from app.school import conflicts, weekly
from app.school.calendar import autumn_of
from app.school.classes import SchoolClass, Teaching
from app.school.lesson_places import Taken
from app.school.lessons import Line, lines_of
from app.school.people import Person, School
from app.school.timetable import TimetableSlot


@dataclass(frozen=True)
class Weekly:
    """A lesson of every week, as typed; `since` is the first day that it is so."""

    line_key: str
    weekday: int
    number: int
    starts_at: dt.time
    ends_at: dt.time
    room: str
    since: dt.date


def add_slot(by: Person, class_id: int, words: Weekly) -> None:
    """A new lesson of every week.

    Raises:
        Missing: the line is not of this class.
        Invalid: the times are none, or the day is out of the school year.
        Taken: somebody is busy then.
    """
    with writing():
        _lock(by)
        line = _line_of(class_id, words.line_key)
        _refuse_since(by, words.since, earliest=dt.date(autumn_of(_today(by)), 8, 1))
        _refuse_busy(by, line, words, except_id=None)
        _begin(line, words)
        _note(by, "timetable.added", line, words)


def change_slot(by: Person, public_id: str, words: Weekly) -> None:
    """From `words.since` on the lesson is so: its line, day, number, time and room.

    Raises:
        Missing: no such lesson in the administrator's school, or no such line in its class.
        Invalid, Conflict, Taken: as in `add_slot`; the past does not change.
    """
    with writing() as session:
        _lock(by)
        slot = slot_of(by, public_id)
        line = _line_of(slot.teaching.class_id, words.line_key)
        _refuse_since(by, words.since, earliest=_today(by))
        _refuse_busy(by, line, words, except_id=slot.id)
        if slot.since is not None and slot.since >= words.since:
            session.delete(slot)  # it has not begun: nothing refers to it
            session.flush()
        else:
            slot.ended_on = words.since
            session.flush()
        _begin(line, words)
        _note(by, "timetable.changed", line, words)


def end_slot(by: Person, public_id: str, on: dt.date) -> None:
    """The lesson is given no more from `on`. Ending twice is ending once.

    Raises:
        Missing: no such lesson in the administrator's school.
        Invalid: the day is behind us.
    """
    with writing() as session:
        slot = slot_of(by, public_id)
        _refuse_since(by, on, earliest=_today(by))
        if slot.since is not None and slot.since >= on:
            session.delete(slot)
        elif slot.ended_on is None or slot.ended_on > on:
            slot.ended_on = on
        audit.note(
            actor=f"person:{by.public_id}",
            action="timetable.ended",
            subject=f"slot:{public_id}",
            on=on.isoformat(),
        )


def slot_of(by: Person, public_id: str) -> TimetableSlot:
    """A weekly lesson of the administrator's school that is given now or later.

    Raises:
        Missing: there is none such.
    """
    slot = db.session.scalars(
        select(TimetableSlot)
        .join(Teaching, Teaching.id == TimetableSlot.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(
            TimetableSlot.public_id == public_id,
            SchoolClass.school_id == by.school_id,
            or_(TimetableSlot.ended_on.is_(None), TimetableSlot.ended_on > _today(by)),
        )
    ).one_or_none()
    if slot is None:
        raise Missing(lazy_gettext("Такого урока в расписании нет."))
    return slot


def _begin(line: Line, words: Weekly) -> None:
    """A row of these words; a row that ended on its first day is taken up again."""
    same = db.session.scalars(
        select(TimetableSlot).where(
            TimetableSlot.teaching_id == line.teaching_id,
            TimetableSlot.weekday == words.weekday,
            TimetableSlot.number == words.number,
            TimetableSlot.since == words.since,
        )
    ).one_or_none()
    slot = same or TimetableSlot(
        teaching_id=line.teaching_id,
        weekday=words.weekday,
        number=words.number,
        since=words.since,
    )
    slot.starts_at, slot.ends_at, slot.room = words.starts_at, words.ends_at, words.room
    slot.ended_on = None
    db.session.add(slot)


def _refuse_busy(by: Person, line: Line, words: Weekly, *, except_id: int | None) -> None:
    if words.starts_at >= words.ends_at:
        raise Invalid(lazy_gettext("Урок должен закончиться позже, чем начался."))
    wanted = conflicts.busy_at(line, words.starts_at, words.ends_at, words.room)
    others = weekly.busy_on(by.school_id, words.weekday, words.since, except_id=except_id)
    found = conflicts.conflicts(wanted, others)
    if found:
        raise Taken(conflicts.sentences(found))
    if weekly.has_number(line.teaching_id, words.weekday, words.number, words.since, except_id):
        raise Conflict(lazy_gettext("В этот день такой урок по номеру уже есть."))


def _refuse_since(by: Person, since: dt.date, *, earliest: dt.date) -> None:
    if since < earliest:
        raise Invalid(lazy_gettext("Прошлое не меняется: выберите сегодня или позже."))
    if since >= dt.date(autumn_of(_today(by)) + 1, 9, 30):
        raise Invalid(lazy_gettext("Слишком далеко: этот день уже в другом учебном году."))


def _line_of(class_id: int, key: str) -> Line:
    teaching_id = db.session.scalar(
        select(Teaching.id).where(
            Teaching.class_id == class_id, Teaching.public_id == key, Teaching.ended_on.is_(None)
        )
    )
    if teaching_id is None:
        raise Missing(lazy_gettext("Такого предмета у класса нет."))
    return lines_of({teaching_id})[teaching_id]


def _today(by: Person) -> dt.date:
    return clock.today(by.school.time_zone)


def _lock(by: Person) -> None:
    db.session.execute(select(School.id).where(School.id == by.school_id).with_for_update())


def _note(by: Person, action: str, line: Line, words: Weekly) -> None:
    audit.note(
        actor=f"person:{by.public_id}",
        action=action,
        subject=f"teaching:{line.key}",
        weekday=words.weekday,
        number=words.number,
        room=words.room,
        since=words.since.isoformat(),
    )

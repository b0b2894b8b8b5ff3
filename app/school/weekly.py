"""Questions about the weekly timetable: of a class, and who is busy every week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from app.core.db import db
from app.school.classes import SchoolClass, Teaching
from app.school.conflicts import Busy, busy_at
from app.school.lessons import Line, lines_of
from app.school.timetable import LessonChange, TimetableSlot


@dataclass(frozen=True)
class WeekLesson:
    """A lesson of every week. `since`, `ended_on`: None: since ever, without end."""

    public_id: str
    line: Line
    weekday: int
    number: int
    starts_at: dt.time
    ends_at: dt.time
    room: str
    since: dt.date | None
    ended_on: dt.date | None


def week_of_class(class_id: int, today: dt.date) -> list[WeekLesson]:
    """The weekly lessons of a class that are given today or later. Two queries."""
    rows = db.session.execute(_slots(today).where(Teaching.class_id == class_id)).all()
    lines = lines_of({row.teaching_id for row in rows}) if rows else {}
    return [
        WeekLesson(
            row.public_id,
            lines[row.teaching_id],
            row.weekday,
            row.number,
            row.starts_at,
            row.ends_at,
            row.room,
            row.since,
            row.ended_on,
        )
        for row in rows
    ]


def lines_of_class(class_id: int, today: dt.date) -> list[Line]:
    """The load of a class, by subject; what ends later too."""
    ids = set(
        db.session.scalars(
            select(Teaching.id).where(
                Teaching.class_id == class_id,
                or_(Teaching.ended_on.is_(None), Teaching.ended_on > today),
            )
        )
    )
    lines = lines_of(ids) if ids else {}
    return sorted(lines.values(), key=lambda line: (line.subject, line.teacher))


def busy_on(
    school_id: int, weekday: int, since: dt.date, *, except_id: int | None
) -> Sequence[Busy]:
    """Everything of this weekday from `since` on: weekly lessons, and lessons that were moved to
    such a day or are extra.
    """
    weekly = [
        row
        for row in db.session.execute(
            _slots(since).where(
                SchoolClass.school_id == school_id, TimetableSlot.weekday == weekday
            )
        )
        if row.id != except_id
    ]
    dated = [
        row
        for row in db.session.scalars(_moved(school_id, since))
        if row.date.isoweekday() == weekday
    ]
    ids = {row.teaching_id for row in weekly} | {row.teaching_id for row in dated}
    lines = lines_of(ids) if ids else {}
    found = [
        busy_at(lines[row.teaching_id], row.starts_at, row.ends_at, row.room) for row in weekly
    ]
    for row in dated:
        room = "" if row.is_distance else row.room
        found.append(
            busy_at(lines[row.teaching_id], row.starts_at, row.ends_at, room, date=row.date)
        )
    return found


def has_number(
    teaching_id: int, weekday: int, number: int, since: dt.date, except_id: int | None
) -> bool:
    """This line has a lesson of this number on this weekday already."""
    rows = db.session.scalars(
        select(TimetableSlot.id).where(
            TimetableSlot.teaching_id == teaching_id,
            TimetableSlot.weekday == weekday,
            TimetableSlot.number == number,
            or_(TimetableSlot.ended_on.is_(None), TimetableSlot.ended_on > since),
        )
    )
    return any(row != except_id for row in rows)


def _slots(since: dt.date) -> Select[*tuple[Any, ...]]:
    """Weekly lessons given on `since` or later."""
    return (
        select(
            TimetableSlot.id,
            TimetableSlot.public_id,
            TimetableSlot.teaching_id,
            TimetableSlot.weekday,
            TimetableSlot.number,
            TimetableSlot.starts_at,
            TimetableSlot.ends_at,
            TimetableSlot.room,
            TimetableSlot.since,
            TimetableSlot.ended_on,
        )
        .join(Teaching, Teaching.id == TimetableSlot.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(
            or_(TimetableSlot.ended_on.is_(None), TimetableSlot.ended_on > since),
            or_(Teaching.ended_on.is_(None), Teaching.ended_on > since),
            SchoolClass.closed_on.is_(None),
        )
        .order_by(TimetableSlot.weekday, TimetableSlot.number, TimetableSlot.since)
    )


def _moved(school_id: int, since: dt.date) -> Select[LessonChange]:
    return (
        select(LessonChange)
        .join(Teaching, Teaching.id == LessonChange.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(
            SchoolClass.school_id == school_id,
            LessonChange.date >= since,
            LessonChange.is_cancelled.is_(False),
            or_(
                LessonChange.planned_on.is_(None),
                LessonChange.planned_on != LessonChange.date,
                LessonChange.planned_number != LessonChange.number,
            ),
        )
    )

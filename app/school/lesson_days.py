"""From the weekly timetable to lessons on dates: pure, apart from one query.

A lesson on a date is known by (teaching, date, number): marks, topics and homework refer to it so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.school.calendar import Period, Span
from app.school.timetable import TimetableSlot


@dataclass(frozen=True, order=True)
class Slot:
    """A weekly lesson, as plain data. `until` is the first day it is no more given, or None."""

    teaching_id: int
    weekday: int
    number: int
    starts_at: dt.time
    ends_at: dt.time
    room: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, order=True)
class LessonDay:
    """One lesson on one day. `starts_at` and `ends_at` are the school's local time."""

    date: dt.date
    number: int
    teaching_id: int
    starts_at: dt.time
    ends_at: dt.time
    room: str = ""


def spread(
    slots: Iterable[Slot], periods: Iterable[Period | Span], off: Collection[Span]
) -> list[LessonDay]:
    """Lessons of all these periods, in order of days and numbers, without days off."""
    slots = list(slots)
    found = []
    for period in periods:
        day = period.since
        while day <= period.until:
            if not any(day in span for span in off):
                found += [_on(slot, day) for slot in slots if _is_given(slot, day)]
            day += dt.timedelta(days=1)
    return sorted(found)


def slots_of(teaching_ids: Collection[int]) -> list[Slot]:
    """The weekly lessons of these lines of load, ended ones too."""
    rows = db.session.execute(
        select(
            TimetableSlot.teaching_id,
            TimetableSlot.weekday,
            TimetableSlot.number,
            TimetableSlot.starts_at,
            TimetableSlot.ends_at,
            TimetableSlot.room,
            TimetableSlot.since,
            TimetableSlot.ended_on,
        ).where(TimetableSlot.teaching_id.in_(teaching_ids))
    )
    return [Slot(*row) for row in rows]


def _is_given(slot: Slot, day: dt.date) -> bool:
    return (
        slot.weekday == day.isoweekday()
        and (slot.since is None or slot.since <= day)
        and (slot.until is None or day < slot.until)
    )


def _on(slot: Slot, day: dt.date) -> LessonDay:
    return LessonDay(day, slot.number, slot.teaching_id, slot.starts_at, slot.ends_at, slot.room)

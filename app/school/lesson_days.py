"""From the weekly timetable to lessons on dates. `lessons_between` is the one answer to «which
lessons are given»: periods, days off, changes and substitutions are in it.

A lesson on a date is known by (teaching, date, number): marks, topics and homework refer to it so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from app.core.db import db
from app.school.calendar import Period, Span, autumn_of, days_off, periods_of
from app.school.classes import SchoolClass, Teaching
from app.school.timetable import LessonChange, Substitution, TimetableSlot


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


@dataclass(frozen=True)
class Change:
    """What differs on a date, as plain data (see `LessonChange`)."""

    teaching_id: int
    planned_on: dt.date | None
    planned_number: int | None
    date: dt.date
    number: int
    starts_at: dt.time
    ends_at: dt.time
    room: str = ""
    is_distance: bool = False
    is_cancelled: bool = False
    public_id: str = ""


@dataclass(frozen=True)
class Cover:
    """A substitution, as plain data; both days included."""

    teaching_id: int
    substitute_id: int
    since: dt.date
    until: dt.date


@dataclass(frozen=True, order=True)
class LessonDay:
    """One lesson on one day. `starts_at` and `ends_at` are the school's local time.

    A cancelled lesson is listed too (`is_cancelled`); so is the place that a lesson has left, with
    `moved_to`. What is given is everything else.
    """

    date: dt.date
    number: int
    teaching_id: int
    starts_at: dt.time
    ends_at: dt.time
    room: str = ""
    is_distance: bool = False
    is_cancelled: bool = False
    is_extra: bool = False
    change_id: str = ""  # public id of the change, when there is one
    moved_from: dt.date | None = None
    moved_to: dt.date | None = None
    substitute_id: int | None = None  # the person who gives it instead of the teacher


def lessons_between(
    teaching_ids: Collection[int], since: dt.date, until: dt.date
) -> list[LessonDay]:
    """Lessons of these lines of load (of one school) on these days, both included. Six queries."""
    ids = set(teaching_ids)
    school_id = db.session.scalar(
        select(SchoolClass.school_id)
        .join(Teaching, Teaching.class_id == SchoolClass.id)
        .where(Teaching.id.in_(ids))
        .limit(1)
    )
    if school_id is None or until < since:
        return []
    changes = _changes(ids, since, until)
    planned = [change.planned_on for change in changes if change.planned_on]
    first, last = min([since, *planned]), max([until, *planned])
    lessons = changed(
        spread(slots_of(ids), spans_of(school_id, first, last), days_off(school_id, first, last)),
        changes,
    )
    return covered(
        [lesson for lesson in lessons if since <= lesson.date <= until], _covers(ids, since, until)
    )


def spread(
    slots: Iterable[Slot], periods: Iterable[Period | Span], off: Collection[Span]
) -> list[LessonDay]:
    """Lessons of all these periods, in order of days and numbers, without days off."""
    by_weekday: dict[int, list[Slot]] = {}
    for slot in slots:
        by_weekday.setdefault(slot.weekday, []).append(slot)
    found = []
    for period in periods:
        day = period.since
        while day <= period.until:
            given = by_weekday.get(day.isoweekday(), ())
            if given and not any(day in span for span in off):
                found += [_on(slot, day) for slot in given if _is_given(slot, day)]
            day += dt.timedelta(days=1)
    return _in_order(found)


def changed(lessons: Iterable[LessonDay], changes: Iterable[Change]) -> list[LessonDay]:
    """`lessons` with what differs on dates. A change of a lesson that the timetable has no more is
    passed over; a cancelled lesson gives way to one that is given in its place.
    """
    plan = {_place(row): row for row in lessons}
    given: list[LessonDay] = []
    cancelled: list[LessonDay] = []
    for change in changes:
        planned = None
        if change.planned_on is not None and change.planned_number is not None:
            key = (change.teaching_id, change.planned_on, change.planned_number)
            planned = plan.pop(key, None)
            if planned is None:
                continue
        is_elsewhere = planned is not None and (change.date, change.number) != _place(planned)[1:]
        if planned is not None and (is_elsewhere or change.is_cancelled):
            moved_to = None if change.is_cancelled else change.date
            cancelled.append(
                replace(planned, is_cancelled=True, change_id=change.public_id, moved_to=moved_to)
            )
        elif change.is_cancelled:
            cancelled.append(_as_changed(change))
        if not change.is_cancelled:
            given.append(_as_changed(change))
    taken = {*plan, *(_place(row) for row in given)}
    return _in_order(
        [*plan.values(), *given, *(row for row in cancelled if _place(row) not in taken)]
    )


def covered(lessons: Iterable[LessonDay], covers: Collection[Cover]) -> list[LessonDay]:
    """`lessons` with the substitutes of their days."""
    by_teaching: dict[int, list[Cover]] = {}
    for cover in covers:
        by_teaching.setdefault(cover.teaching_id, []).append(cover)

    def with_substitute(lesson: LessonDay) -> LessonDay:
        for cover in by_teaching.get(lesson.teaching_id, ()):
            if cover.since <= lesson.date <= cover.until:
                return replace(lesson, substitute_id=cover.substitute_id)
        return lesson

    return [with_substitute(lesson) for lesson in lessons]


def slots_of(teaching_ids: Collection[int]) -> list[Slot]:
    """The weekly lessons of these lines of load, ended ones too; none outlives its line."""
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
            Teaching.ended_on,
        )
        .join(Teaching, Teaching.id == TimetableSlot.teaching_id)
        .where(TimetableSlot.teaching_id.in_(teaching_ids))
    )
    return [Slot(*row[:7], until=_first(row[7], row[8])) for row in rows]


def spans_of(school_id: int, since: dt.date, until: dt.date) -> list[Span]:
    """The parts of these days that lie in periods of the school. A query a school year."""
    periods = [
        period
        for autumn in range(autumn_of(since), autumn_of(until) + 1)
        for period in periods_of(school_id, dt.date(autumn, 9, 1))
    ]
    return [
        Span(max(since, period.since), min(until, period.until))
        for period in periods
        if period.since <= until and period.until >= since
    ]


def _changes(teaching_ids: Collection[int], since: dt.date, until: dt.date) -> list[Change]:
    rows = db.session.execute(
        select(
            LessonChange.teaching_id,
            LessonChange.planned_on,
            LessonChange.planned_number,
            LessonChange.date,
            LessonChange.number,
            LessonChange.starts_at,
            LessonChange.ends_at,
            LessonChange.room,
            LessonChange.is_distance,
            LessonChange.is_cancelled,
            LessonChange.public_id,
        ).where(
            LessonChange.teaching_id.in_(teaching_ids),
            or_(
                LessonChange.date.between(since, until),
                LessonChange.planned_on.between(since, until),
            ),
        )
    )
    return [Change(*row) for row in rows]


def _covers(teaching_ids: Collection[int], since: dt.date, until: dt.date) -> list[Cover]:
    rows = db.session.execute(
        select(
            Substitution.teaching_id,
            Substitution.substitute_id,
            Substitution.since,
            Substitution.until,
        ).where(
            Substitution.teaching_id.in_(teaching_ids),
            Substitution.since <= until,
            Substitution.until >= since,
        )
    )
    return [Cover(*row) for row in rows]


def _place(lesson: LessonDay) -> tuple[int, dt.date, int]:
    return (lesson.teaching_id, lesson.date, lesson.number)


def _is_given(slot: Slot, day: dt.date) -> bool:
    return (slot.since is None or slot.since <= day) and (slot.until is None or day < slot.until)


def _on(slot: Slot, day: dt.date) -> LessonDay:
    return LessonDay(day, slot.number, slot.teaching_id, slot.starts_at, slot.ends_at, slot.room)


def _as_changed(change: Change) -> LessonDay:
    is_moved = change.planned_on is not None and change.planned_on != change.date
    return LessonDay(
        date=change.date,
        number=change.number,
        teaching_id=change.teaching_id,
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        room=change.room,
        is_distance=change.is_distance,
        is_cancelled=change.is_cancelled,
        is_extra=change.planned_on is None,
        change_id=change.public_id,
        moved_from=change.planned_on if is_moved else None,
    )


def _first(left: dt.date | None, right: dt.date | None) -> dt.date | None:
    return min(left, right) if left and right else left or right


def _in_order(lessons: list[LessonDay]) -> list[LessonDay]:
    return sorted(lessons, key=lambda row: (row.date, row.number, row.starts_at, row.teaching_id))

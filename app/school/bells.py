"""Bells: when the lesson of each number begins and ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.db import db
from app.school.classes import SchoolClass, Teaching
from app.school.timetable import Bell, TimetableSlot


@dataclass(frozen=True, order=True)
class Ring:
    """The times of one lesson number, the school's local time."""

    number: int
    starts_at: dt.time
    ends_at: dt.time


# Decision: a school that has entered no bells begins with these, from 8:30 by 45 minutes.
USUAL = tuple(
    Ring(number, dt.time(*starts), dt.time(*ends))
    for number, starts, ends in (
        (1, (8, 30), (9, 15)),
        (2, (9, 25), (10, 10)),
        (3, (10, 25), (11, 10)),
        (4, (11, 25), (12, 10)),
        (5, (12, 25), (13, 10)),
        (6, (13, 20), (14, 5)),
        (7, (14, 15), (15, 0)),
        (8, (15, 10), (15, 55)),
    )
)


def bells_of(school_id: int) -> list[Ring]:
    """The school's bells by number; when none are kept, those that its timetable follows."""
    kept = [
        Ring(*row)
        for row in db.session.execute(
            select(Bell.number, Bell.starts_at, Bell.ends_at)
            .where(Bell.school_id == school_id)
            .order_by(Bell.number)
        )
    ]
    return kept or guessed(_heard(school_id))


def guessed(heard: list[tuple[Ring, int]]) -> list[Ring]:
    """Of times met in a timetable (with how often), the usual ones of each number; numbers that
    are not met ring as everywhere, if they still fit after the last.
    """
    best: dict[int, tuple[int, Ring]] = {}
    for ring, times in heard:
        if ring.number not in best or times > best[ring.number][0]:
            best[ring.number] = (times, ring)
    found = [ring for _, ring in best.values()]
    last = max((ring.ends_at for ring in found), default=dt.time.min)
    found += [ring for ring in USUAL if ring.number not in best and ring.starts_at >= last]
    return sorted(found)


def _heard(school_id: int) -> list[tuple[Ring, int]]:
    times = (TimetableSlot.number, TimetableSlot.starts_at, TimetableSlot.ends_at)
    rows = db.session.execute(
        select(*times, func.count())
        .join(Teaching, Teaching.id == TimetableSlot.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(SchoolClass.school_id == school_id, TimetableSlot.ended_on.is_(None))
        .group_by(*times)
        .order_by(*times)
    )
    return [(Ring(*row[:3]), row[3]) for row in rows]

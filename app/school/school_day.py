"""One day of somebody's lessons, and the school day after it. Pure: it is given the lessons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.school.calendar import Period
from app.school.lessons import Lesson

# How far the next school day is looked for: longer breaks are holidays and are named so.
AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True)
class SchoolDay:
    """Lessons of `date` in order of time; the one that goes on, the one that comes; the next day
    with lessons.

    Cancelled lessons are among `lessons`; they are never `going` nor `coming`.
    """

    date: dt.date
    lessons: list[Lesson]
    going: Lesson | None
    coming: Lesson | None
    next_date: dt.date | None
    next_lessons: list[Lesson]

    @property
    def is_over(self) -> bool:
        """There were lessons, and none is left."""
        return bool(self.lessons) and self.going is None and self.coming is None


def day_of(lessons: Iterable[Lesson], now: dt.datetime, zone: ZoneInfo) -> SchoolDay:
    """The day of `now` (aware) at a school in this time zone, out of `lessons` of many days."""
    rows = list(lessons)
    date = now.astimezone(zone).date()
    today = sorted((row for row in rows if row.day.date == date), key=lambda row: row.begins(zone))
    given = [row for row in today if row.is_given]
    later = sorted({row.day.date for row in rows if row.day.date > date and row.is_given})
    next_date = later[0] if later else None
    return SchoolDay(
        date=date,
        lessons=today,
        going=next((row for row in given if row.begins(zone) <= now < row.ends(zone)), None),
        coming=next((row for row in given if row.begins(zone) > now), None),
        next_date=next_date,
        next_lessons=sorted(
            (row for row in rows if row.day.date == next_date), key=lambda row: row.begins(zone)
        ),
    )


def holidays_until(periods: Iterable[Period], day: dt.date) -> dt.date | None:
    """The first day of the next period while `day` lies in none; None in a period, or when the
    school knows of no next one.
    """
    rows = list(periods)
    if any(row.since <= day <= row.until for row in rows):
        return None
    return min((row.since for row in rows if row.since > day), default=None)

"""The week as a table: a row a lesson number, a column a day. Plain data for the template."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.school.bells import Ring
from app.school.lessons import Lesson


@dataclass(frozen=True)
class Column:
    """A day, with how many lessons it has."""

    date: dt.date
    is_today: bool
    is_chosen: bool
    count: int


@dataclass(frozen=True)
class Cell:
    """The lessons of one number on one day, mostly one."""

    column: Column
    lessons: list[Lesson]
    is_now: bool


@dataclass(frozen=True)
class Row:
    """A lesson number. `is_quiet`: on the chosen day nothing is there, nor before, or nor after."""

    number: int
    ring: Ring | None
    cells: list[Cell]
    is_quiet: bool
    is_now: bool


@dataclass(frozen=True)
class Grid:
    """What the template draws."""

    columns: list[Column]
    rows: list[Row]


def grid(
    dates: Sequence[dt.date],
    lessons: Sequence[Lesson],
    rings: Iterable[Ring],
    *,
    today: dt.date,
    now: dt.time,
    chosen: dt.date,
) -> Grid:
    """A column a date (of a week, Sunday only with lessons or when it matters), a row a number,
    from the first to the last that these days have.
    """
    found: dict[tuple[int, dt.date], list[Lesson]] = {}
    for lesson in lessons:
        found.setdefault((lesson.day.number, lesson.day.date), []).append(lesson)
    by_number = {ring.number: ring for ring in rings}
    counts = Counter(lesson.day.date for lesson in lessons)
    columns = [
        Column(date, date == today, date == chosen, counts[date])
        for date in dates
        if date.isoweekday() < 7 or counts[date] or date in (chosen, today)
    ]
    numbers = sorted({number for number, _ in found})
    shown = range(min(numbers), max(numbers) + 1) if numbers else ()
    of_chosen = [number for number, date in found if date == chosen]
    rows = []
    for number in shown:
        ring = by_number.get(number)
        if ring is None and number not in numbers:
            continue  # numbers after the bells that nobody uses
        is_now = ring is not None and ring.starts_at <= now < ring.ends_at
        cells = [_cell(column, found.get((number, column.date), []), now) for column in columns]
        is_quiet = not of_chosen or not min(of_chosen) <= number <= max(of_chosen)
        rows.append(Row(number, ring, cells, is_quiet, is_now))
    return Grid(columns, rows)


def _cell(column: Column, lessons: list[Lesson], now: dt.time) -> Cell:
    is_now = column.is_today and any(
        lesson.is_given and lesson.day.starts_at <= now < lesson.day.ends_at for lesson in lessons
    )
    return Cell(column, lessons, is_now)

"""The sheet of one period: lessons × pupils with marks, averages, period marks.

`grid_of` reads everything for a page, `numbers_anew` some pupils' numbers after a change.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.school import averages, lesson_days
from app.school.calendar import Period, Span
from app.school.classes import Enrolment, Teaching
from app.school.mark_entries import MISSED, WEIGHTS, Entry, WorkKind
from app.school.mark_sheets import Reader, Sheet, former_teachings
from app.school.marks import LessonWork, Mark, MarkChange, PeriodMark, ReopenedSheet, is_written
from app.school.people import Person
from app.school.registers import was_in_class
from app.school.topics import topics_between

# Decision: a period stays open for corrections two weeks after its last day; then an administrator
# may reopen a sheet for some days (`marking.reopen`), and every change is in the history anyway.
GRACE = dt.timedelta(days=14)


@dataclass(frozen=True)
class Column:
    """A lesson on a day. `key` names it in addresses; `topic` is filled by planning."""

    key: str
    date: dt.date
    number: int
    teaching_id: int
    is_writable: bool
    kind: WorkKind | None = None
    weight: int = WEIGHTS[WorkKind.ANSWER]
    topic: str = ""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell."""

    text: str
    kind: WorkKind
    weight: int
    comment: str
    version: int
    entry: Entry


@dataclass(frozen=True)
class Numbers:
    """A pupil's numbers of the period. `suggested` is what the average suggests."""

    average: Fraction | None = None
    count: int = 0
    missed: int = 0
    late: int = 0
    suggested: str = ""


@dataclass
class Row:
    """A pupil's line. A cell is None where nobody wrote, `out` where they were not in class."""

    pupil_id: int
    public_id: str
    name: str
    in_class: Span
    cells: list[Cell | None] = field(default_factory=list)
    out: list[bool] = field(default_factory=list)
    numbers: Numbers = field(default_factory=Numbers)
    period_mark: str = ""
    period_version: int = 0


@dataclass(frozen=True)
class Grid:
    """A whole sheet. `cursor`: the last change it shows; `is_closed`: the period is read-only."""

    period: Period
    columns: list[Column]
    rows: list[Row]
    cursor: int
    is_closed: bool


def grid_of(sheet: Sheet, period: Period, reader: Reader) -> Grid:
    """The sheet in a period, as this reader sees it."""
    closed = is_closed(sheet, period, reader.today)
    cursor = last_change(sheet.teaching_id)  # before the cells: a change between comes again
    columns = columns_of(sheet, period, closed=closed, today=reader.today)
    known = topics_between({c.teaching_id for c in columns}, period.since, period.until)
    columns = [replace(c, topic=known.get((c.teaching_id, c.date, c.number), "")) for c in columns]
    rows = pupils_of(sheet.class_id, period)
    marks = _marks(sheet, period, [row.pupil_id for row in rows])
    held = len([column for column in columns if column.date <= reader.today])
    places = {(c.teaching_id, c.date, c.number): index for index, c in enumerate(columns)}
    for row in rows:
        own = marks.get(row.pupil_id, ())
        row.cells = [None] * len(columns)
        for mark in own:
            index = places.get((mark.teaching_id, mark.date, mark.number))
            if index is not None:
                row.cells[index] = _cell(mark)
        row.out = [column.date not in row.in_class for column in columns]
        row.numbers = numbers_of(own, held)
    period_marks = _period_marks(sheet, period, [row.pupil_id for row in rows])
    for row in rows:
        row.period_mark, row.period_version = period_marks.get(row.pupil_id, ("", 0))
    return Grid(period, columns, rows, cursor, closed)


def columns_of(sheet: Sheet, period: Period, *, closed: bool, today: dt.date) -> list[Column]:
    """Lessons of the period by the timetable, and those that have marks though it changed since.

    Decision: nothing is written for a lesson of a day to come.
    """
    teachings = [sheet.teaching_id, *former_teachings(sheet)]
    days = {
        (day.date, day.number, day.teaching_id)
        for day in lesson_days.lessons_between(teachings, period.since, period.until)
        if not day.is_cancelled
    }
    written = db.session.execute(
        select(Mark.date, Mark.number, Mark.teaching_id)
        .where(_within(period), Mark.teaching_id.in_(teachings), is_written())
        .distinct()
    )
    days |= {(row.date, row.number, row.teaching_id) for row in written}
    works = _works(teachings, period)
    columns = []
    for date, number, teaching_id in sorted(days):
        is_own = teaching_id == sheet.teaching_id
        kind, weight = works.get((teaching_id, date, number), (None, WEIGHTS[WorkKind.ANSWER]))
        columns.append(
            Column(
                key=f"{date}.{number}" + ("" if is_own else f".{teaching_id}"),
                date=date,
                number=number,
                teaching_id=teaching_id,
                is_writable=is_own and not closed and date <= today and sheet.is_writable_on(date),
                kind=kind,
                weight=weight,
            )
        )
    return columns


def pupils_of(class_id: int, period: Period) -> list[Row]:
    """Pupils who were in the class in the period, in the order of the register."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.public_id,
            Person.family_name,
            Person.given_name,
            Enrolment.since,
            Enrolment.ended_on,
            Person.left_on,
        )
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(Enrolment.class_id == class_id, was_in_class(period))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    found = []
    for pupil_id, public_id, family, given, since, ended, left in rows:
        gone = min((day for day in (ended, left) if day), default=None)
        last = gone - dt.timedelta(days=1) if gone else dt.date.max
        found.append(Row(pupil_id, public_id, f"{family} {given}", Span(since, last)))
    return found


def numbers_of(marks: Iterable[Any], held: int) -> Numbers:
    """Average and absences of one pupil's marks (rows); `held`: lessons of the period so far."""
    weighed: list[averages.Weighed] = []
    missed = late = 0
    for mark in marks:
        entry = Entry(mark.value, mark.second, mark.absence)
        weighed += [(value, mark.weight) for value in entry.marks]
        missed += entry.absence in MISSED
        late += entry.absence is not None and entry.absence not in MISSED
    return Numbers(
        average=averages.average(weighed),
        count=len(weighed),
        missed=missed,
        late=late,
        suggested=averages.suggested(weighed, lessons=held, missed=missed),
    )


def numbers_anew(
    sheet: Sheet, period: Period, pupil_ids: Collection[int], today: dt.date
) -> dict[int, Numbers]:
    """The numbers of these pupils, read again after a change."""
    columns = columns_of(sheet, period, closed=True, today=today)
    held = len([column for column in columns if column.date <= today])
    marks = _marks(sheet, period, pupil_ids)
    return {key: numbers_of(marks.get(key, ()), held) for key in pupil_ids}


def is_closed(sheet: Sheet, period: Period, today: dt.date) -> bool:
    """Whether nobody may write into the period any more."""
    if today <= period.until + GRACE:
        return False
    reopened = db.session.scalar(
        select(ReopenedSheet.until).where(
            ReopenedSheet.teaching_id == sheet.teaching_id,
            ReopenedSheet.period_since == period.since,
        )
    )
    return reopened is None or reopened < today


def last_change(teaching_id: int) -> int:
    """The id of the teaching's last change; 0 when there is none."""
    return (
        db.session.scalar(
            select(func.max(MarkChange.id)).where(MarkChange.teaching_id == teaching_id)
        )
        or 0
    )


def _within(period: Period) -> Any:
    return Mark.date.between(period.since, period.until)


def _marks(sheet: Sheet, period: Period, pupil_ids: Collection[int]) -> dict[int, list[Any]]:
    """Marks of the subject by pupil, also of a class they came from: the average is theirs."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Mark.pupil_id,
            Mark.teaching_id,
            Mark.date,
            Mark.number,
            Mark.value,
            Mark.second,
            Mark.absence,
            Mark.kind,
            Mark.weight,
            Mark.comment,
            Mark.version,
        )
        .join(Teaching, Teaching.id == Mark.teaching_id)
        .where(
            Teaching.subject_id == sheet.subject_id, Mark.pupil_id.in_(pupil_ids), _within(period)
        )
    ):
        found[row.pupil_id].append(row)
    return found


def _cell(row: Any) -> Cell:
    entry = Entry(row.value, row.second, row.absence)
    return Cell(entry.text, row.kind, row.weight, row.comment, row.version, entry)


def _works(
    teachings: Sequence[int], period: Period
) -> dict[tuple[int, dt.date, int], tuple[WorkKind, int]]:
    rows = db.session.execute(
        select(LessonWork).where(
            LessonWork.teaching_id.in_(teachings),
            LessonWork.date.between(period.since, period.until),
        )
    ).scalars()
    return {(w.teaching_id, w.date, w.number): (w.kind, w.weight) for w in rows}


def _period_marks(
    sheet: Sheet, period: Period, pupil_ids: Collection[int]
) -> dict[int, tuple[str, int]]:
    rows = db.session.execute(
        select(PeriodMark.pupil_id, PeriodMark.value, PeriodMark.version).where(
            PeriodMark.subject_id == sheet.subject_id,
            PeriodMark.period_since == period.since,
            PeriodMark.pupil_id.in_(pupil_ids),
        )
    )
    return {row.pupil_id: (row.value, row.version) for row in rows}

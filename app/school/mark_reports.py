"""Marks and attendance of classes over a period, for reports: one query of marks a report."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, or_, select

from app.core.db import db
from app.school import averages
from app.school.calendar import Period
from app.school.classes import ClassKind, Enrolment, SchoolClass, Subject, Teaching
from app.school.mark_entries import MISSED, Absence, Entry
from app.school.mark_grid import Row, pupils_of
from app.school.marks import Mark, PeriodMark
from app.school.people import Person, full_name


@dataclass(frozen=True)
class ClassRow:
    """A class whose reports may be read."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class PupilMarks:
    """A pupil's averages by subject, the mean of them, and what the period ended with."""

    pupil: Row
    averages: dict[str, Fraction]
    totals: dict[str, str]

    @property
    def overall(self) -> Fraction | None:
        values = list(self.averages.values())
        return sum(values, Fraction(0)) / len(values) if values else None


@dataclass(frozen=True)
class ClassMarks:
    """The class over a period: subjects in order, pupils in the order of the register."""

    subjects: list[str]
    pupils: list[PupilMarks]

    def of_subject(self, subject: str) -> list[Fraction]:
        """The pupils' averages in a subject."""
        return [row.averages[subject] for row in self.pupils if subject in row.averages]


@dataclass(frozen=True)
class Attendance:
    """A pupil's missed lessons. `days` on which any lesson was missed."""

    pupil: Row
    absent: int
    sick: int
    late: int
    days: int

    @property
    def missed(self) -> int:
        return self.absent + self.sick


def classes_of(school_id: int, class_ids: Collection[int] | None = None) -> list[ClassRow]:
    """Open homeroom classes of the school, or only these, in order."""
    query = (
        select(SchoolClass.id, SchoolClass.public_id, SchoolClass.name)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.kind == ClassKind.HOMEROOM,
            SchoolClass.closed_on.is_(None),
        )
        .order_by(SchoolClass.grade, SchoolClass.name)
    )
    if class_ids is not None:
        query = query.where(SchoolClass.id.in_(class_ids))
    return [ClassRow(*row) for row in db.session.execute(query)]


def marks_of_class(class_id: int, period: Period) -> ClassMarks:
    """Averages of every pupil in every subject of the period."""
    pupils = pupils_of(class_id, period)
    ids = [row.pupil_id for row in pupils]
    weighed: dict[tuple[int, str], list[averages.Weighed]] = defaultdict(list)
    for row in db.session.execute(_marks(ids, period)):
        entry = Entry(row.value, row.second, row.absence)
        weighed[row.pupil_id, row.subject] += [(value, row.weight) for value in entry.marks]
    means = {key: averages.average(marks) for key, marks in weighed.items()}
    totals = {
        (row.pupil_id, row.name): row.value for row in db.session.execute(_totals(ids, period))
    }
    subjects = sorted({subject for _, subject in [*means, *totals]})
    return ClassMarks(
        subjects,
        [
            PupilMarks(
                row,
                {s: mean for s in subjects if (mean := means.get((row.pupil_id, s))) is not None},
                {s: totals[row.pupil_id, s] for s in subjects if (row.pupil_id, s) in totals},
            )
            for row in pupils
        ],
    )


def attendance_of_class(class_id: int, period: Period) -> list[Attendance]:
    """Missed lessons of every pupil of the class in the period."""
    pupils = pupils_of(class_id, period)
    found: dict[int, list[tuple[dt.date, Absence]]] = defaultdict(list)
    for row in db.session.execute(_marks([row.pupil_id for row in pupils], period)):
        if row.absence is not None:
            found[row.pupil_id].append((row.date, row.absence))
    return [_attendance(row, found[row.pupil_id]) for row in pupils]


def missed_by_week(class_id: int, period: Period) -> list[tuple[dt.date, int]]:
    """Missed lessons of the class by the Monday of the week, weeks without any too."""
    ids = [row.pupil_id for row in pupils_of(class_id, period)]
    weeks: dict[dt.date, int] = defaultdict(int)
    for row in db.session.execute(_marks(ids, period)):
        if row.absence in MISSED:
            weeks[row.date - dt.timedelta(days=row.date.weekday())] += 1
    if not weeks:
        return []
    monday = period.since - dt.timedelta(days=period.since.weekday())
    shown = []
    while monday <= max(weeks):
        shown.append((monday, weeks[monday]))
        monday += dt.timedelta(days=7)
    return shown


def spread_of(means: Iterable[Fraction]) -> dict[int, int]:
    """How many pupils have which mark by their average: {5: 4, 4: 10, 3: 6, 2: 0}."""
    nearest = [averages.nearest_mark(mean) for mean in means]
    return {mark: nearest.count(mark) for mark in (5, 4, 3, 2)}


def _attendance(pupil: Row, missed: list[tuple[dt.date, Absence]]) -> Attendance:
    kinds = [absence for _, absence in missed]
    return Attendance(
        pupil=pupil,
        absent=kinds.count(Absence.ABSENT),
        sick=kinds.count(Absence.SICK),
        late=kinds.count(Absence.LATE),
        days=len({date for date, absence in missed if absence in MISSED}),
    )


def _marks(pupil_ids: Collection[int], period: Period) -> Select[*tuple[Any, ...]]:
    marks: Select[*tuple[Any, ...]] = (
        select(
            Mark.pupil_id,
            Mark.date,
            Mark.value,
            Mark.second,
            Mark.absence,
            Mark.weight,
            Subject.name.label("subject"),
        )
        .join(Teaching, Teaching.id == Mark.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .where(
            Mark.pupil_id.in_(pupil_ids),
            Mark.date.between(period.since, period.until),
            or_(Mark.value.is_not(None), Mark.absence.is_not(None)),
        )
    )
    return marks


def _totals(pupil_ids: Collection[int], period: Period) -> Select[*tuple[Any, ...]]:
    totals: Select[*tuple[Any, ...]] = (
        select(PeriodMark.pupil_id, Subject.name, PeriodMark.value)
        .join(Subject, Subject.id == PeriodMark.subject_id)
        .where(
            PeriodMark.pupil_id.in_(pupil_ids),
            PeriodMark.period_since == period.since,
            PeriodMark.value != "",
        )
    )
    return totals


def pupil_in(class_ids: Collection[int], public_id: str) -> tuple[int, str, str] | None:
    """(id, name, class) of a pupil of these classes, or None."""
    row = db.session.execute(
        select(
            Person.id, Person.family_name, Person.given_name, Person.patronymic, SchoolClass.name
        )
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            Person.public_id == public_id,
            Enrolment.class_id.in_(class_ids),
            Enrolment.ended_on.is_(None),
        )
    ).first()
    return (row[0], full_name(row[1], row[2], row[3]), row[4]) if row else None

"""Marks and attendance of classes over a period, for reports: one query of marks a report."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from app.core.db import db
from app.school import averages
from app.school.calendar import Period
from app.school.classes import ClassKind, Enrolment, SchoolClass, Subject, Teaching
from app.school.mark_entries import MISSED, Absence
from app.school.mark_grid import Row, pupils_of
from app.school.marks import Mark, PeriodMark, has_entry
from app.school.people import Person, full_name
from app.school.registers import was_in_class


@dataclass(frozen=True)
class ClassRow:
    """A class whose reports may be read."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class ClassMeans:
    """A class in a report of the school: how many pupils, and the mean of each who has marks."""

    row: ClassRow
    pupils: int
    means: list[Fraction]


@dataclass(frozen=True)
class PupilMarks:
    """A pupil's averages by subject, the mean of them, and what the period ended with."""

    pupil: Row
    averages: dict[str, Fraction]
    totals: dict[str, str]

    @property
    def overall(self) -> Fraction | None:
        return _overall(self.averages.values())


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
    means = _means(Mark.pupil_id.in_(ids), period)
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


def means_of_classes(classes: Sequence[ClassRow], period: Period) -> list[ClassMeans]:
    """Every class over the period; two queries, however many there are."""
    pupils: dict[int, list[int]] = defaultdict(list)
    enrolled = (
        select(Enrolment.class_id, Enrolment.pupil_id)
        .join(Person, Person.id == Enrolment.pupil_id)
        .where(Enrolment.class_id.in_([row.id for row in classes]), was_in_class(period))
    )
    for class_id, pupil_id in db.session.execute(enrolled):
        pupils[class_id].append(pupil_id)
    by_pupil: dict[int, list[Fraction]] = defaultdict(list)
    chosen = Mark.pupil_id.in_(enrolled.with_only_columns(Enrolment.pupil_id))
    for (pupil_id, _), mean in _means(chosen, period).items():
        if mean is not None:
            by_pupil[pupil_id].append(mean)
    overall = {pupil_id: _overall(means) for pupil_id, means in by_pupil.items()}
    return [
        ClassMeans(
            row,
            len(pupils[row.id]),
            [mean for key in pupils[row.id] if (mean := overall.get(key)) is not None],
        )
        for row in classes
    ]


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


def _overall(means: Collection[Fraction]) -> Fraction | None:
    return sum(means, Fraction(0)) / len(means) if means else None


def _means(pupils: ColumnElement[bool], period: Period) -> dict[tuple[int, str], Fraction | None]:
    """The weighted mean by pupil and subject, as `averages.average` has it: the database sums
    whole numbers. None where there are absences and no mark.
    """
    marks = case((Mark.value.is_(None), 0), (Mark.second.is_(None), 1), else_=2)
    value = func.coalesce(Mark.value, 0) + func.coalesce(Mark.second, 0)
    rows = db.session.execute(
        select(
            Mark.pupil_id,
            Subject.name,
            func.sum(Mark.weight * value),
            func.sum(Mark.weight * marks),
        )
        .join(Teaching, Teaching.id == Mark.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .where(pupils, _written(period))
        .group_by(Mark.pupil_id, Subject.name)
    )
    return {
        (pupil_id, subject): Fraction(total, weight) if weight else None
        for pupil_id, subject, total, weight in rows
    }


def _written(period: Period) -> ColumnElement[bool]:
    return and_(Mark.date.between(period.since, period.until), has_entry())


def _marks(pupil_ids: Collection[int], period: Period) -> Select[*tuple[Any, ...]]:
    marks: Select[*tuple[Any, ...]] = select(Mark.pupil_id, Mark.date, Mark.absence).where(
        Mark.pupil_id.in_(pupil_ids), _written(period)
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

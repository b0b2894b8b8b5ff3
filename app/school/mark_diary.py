"""The diary of one pupil: lessons of a week with marks, subjects of a period with averages.

Whose diary a person may open is asked by the page (`lessons.children_of`, or one's own).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, or_, select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.school import lesson_days
from app.school.calendar import Period, Span
from app.school.classes import Enrolment, Subject, Teaching
from app.school.mark_entries import Entry, WorkKind
from app.school.mark_grid import Numbers, numbers_of
from app.school.marks import DiaryVisit, Mark, PeriodMark, is_written
from app.school.people import Person, short_name

# Decision: marks are «новые» since the visit before this one; looking again within half an hour is
# the same visit. Who comes for the first time sees a week of new marks.
SAME_VISIT = dt.timedelta(minutes=30)
FIRST_VISIT = dt.timedelta(days=7)


@dataclass(frozen=True)
class DiaryMark:
    """A mark or an absence as its pupil sees it."""

    date: dt.date
    entry: Entry
    kind: WorkKind
    weight: int
    comment: str
    is_new: bool

    @property
    def text(self) -> str:
        return self.entry.text


@dataclass(frozen=True)
class DiaryLesson:
    """A lesson of the pupil on a day. Times are None for a lesson the timetable forgot since."""

    date: dt.date
    number: int
    teaching_id: int
    subject: str
    teacher: str
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    room: str = ""
    mark: DiaryMark | None = None
    is_substitution: bool = False
    is_cancelled: bool = False
    is_distance: bool = False


@dataclass
class DiarySubject:
    """A subject of the period; `totals` are its period marks by the first day of the period."""

    name: str
    teachers: list[str] = field(default_factory=list)
    marks: list[DiaryMark] = field(default_factory=list)
    numbers: Numbers = field(default_factory=Numbers)
    totals: dict[dt.date, str] = field(default_factory=dict)


def new_since(viewer_id: int, pupil_id: int) -> dt.datetime:
    """Note this visit; returns since when marks are new to the viewer."""
    now = clock.now()
    found = db.session.scalar(_visit(viewer_id, pupil_id))
    if found is not None and now - found.seen_at < SAME_VISIT:
        return found.before_at
    with writing() as session:
        row = session.scalar(_visit(viewer_id, pupil_id)) or DiaryVisit(
            viewer_id=viewer_id, pupil_id=pupil_id, seen_at=now - FIRST_VISIT
        )
        row.before_at, row.seen_at = row.seen_at, now
        session.add(row)
    return row.before_at


def week_of(pupil_id: int, monday: dt.date, new: dt.datetime) -> list[DiaryLesson]:
    """Lessons from `monday` to Sunday, in order, by the classes the pupil was in on each day."""
    week = Span(monday, monday + dt.timedelta(days=6))
    lines = _lines(pupil_id, week)
    marks = {(m.teaching_id, m.date, m.number): m for m in _marks(pupil_id, week)}
    days = lesson_days.lessons_between(lines, week.since, week.until)
    instead = _names({day.substitute_id for day in days if day.substitute_id})
    found = []
    for day in days:
        line = lines[day.teaching_id]
        if day.date not in line.span:
            continue
        mark = marks.pop((day.teaching_id, day.date, day.number), None)
        found.append(
            DiaryLesson(
                date=day.date,
                number=day.number,
                teaching_id=day.teaching_id,
                subject=line.subject,
                teacher=instead.get(day.substitute_id or 0, line.teacher),
                is_substitution=day.substitute_id is not None,
                is_cancelled=day.is_cancelled,
                is_distance=day.is_distance,
                starts_at=day.starts_at,
                ends_at=day.ends_at,
                room=day.room,
                mark=_diary_mark(mark, new) if mark else None,
            )
        )
    found += [
        DiaryLesson(
            date=mark.date,
            number=mark.number,
            teaching_id=mark.teaching_id,
            subject=mark.subject,
            teacher=mark.teacher,
            mark=_diary_mark(mark, new),
        )
        for mark in marks.values()
    ]
    return sorted(found, key=lambda lesson: (lesson.date, lesson.number, lesson.subject))


def subjects_of(
    pupil_id: int, period: Period, today: dt.date, new: dt.datetime
) -> list[DiarySubject]:
    """Every subject of the period with its marks in order, average, absences and period marks."""
    span = Span(period.since, period.until)
    lines = _lines(pupil_id, span)
    held: dict[str, int] = defaultdict(int)
    for day in lesson_days.lessons_between(lines, period.since, min(period.until, today)):
        if day.date in lines[day.teaching_id].span and not day.is_cancelled:
            held[lines[day.teaching_id].subject] += 1
    subjects: dict[str, DiarySubject] = {}
    for line in lines.values():
        subject = subjects.setdefault(line.subject, DiarySubject(line.subject))
        if line.teacher not in subject.teachers:
            subject.teachers.append(line.teacher)
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in _marks(pupil_id, span):
        rows[row.subject].append(row)
        subject = subjects.setdefault(row.subject, DiarySubject(row.subject, [row.teacher]))
        subject.marks.append(_diary_mark(row, new))
    for name, subject in subjects.items():
        subject.numbers = numbers_of(rows[name], held[name])
    _add_totals(pupil_id, subjects)
    return sorted(subjects.values(), key=lambda subject: subject.name)


def overall(subjects: Iterable[DiarySubject]) -> Fraction | None:
    """The mean of the subjects' averages."""
    means = [s.numbers.average for s in subjects if s.numbers.average is not None]
    return sum(means, Fraction(0)) / len(means) if means else None


@dataclass(frozen=True)
class _Line:
    subject: str
    teacher: str
    span: Span


def _lines(pupil_id: int, span: Span) -> dict[int, _Line]:
    rows = db.session.execute(
        select(
            Teaching.id,
            Subject.name,
            Enrolment.since,
            Enrolment.ended_on,
            Teaching.ended_on.label("given_until"),
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(Enrolment, Enrolment.class_id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(
            Enrolment.pupil_id == pupil_id,
            Enrolment.since <= span.until,
            or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > span.since),
            or_(Teaching.ended_on.is_(None), Teaching.ended_on > span.since),
        )
    )
    lines = {}
    for row in rows:
        ends = [day for day in (row.ended_on, row.given_until) if day]
        last = min(ends) - dt.timedelta(days=1) if ends else dt.date.max
        teacher = short_name(row.family_name, row.given_name, row.patronymic)
        lines[row.id] = _Line(row.name, teacher, Span(row.since, last))
    return lines


def _marks(pupil_id: int, span: Span) -> list[Any]:
    rows = db.session.execute(
        select(
            Mark.teaching_id,
            Mark.date,
            Mark.number,
            Mark.value,
            Mark.second,
            Mark.absence,
            Mark.kind,
            Mark.weight,
            Mark.comment,
            Mark.changed_at,
            Subject.name.label("subject"),
            (Person.family_name + " " + Person.given_name).label("teacher"),
        )
        .join(Teaching, Teaching.id == Mark.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(
            Mark.pupil_id == pupil_id,
            Mark.date.between(span.since, span.until),
            is_written(),
        )
        .order_by(Mark.date, Mark.number)
    )
    return list(rows)


def _diary_mark(row: Any, new: dt.datetime) -> DiaryMark:
    entry = Entry(row.value, row.second, row.absence)
    is_new = row.changed_at > new
    return DiaryMark(row.date, entry, row.kind, row.weight, row.comment, is_new)


def _add_totals(pupil_id: int, subjects: dict[str, DiarySubject]) -> None:
    rows = db.session.execute(
        select(Subject.name, PeriodMark.period_since, PeriodMark.value)
        .join(Subject, Subject.id == PeriodMark.subject_id)
        .where(PeriodMark.pupil_id == pupil_id, PeriodMark.value != "")
    )
    for name, since, value in rows:
        subjects.setdefault(name, DiarySubject(name)).totals[since] = value


def _names(person_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Person.id, Person.family_name, Person.given_name, Person.patronymic).where(
            Person.id.in_(person_ids)
        )
    )
    return {row[0]: short_name(*row[1:]) for row in rows}


def _visit(viewer_id: int, pupil_id: int) -> Select[DiaryVisit]:
    return select(DiaryVisit).where(
        DiaryVisit.viewer_id == viewer_id, DiaryVisit.pupil_id == pupil_id
    )

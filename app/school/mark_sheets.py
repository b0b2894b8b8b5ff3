"""Who may open which sheet of the journal (class × subject), and write on which days.

The teacher of the line of load writes always; a substitute on their dates; the class teacher reads
all subjects of the class; an administrator reads the school. Everybody else finds no such sheet.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Select, or_, select

from app.core.db import db
from app.core.errors import Missing
from app.school.calendar import Span
from app.school.classes import ClassTeacher, SchoolClass, Subject, Teaching
from app.school.people import Person, short_name
from app.school.timetable import Substitution

ALWAYS = Span(dt.date.min, dt.date.max)
# Decision: a substitute may finish their entries for a week after the last day.
AFTERWARDS = dt.timedelta(days=7)


@dataclass(frozen=True)
class Reader:
    """The person who opens journals, as plain data."""

    person_id: int
    school_id: int
    is_administrator: bool
    today: dt.date


@dataclass(frozen=True)
class Sheet:
    """A sheet as this reader may use it: `writable` holds the days they may write on."""

    teaching_id: int
    public_id: str
    class_id: int
    class_public_id: str
    class_name: str
    subject_id: int
    subject: str
    teacher_id: int
    teacher: str
    school_id: int
    ended_on: dt.date | None
    writable: tuple[Span, ...] = ()

    @property
    def may_write(self) -> bool:
        return bool(self.writable)

    @property
    def is_own(self) -> bool:
        """The reader teaches it, not only instead of somebody."""
        return ALWAYS in self.writable

    def is_writable_on(self, day: dt.date) -> bool:
        return any(day in span for span in self.writable)


def sheets_of(reader: Reader) -> list[Sheet]:
    """Every sheet the reader may open, own ones first, by class and subject. Two queries."""
    spans = _substituted(reader)
    led = select(ClassTeacher.class_id).where(
        ClassTeacher.teacher_id == reader.person_id, ClassTeacher.ended_on.is_(None)
    )
    mine = [
        (Teaching.teacher_id == reader.person_id) & Teaching.ended_on.is_(None),
        Teaching.class_id.in_(led),
        Teaching.id.in_(spans),
    ]
    query = _lines().where(SchoolClass.school_id == reader.school_id)
    if not reader.is_administrator:
        query = query.where(or_(*mine))
    found = [_sheet(row, reader, spans) for row in db.session.execute(query)]
    given = {(sheet.class_id, sheet.subject_id) for sheet in found if sheet.ended_on is None}
    # An ended line is shown inside the sheet of who teaches it now, or alone when nobody does.
    return sorted(
        (
            sheet
            for sheet in found
            if sheet.ended_on is None or (sheet.class_id, sheet.subject_id) not in given
        ),
        key=lambda sheet: not sheet.may_write,
    )


def open_sheet(reader: Reader, public_id: str) -> Sheet:
    """The sheet of this line of load.

    Raises:
        Missing: there is none, or it is not for this reader.
    """
    found = next((sheet for sheet in sheets_of(reader) if sheet.public_id == public_id), None)
    if found is None:
        raise Missing(lazy_gettext("Такого журнала среди ваших нет."))
    return found


def former_teachings(sheet: Sheet) -> list[int]:
    """Ended lines of the same class and subject: their lessons belong to the sheet, read-only."""
    return list(
        db.session.scalars(
            select(Teaching.id).where(
                Teaching.class_id == sheet.class_id,
                Teaching.subject_id == sheet.subject_id,
                Teaching.id != sheet.teaching_id,
                Teaching.ended_on.is_not(None),
            )
        )
    )


def _substituted(reader: Reader) -> dict[int, list[Span]]:
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in db.session.execute(
        select(Substitution.teaching_id, Substitution.since, Substitution.until).where(
            Substitution.substitute_id == reader.person_id,
            Substitution.since <= reader.today,
            Substitution.until >= reader.today - AFTERWARDS,
        )
    ):
        spans[row.teaching_id].append(Span(row.since, row.until))
    return spans


def _lines() -> Select[*tuple[Any, ...]]:
    lines: Select[*tuple[Any, ...]] = (
        select(
            Teaching.id,
            Teaching.public_id,
            SchoolClass.id.label("class_id"),
            SchoolClass.public_id.label("class_public_id"),
            SchoolClass.name.label("class_name"),
            Subject.id.label("subject_id"),
            Subject.name.label("subject"),
            Teaching.teacher_id,
            SchoolClass.school_id,
            Teaching.ended_on,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(SchoolClass.closed_on.is_(None))
        .order_by(SchoolClass.grade, SchoolClass.name, Subject.name, Teaching.id)
    )
    return lines


def _sheet(row: Any, reader: Reader, spans: dict[int, list[Span]]) -> Sheet:
    teacher = short_name(row.family_name, row.given_name, row.patronymic)
    sheet = Sheet(*row[:8], teacher, row.school_id, row.ended_on)  # type: ignore[call-arg]
    if row.teacher_id == reader.person_id and row.ended_on is None:
        return replace(sheet, writable=(ALWAYS,))
    return replace(sheet, writable=tuple(spans.get(row.id, ())))

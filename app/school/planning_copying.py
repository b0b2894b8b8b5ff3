"""Plans that a teacher may copy: their own of any year, and colleagues' of the same subject and
parallel in the same school. What is copied is read only; it becomes a draft first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import func, or_, select

from app.core.db import db
from app.core.errors import Missing
from app.school.classes import SchoolClass, Subject, Teaching
from app.school.mark_sheets import Reader, Sheet
from app.school.people import Person, short_name
from app.school.planning import LessonNote, Plan, PlanRow
from app.school.planning_laying import Row
from app.school.topics import plan_rows_of


@dataclass(frozen=True)
class PlanSource:
    """A line of load with something to copy. `is_past`: it or its class has ended."""

    teaching_id: int
    public_id: str
    class_name: str
    subject: str
    teacher: str
    rows: int
    is_own: bool
    is_same_subject: bool
    is_past: bool


def sources_of(sheet: Sheet, reader: Reader) -> list[PlanSource]:
    """What may be copied into the sheet's plan: the same subject first, own before others'."""
    grade = select(SchoolClass.grade).where(SchoolClass.id == sheet.class_id).scalar_subquery()
    planned = (
        select(func.count(PlanRow.id))
        .join(Plan, Plan.id == PlanRow.plan_id)
        .where(Plan.teaching_id == Teaching.id)
        .scalar_subquery()
    )
    written = (
        select(func.count(LessonNote.id))
        .where(LessonNote.teaching_id == Teaching.id, LessonNote.topic != "")
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Teaching.id,
            Teaching.public_id,
            SchoolClass.name,
            Subject.id.label("subject_id"),
            Subject.name.label("subject"),
            Teaching.teacher_id,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
            planned.label("planned"),
            written.label("written"),
            or_(Teaching.ended_on.is_not(None), SchoolClass.closed_on.is_not(None)).label("past"),
        )
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(
            SchoolClass.school_id == reader.school_id,
            Teaching.id != sheet.teaching_id,
            or_(planned > 0, written > 0),
            or_(
                Teaching.teacher_id == reader.person_id,
                (Teaching.subject_id == sheet.subject_id) & (SchoolClass.grade == grade),
            ),
        )
        .order_by(SchoolClass.grade, SchoolClass.name, Subject.name, Teaching.id)
    )
    found = [_source(row, sheet, reader) for row in rows]
    return sorted(found, key=lambda row: (not row.is_same_subject, not row.is_own, row.is_past))


def rows_of(sources: Sequence[PlanSource], key: str) -> tuple[PlanSource, list[Row]]:
    """The chosen source and its rows: its plan, or the topics written lesson by lesson.

    Raises:
        Missing: it is not among `sources`.
    """
    source = next((row for row in sources if row.public_id == key), None)
    if source is None:
        raise Missing(lazy_gettext("Такого плана среди доступных вам нет."))
    planned = plan_rows_of([source.teaching_id]).get(source.teaching_id)
    return source, planned or _written(source.teaching_id)


def _written(teaching_id: int) -> list[Row]:
    rows = db.session.execute(
        select(LessonNote.topic, LessonNote.homework)
        .where(LessonNote.teaching_id == teaching_id, LessonNote.topic != "")
        .order_by(LessonNote.date, LessonNote.number)
    )
    return [Row(topic, homework=homework) for topic, homework in rows]


def _source(row: Any, sheet: Sheet, reader: Reader) -> PlanSource:
    return PlanSource(
        teaching_id=row.id,
        public_id=row.public_id,
        class_name=row.name,
        subject=row.subject,
        teacher=short_name(row.family_name, row.given_name, row.patronymic),
        rows=row.planned or row.written,
        is_own=row.teacher_id == reader.person_id,
        is_same_subject=row.subject_id == sheet.subject_id,
        is_past=bool(row.past),
    )

"""Marks, absences, period marks, and the history of every change: tables.

A cell of the journal is known by (pupil, teaching, date, number). Rows are never deleted: a cleared
cell keeps its row, so that its version only grows and nobody overwrites what they have not seen.
What may stand in a cell is in `mark_entries`, how it is written in `marking`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import UTC, Model
from app.school.mark_entries import WEIGHTS, Absence, Entry, WorkKind

MAX_COMMENT = 300


class Mark(Model):
    """A cell that somebody has written in. `version` counts its changes from 1."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("pupil_id", "teaching_id", "date", "number"),
        Index("ix_marks_teaching_id_date", "teaching_id", "date"),
        CheckConstraint("value BETWEEN 2 AND 5", name="value"),
        CheckConstraint("second BETWEEN 2 AND 5", name="second"),
        CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    date: Mapped[dt.date] = mapped_column(Date)
    number: Mapped[int] = mapped_column()
    value: Mapped[int | None] = mapped_column()
    second: Mapped[int | None] = mapped_column()
    absence: Mapped[Absence | None] = mapped_column(Enum(Absence, native_enum=False, length=20))
    kind: Mapped[WorkKind] = mapped_column(
        Enum(WorkKind, native_enum=False, length=20), default=WorkKind.ANSWER
    )
    weight: Mapped[int] = mapped_column(default=WEIGHTS[WorkKind.ANSWER])
    comment: Mapped[str] = mapped_column(String(MAX_COMMENT), default="")
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    @property
    def entry(self) -> Entry:
        return Entry(self.value, self.second, self.absence)


def has_entry() -> ColumnElement[bool]:
    """A mark or an absence stands in the cell of `Mark`."""
    return or_(Mark.value.is_not(None), Mark.absence.is_not(None))


def is_written() -> ColumnElement[bool]:
    """A mark, an absence or a comment does: the row is not of a cleared cell."""
    return or_(has_entry(), Mark.comment != "")


class PeriodMark(Model):
    """«Итоговая отметка» of a pupil in a subject: 2–5, «н/а», or cleared (empty).

    Kept by subject, not by teaching: it stays when the teacher or the class changes. A period is
    known by its first day, for the default periods have no rows.
    """

    __tablename__ = "period_marks"
    __table_args__ = (
        UniqueConstraint("pupil_id", "subject_id", "period_since"),
        CheckConstraint("value IN ('', '2', '3', '4', '5', 'н/а')", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    period_since: Mapped[dt.date] = mapped_column(Date)
    value: Mapped[str] = mapped_column(String(3), default="")
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


class LessonWork(Model):
    """What the marks of a lesson are for, when the teacher has said so: «контрольная»."""

    __tablename__ = "lesson_works"
    __table_args__ = (
        UniqueConstraint("teaching_id", "date", "number"),
        CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    date: Mapped[dt.date] = mapped_column(Date)
    number: Mapped[int] = mapped_column()
    kind: Mapped[WorkKind] = mapped_column(Enum(WorkKind, native_enum=False, length=20))
    weight: Mapped[int] = mapped_column()


class MarkChange(Model):
    """One change of one cell. `place` is its column: «2026-11-24.3», or a period's first day.

    `before` and `after` hold what a cell holds, by the names of `Mark`. Ids of one teaching grow
    in the order of commits (`marking` locks the teaching), so a reader may ask what came since.
    """

    __tablename__ = "mark_changes"
    __table_args__ = (
        Index("ix_mark_changes_teaching_id", "teaching_id", "id"),
        Index("ix_mark_changes_cell", "pupil_id", "teaching_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    place: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReopenedSheet(Model):
    """An administrator lets the teacher correct a closed period until this day, included."""

    __tablename__ = "reopened_sheets"
    __table_args__ = (UniqueConstraint("teaching_id", "period_since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    period_since: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)


class DiaryVisit(Model):
    """When a person last looked at a pupil's diary: marks set since the visit before are new."""

    __tablename__ = "diary_visits"
    __table_args__ = (UniqueConstraint("viewer_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    viewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    seen_at: Mapped[dt.datetime] = mapped_column(UTC)
    before_at: Mapped[dt.datetime] = mapped_column(UTC)

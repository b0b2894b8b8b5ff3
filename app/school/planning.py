"""Topics and homework: tables.

There are two places for a topic and one rule. A **plan** is the ordered rows of a line of load
(«тематический план»): section, topic, hours, homework; its rows have no dates. The k-th lesson
given in the school year has the k-th hour of the plan (`planning_laying`), so that topics move by
themselves when lessons are cancelled or added. A **note** is what a teacher writes for one lesson
(teaching, date, number); its topic goes before the plan's, which moves on all the same.
Decision: when that lesson is cancelled, its own topic stays with the day, for it says what that
lesson was to be, and stands again when the lesson is given after all; what must not be lost moves
by itself: the plan's topics by their order, homework because pupils have it to do.

Homework is given to pupils by a note only. Decision: it stands with the lesson for which it is to
be done; what the plan proposes is a draft until the teacher gives it, for pupils must not see work
that moves of itself. Notes are never deleted: an emptied one keeps its version.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model
from app.school.kept_files import KeptFile

MAX_TOPIC = 300
MAX_SECTION = 200
MAX_HOMEWORK = 4000
MAX_HOURS = 20
MAX_ROWS = 400


class Plan(Model):
    """The plan of a line of load. `version` counts its changes: nobody overwrites unseen rows."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    rows: Mapped[list[PlanRow]] = relationship(
        cascade="all, delete-orphan", order_by="PlanRow.position"
    )


class PlanRow(Model):
    """A row of a plan: one topic, given in `hours` lessons."""

    __tablename__ = "plan_rows"
    __table_args__ = (
        Index("ix_plan_rows_plan_id_position", "plan_id", "position"),
        CheckConstraint("hours BETWEEN 1 AND 20", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    section: Mapped[str] = mapped_column(String(MAX_SECTION), default="")
    topic: Mapped[str] = mapped_column(String(MAX_TOPIC))
    hours: Mapped[int] = mapped_column(default=1)
    homework: Mapped[str] = mapped_column(Text, default="")


class PlanDraft(Model):
    """Rows that may become a plan: read from a file, copied, or what a plan was before.

    Shown only to the person who made it, with what it would overwrite; the last ten are kept.
    """

    __tablename__ = "plan_drafts"
    __table_args__ = (Index("ix_plan_drafts_teaching_id_by_id", "teaching_id", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    source: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


class LessonNote(Model):
    """What was written for a lesson. `version` counts its changes from 1.

    `given_at`: since when pupils see homework; `edited_at`: it changed after they may have seen it.
    """

    __tablename__ = "lesson_notes"
    __table_args__ = (UniqueConstraint("teaching_id", "date", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    date: Mapped[dt.date] = mapped_column(Date)
    number: Mapped[int] = mapped_column()
    topic: Mapped[str] = mapped_column(String(MAX_TOPIC), default="")
    homework: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    given_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    edited_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    files: Mapped[list[HomeworkFile]] = relationship(
        cascade="all, delete-orphan", order_by="HomeworkFile.id"
    )


class HomeworkFile(KeptFile):
    """A file of homework."""

    __tablename__ = "homework_files"
    __table_args__ = (Index("ix_homework_files_note_id", "note_id"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("lesson_notes.id", ondelete="CASCADE"))


class HomeworkDone(Model):
    """A pupil's own tick «сделано»: nobody else is shown it."""

    __tablename__ = "homework_done"
    __table_args__ = (UniqueConstraint("note_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("lesson_notes.id", ondelete="CASCADE"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


class NoteChange(Model):
    """One change of a note: what it held before and after, who made it and when."""

    __tablename__ = "note_changes"
    __table_args__ = (Index("ix_note_changes_note_id", "note_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("lesson_notes.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

"""The weekly timetable, bells, what differs on a date, and dated substitutions («замены»)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model
from app.school.classes import Teaching
from app.school.people import Person


class TimetableSlot(Model):
    """A lesson of every week: `weekday` 1 (Monday) – 7, `number` from 0, school's local time."""

    __tablename__ = "timetable_slots"
    __table_args__ = (
        # A lesson may end and begin again later: the dates make the two different rows.
        UniqueConstraint("teaching_id", "weekday", "number", "since"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("number BETWEEN 0 AND 14", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    weekday: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    starts_at: Mapped[dt.time] = mapped_column(Time)
    ends_at: Mapped[dt.time] = mapped_column(Time)
    room: Mapped[str] = mapped_column(String(40), default="")
    # None: since ever. `ended_on` is the first day it is no more given.
    since: Mapped[dt.date | None] = mapped_column(Date)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    teaching: Mapped[Teaching] = relationship()


class Bell(Model):
    """When the lesson of this number is given, unless the timetable says another time."""

    __tablename__ = "bells"
    __table_args__ = (
        UniqueConstraint("school_id", "number"),
        CheckConstraint("number BETWEEN 0 AND 14", name="number"),
        CheckConstraint("starts_at < ends_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    number: Mapped[int] = mapped_column()
    starts_at: Mapped[dt.time] = mapped_column(Time)
    ends_at: Mapped[dt.time] = mapped_column(Time)


class LessonChange(Model):
    """One lesson that differs from the weekly timetable: cancelled, moved, distance, or extra.

    `planned_on` and `planned_number` are its place in the timetable; None: an extra lesson. The
    other fields say where and how it is given. Rows stay: a lesson put back differs in nothing.
    """

    __tablename__ = "lesson_changes"
    __table_args__ = (
        UniqueConstraint("teaching_id", "planned_on", "planned_number"),
        Index("ix_lesson_changes_teaching_id_date", "teaching_id", "date"),
        CheckConstraint("number BETWEEN 0 AND 14", name="number"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("(planned_on IS NULL) = (planned_number IS NULL)", name="planned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    planned_on: Mapped[dt.date | None] = mapped_column(Date)
    planned_number: Mapped[int | None] = mapped_column()
    date: Mapped[dt.date] = mapped_column(Date)
    number: Mapped[int] = mapped_column()
    starts_at: Mapped[dt.time] = mapped_column(Time)
    ends_at: Mapped[dt.time] = mapped_column(Time)
    room: Mapped[str] = mapped_column(String(40), default="")
    is_distance: Mapped[bool] = mapped_column(default=False)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    # Counted up by every change: a calendar program takes the newest (RFC 5545, SEQUENCE).
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now, onupdate=clock.now)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    teaching: Mapped[Teaching] = relationship()


class Substitution(Model):
    """`substitute` gives the lessons of `teaching` from `since` to `until`, both days included."""

    __tablename__ = "substitutions"
    __table_args__ = (
        Index("ix_substitutions_teaching_id", "teaching_id"),
        CheckConstraint("since <= until", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teachings.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    since: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[dt.datetime | None] = mapped_column(UTC, default=clock.now)

    teaching: Mapped[Teaching] = relationship()
    substitute: Mapped[Person] = relationship(foreign_keys=[substitute_id])

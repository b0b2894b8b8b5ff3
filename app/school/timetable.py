"""The weekly timetable and dated substitutions («замены»)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import tokens
from app.core.db import Model
from app.school.classes import Teaching
from app.school.people import Person


class TimetableSlot(Model):
    """A lesson of every week: `weekday` 1 (Monday) – 7, `number` from 0, school's local time."""

    __tablename__ = "timetable_slots"
    __table_args__ = (
        UniqueConstraint("teaching_id", "weekday", "number"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("number BETWEEN 0 AND 14", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
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

    teaching: Mapped[Teaching] = relationship()
    substitute: Mapped[Person] = relationship()

"""The school year: periods («четверти») and days without lessons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import tokens
from app.core.db import Model, db


class Period(Model):
    """A part of the year that ends with period marks: «1 четверть». Both days included."""

    __tablename__ = "periods"
    __table_args__ = (
        UniqueConstraint("school_id", "since"),
        CheckConstraint("since <= until", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(80))
    since: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)


class DayOff(Model):
    """Days without lessons: holidays and feasts. Both days included."""

    __tablename__ = "days_off"
    __table_args__ = (
        UniqueConstraint("school_id", "since"),
        CheckConstraint("since <= until", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(80))
    since: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)


@dataclass(frozen=True)
class Span:
    """Days from `since` to `until`, both included."""

    since: dt.date
    until: dt.date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.since <= day <= self.until


def default_periods(autumn: int) -> list[tuple[str, dt.date, dt.date]]:
    """The four quarters of the year that begins in `autumn`, by the usual Russian calendar.

    Decision: a school that has entered no periods works by these, so that a journal opens at once.
    """
    spring = autumn + 1
    return [
        ("1 четверть", dt.date(autumn, 9, 1), dt.date(autumn, 10, 25)),
        ("2 четверть", dt.date(autumn, 11, 2), dt.date(autumn, 12, 30)),
        ("3 четверть", dt.date(spring, 1, 11), dt.date(spring, 3, 28)),
        ("4 четверть", dt.date(spring, 4, 5), dt.date(spring, 5, 31)),
    ]


def autumn_of(day: dt.date) -> int:
    """The year in which the school year of `day` began; it turns on 1 August."""
    return day.year if day.month >= 8 else day.year - 1


def periods_of(school_id: int, day: dt.date) -> list[Period]:
    """The periods of the school year of `day`, in order; unsaved default ones when none is kept."""
    autumn = autumn_of(day)
    kept = list(
        db.session.scalars(
            select(Period)
            .where(
                Period.school_id == school_id,
                Period.since >= dt.date(autumn, 8, 1),
                Period.since < dt.date(autumn + 1, 8, 1),
            )
            .order_by(Period.since)
        )
    )
    return kept or [
        Period(school_id=school_id, name=name, since=since, until=until)
        for name, since, until in default_periods(autumn)
    ]


def period_at(periods: list[Period], day: dt.date) -> Period:
    """The period of `day`; in the holidays the one just ended, before the year its first."""
    begun = [period for period in periods if period.since <= day]
    return begun[-1] if begun else periods[0]


def days_off(school_id: int, since: dt.date, until: dt.date) -> list[Span]:
    """Days without lessons that touch these days."""
    rows = db.session.execute(
        select(DayOff.since, DayOff.until).where(
            DayOff.school_id == school_id, DayOff.since <= until, DayOff.until >= since
        )
    )
    return [Span(row.since, row.until) for row in rows]


def named_days_off(school_id: int, since: dt.date, until: dt.date) -> dict[dt.date, str]:
    """Every day without lessons of these days, with what the school calls it."""
    rows = db.session.execute(
        select(DayOff.name, DayOff.since, DayOff.until).where(
            DayOff.school_id == school_id, DayOff.since <= until, DayOff.until >= since
        )
    ).all()
    found = {}
    for offset in range((until - since).days + 1):
        day = since + dt.timedelta(days=offset)
        for row in rows:
            if row.since <= day <= row.until:
                found[day] = row.name
    return found


def is_holiday(periods: list[Period], since: dt.date, until: dt.date) -> bool:
    """None of these days lies in a period."""
    return not any(period.since <= until and period.until >= since for period in periods)

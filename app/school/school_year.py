"""The administrator's words about the school year: periods, days off, bells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import select, update

from app.core import audit
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing
from app.core.transaction import writing
from app.school.bells import Ring, bells_of
from app.school.calendar import DayOff, Period, periods_of
from app.school.classes import SchoolClass, Teaching
from app.school.people import Person, School
from app.school.timetable import Bell, TimetableSlot


@dataclass(frozen=True)
class PeriodWords:
    """A period as typed. `key`: public id of a kept one; both days included."""

    key: str
    name: str
    since: dt.date
    until: dt.date


def save_periods(by: Person, autumn: int, rows: Sequence[PeriodWords]) -> None:
    """These are the periods of the school year that begins in `autumn`.

    Kept ones are changed in place: marks of a period refer to them. The first saving keeps the
    usual ones under the names and days typed.

    Raises:
        Invalid: none, out of order, overlapping, or out of the year.
        Missing: a key is not of this school's year.
    """
    ordered = sorted(rows, key=lambda row: row.since)
    _refuse_periods(autumn, ordered)
    with writing() as session:
        kept = {
            row.public_id: row
            for row in periods_of(by.school_id, dt.date(autumn, 9, 1))
            if row.id is not None
        }
        if any(row.key and row.key not in kept for row in ordered):
            raise Missing(lazy_gettext("Такого периода нет."))
        gone = set(kept) - {row.key for row in ordered}
        if gone:
            raise Conflict(lazy_gettext("Период нельзя убрать: в нём могут быть оценки."))
        # Days first move out of each other's way: the first day of a period is unique.
        for number, row in enumerate(kept.values()):
            row.since = row.until = dt.date(1900, 1, 1) + dt.timedelta(days=number + row.id)
        session.flush()
        for words in ordered:
            period = kept.get(words.key) or Period(school_id=by.school_id)
            period.name, period.since, period.until = words.name, words.since, words.until
            session.add(period)
        _note(by, "school_year.periods", autumn=autumn, count=len(ordered))


def add_day_off(by: Person, name: str, since: dt.date, until: dt.date) -> None:
    """No lessons on these days.

    Raises:
        Invalid: the last day is before the first.
        Conflict: other days off begin on the same day.
    """
    if since > until:
        raise Invalid(lazy_gettext("Последний день раньше первого."))
    with writing() as session:
        _lock(by)
        if session.scalar(
            select(DayOff.id).where(DayOff.school_id == by.school_id, DayOff.since == since)
        ):
            raise Conflict(lazy_gettext("С этого дня уже отмечены выходные."))
        session.add(DayOff(school_id=by.school_id, name=name, since=since, until=until))
        _note(by, "school_year.day_off", name=name, since=since.isoformat())


def remove_day_off(by: Person, since: dt.date) -> None:
    """Lessons are given after all on the days off that begin on `since`. Twice is once."""
    with writing() as session:
        row = session.scalars(
            select(DayOff).where(DayOff.school_id == by.school_id, DayOff.since == since)
        ).one_or_none()
        if row is not None:
            session.delete(row)
            _note(by, "school_year.day_on", name=row.name, since=since.isoformat())


def days_off_of(school_id: int, autumn: int) -> list[DayOff]:
    """Days off of the school year, in order."""
    return list(
        db.session.scalars(
            select(DayOff)
            .where(
                DayOff.school_id == school_id,
                DayOff.since >= dt.date(autumn, 8, 1),
                DayOff.since < dt.date(autumn + 1, 8, 1),
            )
            .order_by(DayOff.since)
        )
    )


def save_bells(by: Person, rings: Sequence[Ring]) -> int:
    """These are the bells; lessons of the week that rang by the old ones ring by the new ones.
    Lessons at times of their own stay. Returns how many lessons changed.

    Raises:
        Invalid: no bells, a lesson that ends before it begins, or two at once.
    """
    ordered = sorted(rings)
    _refuse_bells(ordered)
    with writing() as session:
        _lock(by)
        before = {ring.number: ring for ring in bells_of(by.school_id)}
        kept = {
            row.number: row
            for row in session.scalars(select(Bell).where(Bell.school_id == by.school_id))
        }
        changed = 0
        for ring in ordered:
            bell = kept.pop(ring.number, None) or Bell(school_id=by.school_id, number=ring.number)
            bell.starts_at, bell.ends_at = ring.starts_at, ring.ends_at
            session.add(bell)
            old = before.get(ring.number)
            if old is not None and old != ring:
                changed += _ring_anew(by.school_id, old, ring)
        for row in kept.values():
            session.delete(row)
        _note(by, "school_year.bells", count=len(ordered))
    return changed


def _ring_anew(school_id: int, old: Ring, new: Ring) -> int:
    ids = (
        select(Teaching.id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(SchoolClass.school_id == school_id)
    )
    result = db.session.execute(
        update(TimetableSlot)
        .where(
            TimetableSlot.teaching_id.in_(ids),
            TimetableSlot.number == old.number,
            TimetableSlot.starts_at == old.starts_at,
            TimetableSlot.ends_at == old.ends_at,
            TimetableSlot.ended_on.is_(None),
        )
        .values(starts_at=new.starts_at, ends_at=new.ends_at)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def _refuse_periods(autumn: int, ordered: Sequence[PeriodWords]) -> None:
    if not ordered:
        raise Invalid(lazy_gettext("Нужен хотя бы один период."))
    first, after = dt.date(autumn, 8, 1), dt.date(autumn + 1, 8, 1)
    last = None
    for row in ordered:
        if row.since > row.until:
            raise Invalid(lazy_gettext("«%(name)s»: последний день раньше первого.", name=row.name))
        if row.since < first or row.until >= after:
            raise Invalid(lazy_gettext("«%(name)s» выходит за учебный год.", name=row.name))
        if last is not None and row.since <= last.until:
            raise Invalid(
                lazy_gettext(
                    "«%(left)s» и «%(right)s» пересекаются.", left=last.name, right=row.name
                )
            )
        last = row


def _refuse_bells(ordered: Sequence[Ring]) -> None:
    if not ordered:
        raise Invalid(lazy_gettext("Нужен хотя бы один звонок."))
    last = None
    for ring in ordered:
        if ring.starts_at >= ring.ends_at:
            raise Invalid(
                lazy_gettext(
                    "Урок %(number)d заканчивается раньше, чем начинается.", number=ring.number
                )
            )
        if last is not None and ring.starts_at < last.ends_at:
            raise Invalid(
                lazy_gettext(
                    "Уроки %(left)d и %(right)d идут одновременно.",
                    left=last.number,
                    right=ring.number,
                )
            )
        last = ring


def _lock(by: Person) -> None:
    db.session.execute(select(School.id).where(School.id == by.school_id).with_for_update())


def _note(by: Person, action: str, **details: str | int) -> None:
    audit.note(
        actor=f"person:{by.public_id}", action=action, subject=f"school:{by.school_id}", **details
    )

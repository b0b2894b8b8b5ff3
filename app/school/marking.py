"""Writing into the journal: one cell, and the kind of a lesson's work.

Who may open a sheet is asked before (`mark_sheets.open_sheet`); here the place and the pupil are
checked, nobody overwrites what they have not seen, and every change goes into the history.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Denied, Invalid, Missing
from app.core.transaction import writing
from app.school import calendar, mark_grid
from app.school.calendar import Period
from app.school.mark_entries import EXAMPLES, MAX_WEIGHT, WEIGHTS, Unreadable, WorkKind, read_entry
from app.school.mark_grid import Column, Row
from app.school.mark_history import Overtaken, Snapshot, Wish, bump, lock, remember, snapshot
from app.school.mark_sheets import Reader, Sheet
from app.school.marks import MAX_COMMENT, LessonWork, Mark


@dataclass(frozen=True)
class Place:
    """A column of a sheet that exists and may be written now."""

    sheet: Sheet
    period: Period
    column: Column
    pupils: dict[str, Row]
    reader: Reader


def period_of(sheet: Sheet, day: dt.date) -> Period:
    """The period of a day.

    Raises:
        Missing: the day is in holidays.
    """
    for period in calendar.periods_of(sheet.school_id, day):
        if period.since <= day <= period.until:
            return period
    raise Missing(lazy_gettext("Такого урока нет."))


def find_place(sheet: Sheet, key: str, reader: Reader, *, to_write: bool = True) -> Place:
    """The column `key` («2026-11-24.3») of the sheet.

    Raises:
        Missing: there is no such lesson.
        Denied: it cannot be written: not this person's day, a day to come, or a closed period.
    """
    try:
        period = period_of(sheet, dt.date.fromisoformat(key.partition(".")[0]))
    except ValueError:
        raise Missing(lazy_gettext("Такого урока нет.")) from None
    closed = mark_grid.is_closed(sheet, period, reader.today)
    columns = mark_grid.columns_of(sheet, period, closed=closed, today=reader.today)
    column = next((column for column in columns if column.key == key), None)
    if column is None:
        raise Missing(lazy_gettext("Такого урока нет."))
    if to_write and not column.is_writable:
        raise Denied(_why_not(sheet, column, closed=closed, today=reader.today))
    pupils = mark_grid.pupils_of(sheet.class_id, period)
    return Place(sheet, period, column, {row.public_id: row for row in pupils}, reader)


def write_mark(place: Place, pupil: str, wish: Wish) -> Snapshot:
    """Put `wish` into the cell of the pupil (public id); returns what stands there now.

    Sending the same again changes nothing and succeeds.

    Raises:
        Missing: no such pupil in the class on that day. Invalid: unreadable text, weight, comment.
        Overtaken: the cell has changed since `wish.version`.
    """
    row = place.pupils.get(pupil)
    column = place.column
    if row is None or column.date not in row.in_class:
        raise Missing(lazy_gettext("Такого обучающегося в классе нет."))
    with writing() as session:
        lock(place.sheet)
        mark = _mark_of(row.pupil_id, column)
        before = snapshot(mark)
        wanted = _wanted(mark, column, wish)
        if wanted == {**before, "version": None}:
            return before
        if mark.version != wish.version:
            raise Overtaken(before)
        entry = read_entry(wanted["text"])
        mark.value, mark.second, mark.absence = entry.value, entry.second, entry.absence
        mark.kind, mark.weight = WorkKind(wanted["kind"]), wanted["weight"]
        mark.comment = wanted["comment"]
        bump(mark)
        session.add(mark)
        after = snapshot(mark)
        remember(place.sheet, row.pupil_id, column.key, by=place.reader, before=before, after=after)
    return after


def set_work(place: Place, kind: WorkKind, weight: int) -> int:
    """Say what the marks of the lesson are for; those set as usual so far follow. How many did.

    Raises:
        Invalid: the weight is out of bounds.
    """
    _check_weight(weight)
    column, was = place.column, (place.column.kind or WorkKind.ANSWER, place.column.weight)
    names = {row.pupil_id: row for row in place.pupils.values()}
    with writing() as session:
        lock(place.sheet)
        where = {
            "teaching_id": column.teaching_id,
            "date": column.date,
            "number": column.number,
        }
        work = session.scalar(select(LessonWork).filter_by(**where)) or LessonWork(**where)
        work.kind, work.weight = kind, weight
        session.add(work)
        marks = session.scalars(select(Mark).filter_by(**where)).all()
        follow = [m for m in marks if m.pupil_id in names and (m.kind, m.weight) == was]
        for mark in follow:
            before = snapshot(mark)
            mark.kind, mark.weight = kind, weight
            if snapshot(mark) != before:
                bump(mark)
                remember(
                    place.sheet,
                    mark.pupil_id,
                    column.key,
                    by=place.reader,
                    before=before,
                    after=snapshot(mark),
                )
    return len(follow)


def _wanted(mark: Mark, column: Column, wish: Wish) -> Snapshot:
    try:
        entry = read_entry(wish.text)
    except Unreadable:
        raise Invalid(
            lazy_gettext("В клетке может стоять: %(entries)s.", entries=EXAMPLES)
        ) from None
    # A cell nobody wrote in takes the kind of the lesson's work.
    is_fresh = mark.version == 0
    usual = (column.kind or WorkKind.ANSWER, column.weight)
    kind = wish.kind or (usual[0] if is_fresh else mark.kind)
    weight = wish.weight
    if weight is None:
        weight = (WEIGHTS[kind] if wish.kind else usual[1]) if is_fresh else mark.weight
    _check_weight(weight)
    comment = mark.comment if wish.comment is None else wish.comment.strip()
    if len(comment) > MAX_COMMENT:
        raise Invalid(lazy_gettext("Комментарий не длиннее 300 символов."))
    return {
        "text": entry.text,
        "kind": kind.value,
        "weight": weight,
        "comment": comment,
        "version": None,
    }


def _check_weight(weight: int) -> None:
    if not 1 <= weight <= MAX_WEIGHT:
        raise Invalid(lazy_gettext("Вес отметки — от 1 до 5."))


def _why_not(sheet: Sheet, column: Column, *, closed: bool, today: dt.date) -> Any:
    if not sheet.may_write or column.teaching_id != sheet.teaching_id:
        return lazy_gettext("Этот журнал вы можете только смотреть.")
    if column.date > today:
        return lazy_gettext("Этот урок ещё не прошёл.")
    if closed:
        return lazy_gettext("Период закрыт для исправлений. Открыть его может администратор школы.")
    return lazy_gettext("В этот день вы не заменяли учителя.")


def _mark_of(pupil_id: int, column: Column) -> Mark:
    where = {
        "pupil_id": pupil_id,
        "teaching_id": column.teaching_id,
        "date": column.date,
        "number": column.number,
    }
    kept = db.session.scalar(select(Mark).filter_by(**where))
    return kept or Mark(
        **where,
        kind=column.kind or WorkKind.ANSWER,
        weight=column.weight,
        comment="",
        version=0,
    )

"""The lessons of a sheet (class × subject) in a period, with topics and homework, for teachers.

Who may open the sheet is asked before (`mark_sheets.open_sheet`); what may be written is said by
each lesson, and `homework_giving` writes it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Missing
from app.school import mark_grid, marking, topics
from app.school.calendar import Period
from app.school.homework import FileLine, files_of
from app.school.lesson_days import LessonDay
from app.school.mark_sheets import Reader, Sheet, former_teachings
from app.school.planning import LessonNote
from app.school.planning_laying import Hour, Place, laid_each, place_of, settled

NOTHING = lazy_gettext("Такого урока нет.")


@dataclass(frozen=True)
class Carried:
    """Homework that has come here from a lesson that is not given."""

    key: str
    date: dt.date
    text: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True)
class PlannedLesson:
    """A lesson as its teacher plans it. `key` («2026-11-24.3») names it in addresses.

    `ordinal`: which lesson of the year it is. `hour`: what the plan has for it. `topic` and
    `homework`: what was written for it. `may_give`: homework may be written, which a substitute
    does for the lesson after their last one, too.
    """

    key: str
    teaching_id: int
    date: dt.date
    number: int
    ordinal: int | None
    may_write: bool
    may_give: bool
    is_cancelled: bool = False
    moved_to: dt.date | None = None
    hour: Hour | None = None
    note_id: str = ""
    topic: str = ""
    homework: str = ""
    files: tuple[FileLine, ...] = ()
    version: int = 0
    is_given: bool = False
    is_edited: bool = False
    carried: tuple[Carried, ...] = ()

    @property
    def shown_topic(self) -> str:
        """What pupils see."""
        return self.topic or (self.hour.topic if self.hour else "")

    @property
    def proposed(self) -> str:
        """Homework that the plan has and nobody has given yet."""
        return "" if self.homework or self.files or not self.hour else self.hour.homework


def lessons_of(sheet: Sheet, period: Period, reader: Reader) -> list[PlannedLesson]:
    """Lessons of the period in order, cancelled ones too. The same dozen queries for any number."""
    teachings = [sheet.teaching_id, *former_teachings(sheet)]
    year = topics.lessons_of_year(teachings, period.since)
    notes = _notes(teachings, year)
    files = files_of([note.id for note in notes])
    closed = mark_grid.is_closed(sheet, period, reader.today)
    by_place = {place_of(note): note for note in notes}
    carried = _carried(sheet, notes, files, year)
    hours = laid_each(topics.plan_rows_of(teachings), year)
    found, ordinal, before = [], 0, None
    for day in year:
        ordinal += not day.is_cancelled
        may = not closed and not day.is_cancelled and day.teaching_id == sheet.teaching_id
        is_own_day = sheet.is_writable_on(day.date)
        follows = before is not None and sheet.is_writable_on(before)
        if not day.is_cancelled:
            before = day.date
        if not period.since <= day.date <= period.until:
            continue
        place = place_of(day)
        found.append(
            PlannedLesson(
                key=_key(sheet, place),
                teaching_id=day.teaching_id,
                date=day.date,
                number=day.number,
                ordinal=None if day.is_cancelled else ordinal,
                may_write=may and is_own_day,
                may_give=may and (is_own_day or follows),
                is_cancelled=day.is_cancelled,
                moved_to=day.moved_to,
                hour=hours.get(place),
                carried=tuple(carried.get(place, ())),
                **_written(by_place.get(place), files),
            )
        )
    return found


def find_lesson(sheet: Sheet, key: str, reader: Reader) -> PlannedLesson:
    """The lesson `key` of the sheet.

    Raises:
        Missing: there is no such lesson.
    """
    try:
        period = marking.period_of(sheet, dt.date.fromisoformat(key.partition(".")[0]))
    except ValueError:
        raise Missing(NOTHING) from None
    for lesson in lessons_of(sheet, period, reader):
        if lesson.key == key:
            return lesson
    raise Missing(NOTHING)


def _notes(teachings: list[int], year: list[LessonDay]) -> list[Any]:
    if not year:
        return []
    return list(
        db.session.execute(
            select(
                LessonNote.id,
                LessonNote.public_id,
                LessonNote.teaching_id,
                LessonNote.date,
                LessonNote.number,
                LessonNote.topic,
                LessonNote.homework,
                LessonNote.version,
                LessonNote.given_at,
                LessonNote.edited_at,
            )
            .where(
                LessonNote.teaching_id.in_(teachings),
                LessonNote.date.between(year[0].date, year[-1].date),
            )
            .order_by(LessonNote.date, LessonNote.number)
        )
    )


def _written(note: Any, files: dict[int, tuple[FileLine, ...]]) -> dict[str, Any]:
    if note is None:
        return {}
    return {
        "note_id": note.public_id,
        "topic": note.topic,
        "homework": note.homework,
        "files": files.get(note.id, ()),
        "version": note.version,
        "is_given": note.given_at is not None,
        "is_edited": note.edited_at is not None,
    }


def _carried(
    sheet: Sheet, notes: list[Any], files: dict[int, tuple[FileLine, ...]], year: list[LessonDay]
) -> dict[Place, list[Carried]]:
    given = [note for note in notes if note.given_at is not None]
    found: dict[Place, list[Carried]] = defaultdict(list)
    goes = settled([place_of(note) for note in given], year)
    for note in given:
        place = place_of(note)
        if goes[place] != place:
            found[goes[place]].append(
                Carried(_key(sheet, place), note.date, note.homework, files.get(note.id, ()))
            )
    return found


def _key(sheet: Sheet, place: Place) -> str:
    teaching_id, date, number = place
    own = f"{date}.{number}"
    return own if teaching_id == sheet.teaching_id else f"{own}.{teaching_id}"

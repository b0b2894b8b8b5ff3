"""The history of the journal: what a cell held, who changed it when, and what came since.

`marking` and `period_marking` write it in the transaction of the change itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.school.classes import Subject, Teaching
from app.school.mark_entries import WorkKind
from app.school.mark_sheets import Reader, Sheet
from app.school.marks import Mark, MarkChange, PeriodMark
from app.school.people import Person, short_name

Snapshot = dict[str, Any]
# More than a teacher enters between two looks; the rest comes with the next one.
MOST_AT_ONCE = 500


class Overtaken(Conflict):
    """Somebody changed the cell since this person saw it. `now`: what stands there."""

    def __init__(self, now: Snapshot) -> None:
        super().__init__(lazy_gettext("Эту клетку только что изменили. Выберите, что оставить."))
        self.now = now


@dataclass(frozen=True)
class Wish:
    """What a person wants in a cell, and the version they saw. None: as it is, or as usual."""

    text: str
    version: int
    kind: WorkKind | None = None
    weight: int | None = None
    comment: str | None = None


@dataclass(frozen=True)
class Change:
    """A line of a cell's history."""

    at: dt.datetime
    by: str
    before: Snapshot
    after: Snapshot


@dataclass(frozen=True)
class Fresh:
    """A cell that changed: whose (public id), where, and what stands there now."""

    pupil_id: int
    pupil: str
    place: str
    now: Snapshot
    by: str


def snapshot(mark: Mark) -> Snapshot:
    """What a cell holds, as the history and the browser know it."""
    return {
        "text": mark.entry.text,
        "kind": mark.kind.value,
        "weight": mark.weight,
        "comment": mark.comment,
        "version": mark.version,
    }


def history_of(sheet: Sheet, pupil_id: int, place: str) -> list[Change]:
    """All changes of a cell, the latest first."""
    rows = db.session.execute(
        select(
            MarkChange.at,
            MarkChange.before,
            MarkChange.after,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(Person, Person.id == MarkChange.by_id)
        .where(
            MarkChange.teaching_id == sheet.teaching_id,
            MarkChange.pupil_id == pupil_id,
            MarkChange.place == place,
        )
        .order_by(MarkChange.id.desc())
    )
    return [Change(row.at, short_name(*row[3:]), row.before, row.after) for row in rows]


def changes_since(sheet: Sheet, cursor: int) -> tuple[list[Fresh], int]:
    """Cells of the sheet changed after `cursor`, each once as it is now; and the new cursor."""
    pupil, author = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            MarkChange.id,
            MarkChange.pupil_id,
            pupil.public_id,
            MarkChange.place,
            MarkChange.after,
            author.family_name,
            author.given_name,
            author.patronymic,
        )
        .join(pupil, pupil.id == MarkChange.pupil_id)
        .join(author, author.id == MarkChange.by_id)
        .where(MarkChange.teaching_id == sheet.teaching_id, MarkChange.id > cursor)
        .order_by(MarkChange.id)
        .limit(MOST_AT_ONCE)
    ).all()
    latest = {(row.pupil_id, row.place): row for row in rows}
    fresh = [
        Fresh(row.pupil_id, row.public_id, row.place, row.after, short_name(*row[5:]))
        for row in latest.values()
    ]
    return fresh, rows[-1].id if rows else cursor


def last_author(sheet: Sheet, pupil_id: int, place: str) -> str:
    """Who changed the cell last, «Ким О. И.»; empty when nobody has."""
    found = history_of(sheet, pupil_id, place)
    return found[0].by if found else ""


def lock(sheet: Sheet) -> None:
    """One writer a subject at a time (SQLite's write lock does it anyway)."""
    db.session.execute(select(Subject.id).where(Subject.id == sheet.subject_id).with_for_update())
    db.session.execute(
        select(Teaching.id).where(Teaching.id == sheet.teaching_id).with_for_update()
    )


def bump(mark: Mark | PeriodMark) -> None:
    """The cell has changed now."""
    mark.version += 1
    mark.changed_at = clock.now()


def remember(
    sheet: Sheet, pupil_id: int, place: str, *, by: Reader, before: Snapshot, after: Snapshot
) -> None:
    """Write a change of a cell down."""
    db.session.add(
        MarkChange(
            teaching_id=sheet.teaching_id,
            pupil_id=pupil_id,
            place=place,
            by_id=by.person_id,
            before=before,
            after=after,
            at=clock.now(),
        )
    )

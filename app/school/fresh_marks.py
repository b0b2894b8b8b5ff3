"""Marks of the last days of one pupil, the newest first: for «Главная».

Whose marks a person may see is asked by the page, as for the diary.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from app.core import clock
from app.core.db import db
from app.school.classes import Subject, Teaching
from app.school.mark_diary import FIRST_VISIT, DiaryMark
from app.school.mark_entries import Entry
from app.school.marks import DiaryVisit, Mark, has_entry

MOST = 8


@dataclass(frozen=True)
class FreshMark:
    """A mark or an absence with its subject; new: set since the viewer last opened the diary."""

    subject: str
    mark: DiaryMark


def fresh_marks(pupil_id: int, *, viewer_id: int) -> list[FreshMark]:
    """What was set within a week, by one query. Looking at it here is no visit to the diary."""
    since = clock.now() - FIRST_VISIT
    rows = db.session.execute(
        select(
            Subject.name,
            Mark.date,
            Mark.value,
            Mark.second,
            Mark.absence,
            Mark.kind,
            Mark.weight,
            Mark.comment,
            Mark.changed_at,
            DiaryVisit.seen_at,
        )
        .join(Teaching, Teaching.id == Mark.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .outerjoin(
            DiaryVisit,
            and_(DiaryVisit.pupil_id == Mark.pupil_id, DiaryVisit.viewer_id == viewer_id),
        )
        .where(
            Mark.pupil_id == pupil_id,
            Mark.changed_at > since,
            has_entry(),
        )
        .order_by(Mark.date.desc(), Mark.number.desc(), Mark.id.desc())
        .limit(MOST)
    )
    return [
        FreshMark(
            row.name,
            DiaryMark(
                date=row.date,
                entry=Entry(row.value, row.second, row.absence),
                kind=row.kind,
                weight=row.weight,
                comment=row.comment,
                is_new=row.changed_at > (row.seen_at or since),
            ),
        )
        for row in rows
    ]

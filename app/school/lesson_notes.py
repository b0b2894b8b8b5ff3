"""The note of a lesson follows it when it is moved: topic, homework, files and history."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from app.core.db import db
from app.school.planning import LessonNote


def take_note_along(teaching_id: int, left: tuple[dt.date, int], now: tuple[dt.date, int]) -> None:
    """Move the note from a place (date, number) to another, in the open `writing()`.

    Where a note lies already, both stay: homework of a place without a lesson is shown at the next
    one anyway (`planning_laying.settled`).
    """
    rows = {
        (note.date, note.number): note
        for note in db.session.scalars(
            select(LessonNote).where(
                LessonNote.teaching_id == teaching_id, LessonNote.date.in_({left[0], now[0]})
            )
        )
    }
    note = rows.get(left)
    if note is not None and now not in rows:
        note.date, note.number = now

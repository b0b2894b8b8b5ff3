"""«Сделано»: a pupil's own tick on homework, seen by nobody else."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext
from sqlalchemy import delete, exists, select

from app.core.db import db
from app.core.errors import Missing
from app.core.transaction import writing
from app.school.classes import Teaching
from app.school.homework import attends
from app.school.planning import HomeworkDone, LessonNote


def tick(pupil_id: int, note_key: str, *, is_done: bool) -> dt.date:
    """Set or take back the pupil's tick; returns the day of the lesson. Twice is no error.

    Raises:
        Missing: there is no such homework for this pupil.
    """
    note = db.session.execute(
        select(LessonNote.id, LessonNote.date)
        .join(Teaching, Teaching.id == LessonNote.teaching_id)
        .where(
            LessonNote.public_id == note_key,
            LessonNote.given_at.is_not(None),
            exists().where(attends(pupil_id)),
        )
    ).one_or_none()
    if note is None:
        raise Missing(lazy_gettext("Такого задания у вас нет."))
    with writing() as session:
        session.execute(
            delete(HomeworkDone).where(
                HomeworkDone.note_id == note.id, HomeworkDone.pupil_id == pupil_id
            )
        )
        if is_done:
            session.add(HomeworkDone(note_id=note.id, pupil_id=pupil_id))
    day: dt.date = note.date
    return day

"""Writing a lesson's topic and homework: nobody overwrites unseen words, every change is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core import clock, files
from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid
from app.core.names import clean_block, clean_line
from app.core.transaction import writing
from app.school.classes import Teaching
from app.school.kept_files import Kept
from app.school.mark_sheets import Reader
from app.school.people import Person, short_name
from app.school.planning import MAX_HOMEWORK, MAX_TOPIC, HomeworkFile, LessonNote, NoteChange
from app.school.planning_lessons import PlannedLesson

MOST_FILES = 10
TOO_MANY = lazy_gettext("К заданию можно приложить не больше %(count)s файлов.", count=MOST_FILES)
# Decision: who mends a slip of the pen in the first quarter of an hour has changed nothing; later
# pupils may have seen the old words, and are told «изменено».
UNSEEN = dt.timedelta(minutes=15)
Snapshot = dict[str, Any]


class NoteOvertaken(Conflict):
    """Somebody changed the lesson since this person saw it. `now`: what stands there."""

    def __init__(self, now: Snapshot) -> None:
        super().__init__(
            lazy_gettext("Этот урок только что изменил другой человек. Ваш текст не сохранён.")
        )
        self.now = now


@dataclass(frozen=True)
class NoteWish:
    """What a person wants written, and the version they saw. None: as it is."""

    version: int
    topic: str | None = None
    homework: str | None = None


@dataclass(frozen=True)
class NoteHistory:
    """A line of a lesson's history."""

    at: dt.datetime
    by: str
    before: Snapshot
    after: Snapshot


def write_note(
    lesson: PlannedLesson,
    wish: NoteWish,
    reader: Reader,
    *,
    kept: Sequence[Kept] = (),
    dropped: Collection[str] = (),
) -> Snapshot:
    """Write the topic and give the homework; returns what stands there now.

    `kept` are new files, `dropped` names (public ids) those to take off. The same again changes
    nothing and succeeds.

    Raises:
        Denied: the lesson is not this person's to write. Invalid: too long, too many files.
        NoteOvertaken: the lesson has changed since `wish.version`.
    """
    _check(lesson, wish, is_filing=bool(kept or dropped))
    with writing() as session:
        session.execute(
            select(Teaching.id).where(Teaching.id == lesson.teaching_id).with_for_update()
        )
        note = _note_of(lesson)
        before = snapshot(note)
        staying = [file for file in note.files if file.public_id not in dropped]
        if len(staying) + len(kept) > MOST_FILES:
            raise Invalid(TOO_MANY)
        wanted = _wanted(lesson, note, wish)
        is_filed = bool(kept) or len(staying) < len(note.files)
        if wanted == (note.topic, note.homework) and not is_filed:
            return before
        if note.version != wish.version:
            raise NoteOvertaken(before)
        gone = [file.key for file in note.files if file.public_id in dropped]
        is_new_work = wanted[1] != note.homework or is_filed
        note.topic, note.homework = wanted
        note.files = [*staying, *(HomeworkFile.of(file) for file in kept)]
        _date(note, is_new_work=is_new_work)
        session.add(note)
        session.flush()
        after = snapshot(note)
        session.add(NoteChange(note_id=note.id, by_id=reader.person_id, before=before, after=after))
    for key in gone:
        files.delete(key)
    return after


def snapshot(note: LessonNote) -> Snapshot:
    """What a note holds, as the history and the browser know it."""
    return {
        "topic": note.topic,
        "homework": note.homework,
        "files": [file.name for file in note.files],
        "version": note.version,
    }


def history_of(note_key: str) -> list[NoteHistory]:
    """All changes of a note, the latest first."""
    rows = db.session.execute(
        select(
            NoteChange.at,
            NoteChange.before,
            NoteChange.after,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(LessonNote, LessonNote.id == NoteChange.note_id)
        .join(Person, Person.id == NoteChange.by_id)
        .where(LessonNote.public_id == note_key)
        .order_by(NoteChange.id.desc())
    )
    return [NoteHistory(row.at, short_name(*row[3:]), row.before, row.after) for row in rows]


def _check(lesson: PlannedLesson, wish: NoteWish, *, is_filing: bool) -> None:
    topic = None if wish.topic is None else clean_line(wish.topic)
    is_topic = topic not in {None, lesson.topic, lesson.shown_topic}
    is_work = is_filing or (
        wish.homework is not None and clean_block(wish.homework) != lesson.homework
    )
    if (is_topic and not lesson.may_write) or (is_work and not lesson.may_give):
        raise Denied(lazy_gettext("Этот урок вы можете только смотреть."))
    if topic is not None and len(topic) > MAX_TOPIC:
        raise Invalid(lazy_gettext("Тема не длиннее %(max)s знаков.", max=MAX_TOPIC))
    if wish.homework is not None and len(clean_block(wish.homework)) > MAX_HOMEWORK:
        raise Invalid(lazy_gettext("Задание не длиннее %(max)s знаков.", max=MAX_HOMEWORK))


def _wanted(lesson: PlannedLesson, note: LessonNote, wish: NoteWish) -> tuple[str, str]:
    topic = note.topic if wish.topic is None else clean_line(wish.topic)
    if lesson.hour and topic == lesson.hour.topic:
        topic = ""  # the plan's own words: they go on moving with it
    homework = note.homework if wish.homework is None else clean_block(wish.homework)
    return topic, homework


def _note_of(lesson: PlannedLesson) -> LessonNote:
    where = {
        "teaching_id": lesson.teaching_id,
        "date": lesson.date,
        "number": lesson.number,
    }
    kept = db.session.scalar(select(LessonNote).filter_by(**where))
    return kept or LessonNote(**where, topic="", homework="", version=0)


def _date(note: LessonNote, *, is_new_work: bool) -> None:
    """The versions and moments of a changed note."""
    now = clock.now()
    note.version += 1
    note.changed_at = now
    if not note.homework and not note.files:
        note.given_at = note.edited_at = None
    elif note.given_at is None:
        note.given_at = now
    elif is_new_work and now - note.given_at > UNSEEN:
        note.edited_at = now

"""Homework as pupils and parents see it, and who may open its files.

Whose homework a person may ask for is decided by the page, as with the diary (`lessons.children_of`
or oneself); files are asked for by id and checked here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from app.core.db import db
from app.school.calendar import Span
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Subject, Teaching
from app.school.lesson_days import lessons_between
from app.school.mark_sheets import AFTERWARDS, Reader
from app.school.people import Guardianship
from app.school.planning import HomeworkDone, HomeworkFile, LessonNote
from app.school.planning_laying import Place, place_of, settled
from app.school.timetable import Substitution

# What was given for a cancelled lesson goes to the next one: lessons of a month around are asked.
AROUND = dt.timedelta(days=28)


@dataclass(frozen=True)
class FileLine:
    """A file as a list shows it; `size` in bytes."""

    public_id: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Homework:
    """What is to be done for the lesson (teaching_id, date, number).

    `moved_from`: it was given for a lesson of that day, which is not given. `is_edited`: changed
    after pupils may have seen it. `is_done`: the pupil's own tick.
    """

    public_id: str
    teaching_id: int
    date: dt.date
    number: int
    subject: str
    text: str
    files: tuple[FileLine, ...] = ()
    is_edited: bool = False
    is_done: bool = False
    moved_from: dt.date | None = None

    @property
    def place(self) -> Place:
        return (self.teaching_id, self.date, self.number)


def homework_of_pupil(person_id: int, since: dt.date, until: dt.date) -> list[Homework]:
    """What the pupil has to do for lessons of these days (both included), by date and number.

    Only for days on which the pupil is in the class. Ten queries, whatever there is.
    """
    lines = _lines(person_id, since, until)
    if not lines:
        return []
    notes = _notes(lines, since - AROUND, until)
    if not notes:
        return []
    lessons = lessons_between(lines, since - AROUND, until + AROUND)
    goes = settled([place_of(note) for note in notes], lessons)
    files = files_of([note.id for note in notes])
    done = _done(person_id, [note.id for note in notes])
    found = []
    for note in notes:
        line, place = lines[note.teaching_id], goes[place_of(note)]
        is_empty = not note.homework and note.id not in files
        if is_empty or not since <= place[1] <= until or place[1] not in line.span:
            continue
        found.append(
            Homework(
                public_id=note.public_id,
                teaching_id=place[0],
                date=place[1],
                number=place[2],
                subject=line.subject,
                text=note.homework,
                files=files.get(note.id, ()),
                is_edited=note.edited_at is not None,
                is_done=note.id in done,
                moved_from=note.date if place[1] != note.date else None,
            )
        )
    return sorted(found, key=lambda row: (row.date, row.number, row.subject))


def files_of(note_ids: Sequence[int]) -> dict[int, tuple[FileLine, ...]]:
    """The files of these notes, in the order they were added; notes without files are absent."""
    rows = db.session.execute(
        select(
            HomeworkFile.note_id,
            HomeworkFile.public_id,
            HomeworkFile.name,
            HomeworkFile.content_type,
            HomeworkFile.size,
        )
        .where(HomeworkFile.note_id.in_(note_ids))
        .order_by(HomeworkFile.id)
    )
    found: dict[int, tuple[FileLine, ...]] = defaultdict(tuple)
    for row in rows:
        found[row[0]] += (FileLine(*row[1:]),)
    return dict(found)


def open_file(reader: Reader, note_key: str, file_key: str) -> HomeworkFile | None:
    """The file, for the pupils of the class, their parents, its teachers, administrators.

    None: there is none, or it is not for this person.
    """
    return db.session.scalar(
        select(HomeworkFile)
        .join(LessonNote, LessonNote.id == HomeworkFile.note_id)
        .join(Teaching, Teaching.id == LessonNote.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(
            LessonNote.public_id == note_key,
            HomeworkFile.public_id == file_key,
            SchoolClass.school_id == reader.school_id,
            true() if reader.is_administrator else _is_of_class(reader),
        )
    )


def still_needed(keys: Collection[str]) -> Collection[str]:
    """Of these keys of the file store, those that homework names."""
    return db.session.scalars(select(HomeworkFile.key).where(HomeworkFile.key.in_(keys))).all()


@dataclass(frozen=True)
class _Line:
    subject: str
    span: Span


def _lines(pupil_id: int, since: dt.date, until: dt.date) -> dict[int, _Line]:
    rows = db.session.execute(
        select(Teaching.id, Subject.name, Enrolment.since, Enrolment.ended_on)
        .join(Enrolment, Enrolment.class_id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .where(
            Enrolment.pupil_id == pupil_id,
            Enrolment.since <= until,
            or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > since),
        )
    )
    day = dt.timedelta(days=1)
    return {
        row.id: _Line(
            row.name, Span(row.since, row.ended_on - day if row.ended_on else dt.date.max)
        )
        for row in rows
    }


def _notes(teaching_ids: Collection[int], since: dt.date, until: dt.date) -> Sequence[Any]:
    return db.session.execute(
        select(
            LessonNote.id,
            LessonNote.public_id,
            LessonNote.teaching_id,
            LessonNote.date,
            LessonNote.number,
            LessonNote.homework,
            LessonNote.edited_at,
        ).where(
            LessonNote.teaching_id.in_(teaching_ids),
            LessonNote.date.between(since, until),
            LessonNote.given_at.is_not(None),
        )
    ).all()


def _done(pupil_id: int, note_ids: Sequence[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(HomeworkDone.note_id).where(
                HomeworkDone.pupil_id == pupil_id, HomeworkDone.note_id.in_(note_ids)
            )
        )
    )


def attends(pupil_id: Any) -> ColumnElement[bool]:
    """The pupil is in the class of the `LessonNote`, or was on its day."""
    return and_(
        Enrolment.class_id == Teaching.class_id,
        Enrolment.pupil_id == pupil_id,
        or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > LessonNote.date),
    )


def _is_of_class(reader: Reader) -> ColumnElement[bool]:
    own, line = reader.person_id, Teaching.__table__.alias("line")
    return or_(
        exists().where(attends(own)),
        exists()
        .where(attends(Guardianship.pupil_id))
        .where(Guardianship.guardian_id == own, Guardianship.ended_on.is_(None)),
        exists().where(
            line.c.class_id == Teaching.class_id,
            line.c.teacher_id == own,
            line.c.ended_on.is_(None),
        ),
        exists().where(
            ClassTeacher.class_id == Teaching.class_id,
            ClassTeacher.teacher_id == own,
            ClassTeacher.ended_on.is_(None),
        ),
        exists().where(
            line.c.class_id == Teaching.class_id,
            Substitution.teaching_id == line.c.id,
            Substitution.substitute_id == own,
            Substitution.since <= reader.today,
            Substitution.until >= reader.today - AFTERWARDS,
        ),
    )

"""The diary of a pupil as their own data: marks, absences, comments, totals, ticked homework.

A parent takes the diary of each child with their own data; whose children they are is asked here.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext
from sqlalchemy import select

from app.core.archive import Row, Section, paged
from app.core.db import db
from app.school import lessons
from app.school.classes import Subject, Teaching
from app.school.mark_entries import Entry
from app.school.marks import Mark, PeriodMark, is_written
from app.school.people import Person, Role, short_name
from app.school.planning import HomeworkDone, LessonNote


def diary_sections(person: Person) -> list[Section]:
    """One's own diary (a pupil's), then that of each child. Ticks are the pupil's alone."""
    found = []
    if any(row.role is Role.PUPIL for row in person.roles):
        found += [_marks(person.id), _totals(person.id), _ticks(person.id)]
    for number, child in enumerate(lessons.children_of(person.id), start=1):
        key, name = f"child-{number}-", f" · {child.name}"
        found += [_marks(child.id, key, name), _totals(child.id, key, name)]
    return found


def _marks(pupil_id: int, key: str = "", name: str = "") -> Section:
    query = (
        select(
            Mark.id,
            Mark.date,
            Mark.number,
            Subject.name,
            Mark.value,
            Mark.second,
            Mark.absence,
            Mark.weight,
            Mark.comment,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(Teaching, Teaching.id == Mark.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(
            Mark.pupil_id == pupil_id,
            is_written(),
        )
    )

    def read() -> Iterator[Row]:
        for date, number, subject, value, second, absence, weight, comment, *who in paged(
            query, Mark.id
        ):
            text = Entry(value, second, absence).text
            yield date, number, subject, text, weight, comment, short_name(*who)

    columns = {
        "date": gettext("Дата"),
        "lesson": gettext("Урок"),
        "subject": gettext("Предмет"),
        "mark": gettext("Отметка или пропуск"),
        "weight": gettext("Вес"),
        "comment": gettext("Комментарий"),
        "teacher": gettext("Преподаватель"),
    }
    return Section(f"{key}marks", gettext("Отметки и пропуски") + name, columns, read)


def _totals(pupil_id: int, key: str = "", name: str = "") -> Section:
    query = (
        select(Subject.name, PeriodMark.period_since, PeriodMark.value)
        .join(Subject, Subject.id == PeriodMark.subject_id)
        .where(PeriodMark.pupil_id == pupil_id, PeriodMark.value != "")
        .order_by(PeriodMark.period_since, Subject.name)
    )
    columns = {
        "subject": gettext("Предмет"),
        "period_since": gettext("Период с"),
        "mark": gettext("Итоговая отметка"),
    }
    title = gettext("Итоговые отметки") + name
    return Section(f"{key}totals", title, columns, lambda: db.session.execute(query).all())


def _ticks(pupil_id: int) -> Section:
    query = (
        select(HomeworkDone.id, LessonNote.date, Subject.name, LessonNote.homework, HomeworkDone.at)
        .join(LessonNote, LessonNote.id == HomeworkDone.note_id)
        .join(Teaching, Teaching.id == LessonNote.teaching_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .where(HomeworkDone.pupil_id == pupil_id)
    )
    columns = {
        "date": gettext("Дата"),
        "subject": gettext("Предмет"),
        "homework": gettext("Домашнее задание"),
        "done_at": gettext("Отмечено «Сделано»"),
    }
    return Section(
        "homework-done",
        gettext("Сделанные задания"),
        columns,
        lambda: paged(query, HomeworkDone.id),
    )

"""What the school's room gives a person of their own data: record, sign-ins, announcements, audit.

Decision: what a teacher wrote about pupils is the pupils' data and goes into theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from sqlalchemy import select

from app.core.archive import Row, Section, audit_lines, named_values, paged, sign_ins
from app.core.db import db
from app.school import descriptions, lessons
from app.school.accounts import Account, JournalSession
from app.school.announcements.models import Announcement, AnnouncementReading
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Person


def own_sections(account: Account) -> list[Section]:
    """Everything but marks, which are in `own_marks`."""
    return [
        _record(account),
        _classes(account.person_id),
        sign_ins(
            "journal-sessions",
            gettext("Входы в журнал"),
            JournalSession,
            JournalSession.account_id == account.id,
        ),
        _read(account.person_id),
        _written(account.person_id),
        audit_lines(_audit_names(account)),
    ]


def _record(account: Account) -> Section:
    person = account.person
    described = descriptions.describe(person)
    children = ", ".join(
        f"{child.name}, {child.classes}".strip(", ") for child in lessons.children_of(person.id)
    )
    rows = [
        (gettext("Ф. И. О."), person.full_name),
        (gettext("Роль"), described.role),
        (gettext("Школа и класс"), described.place),
        (gettext("Дети"), children),
        (gettext("Логин"), account.login),
        (gettext("Запись создана"), account.created_at),
        (gettext("Первый вход"), account.first_signed_in_at),
    ]
    return named_values("record", gettext("Запись в журнале"), rows)


def _classes(person_id: int) -> Section:
    studied = (
        select(SchoolClass.name, Enrolment.since, Enrolment.ended_on)
        .join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .where(Enrolment.pupil_id == person_id)
    )
    led = (
        select(SchoolClass.name, ClassTeacher.ended_on)
        .join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
        .where(ClassTeacher.teacher_id == person_id)
    )
    taught = (
        select(SchoolClass.name, Subject.name, Teaching.ended_on)
        .join(Teaching, Teaching.class_id == SchoolClass.id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .where(Teaching.teacher_id == person_id)
    )

    def read() -> Iterable[Row]:
        for name, since, until in db.session.execute(studied):
            yield name, gettext("обучающийся"), "", since, until
        for name, until in db.session.execute(led):
            yield name, gettext("классный руководитель"), "", None, until
        for name, subject, until in db.session.execute(taught):
            yield name, gettext("преподаватель"), subject, None, until

    columns = {
        "class": gettext("Класс"),
        "as": gettext("Кем"),
        "subject": gettext("Предмет"),
        "since": gettext("С"),
        "until": gettext("До"),
    }
    return Section("classes", gettext("Классы"), columns, read)


def _read(person_id: int) -> Section:
    query = (
        select(
            AnnouncementReading.id,
            Announcement.title,
            AnnouncementReading.opened_at,
            AnnouncementReading.answered_at,
        )
        .join(Announcement, Announcement.id == AnnouncementReading.announcement_id)
        .where(AnnouncementReading.person_id == person_id)
    )
    columns = {
        "title": gettext("Объявление"),
        "opened_at": gettext("Открыто"),
        "answered_at": gettext("«Ознакомлен»"),
    }
    return Section(
        "announcements-read",
        gettext("Прочитанные объявления"),
        columns,
        lambda: paged(query, AnnouncementReading.id),
    )


def _written(person_id: int) -> Section:
    query = select(
        Announcement.id, Announcement.title, Announcement.text, Announcement.published_at
    ).where(Announcement.author_id == person_id)
    columns = {
        "title": gettext("Объявление"),
        "text": gettext("Текст"),
        "published_at": gettext("Опубликовано"),
    }
    return Section(
        "announcements-written",
        gettext("Ваши объявления"),
        columns,
        lambda: paged(query, Announcement.id),
    )


def _audit_names(account: Account) -> list[str]:
    """All that the log calls this person."""
    person: Person = account.person
    return [
        f"account:{account.public_id}",
        f"person:{person.public_id}",
        f"person:{person.id}",
    ]

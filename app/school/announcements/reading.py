"""Reading announcements: the list, one, its files, and who has (not) read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.db import db
from app.core.errors import Missing
from app.core.transaction import writing
from app.school.announcements.audience import belongs, people_of
from app.school.announcements.models import (
    Announcement,
    AnnouncementFile,
    AnnouncementReading,
    AnnouncementTarget,
)
from app.school.people import Person, Role, full_name, short_name

PAGE = 30
NOTHING = lazy_gettext("Такого объявления нет, или оно не для вас.")


@dataclass(frozen=True)
class Reader:
    """Who reads: their record and roles."""

    person_id: int
    school_id: int
    roles: frozenset[Role]

    @property
    def sees_all(self) -> bool:
        return Role.ADMINISTRATOR in self.roles


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the list."""

    public_id: str
    title: str
    preview: str
    author: str
    published_at: dt.datetime
    is_own: bool
    is_new: bool
    is_ahead: bool
    awaits_answer: bool
    files: int


@dataclass(frozen=True)
class Answerer:
    """Somebody addressed: when they opened it and when they pressed «Ознакомлен»."""

    name: str
    roles: frozenset[Role]
    opened_at: dt.datetime | None
    answered_at: dt.datetime | None


def lines_of(reader: Reader, *, offset: int = 0) -> list[Line]:
    """The newest first, by one query; one more than a page tells that there are more."""
    files = (
        select(func.count())
        .where(AnnouncementFile.announcement_id == Announcement.id)
        .correlate(Announcement)
        .scalar_subquery()
    )
    query = (
        _seen_by(reader)
        .add_columns(
            Announcement.public_id,
            Announcement.title,
            func.substr(Announcement.text, 1, 240).label("preview"),
            Announcement.published_at,
            Announcement.wants_answer,
            Announcement.author_id,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
            AnnouncementReading.opened_at,
            AnnouncementReading.answered_at,
            _for(reader).label("is_addressed"),
            files.label("files"),
        )
        .join(Person, Person.id == Announcement.author_id)
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .offset(offset)
        .limit(PAGE + 1)
    )
    return [_line(row, reader) for row in db.session.execute(query)]


def count_new(reader: Reader) -> int:
    """Published for this person and not opened yet: the badge. By one query."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Announcement)
            .outerjoin(AnnouncementReading, _own_reading(reader))
            .where(
                Announcement.school_id == reader.school_id,
                Announcement.published_at <= clock.now(),
                Announcement.author_id != reader.person_id,
                AnnouncementReading.id.is_(None),
                _for(reader),
            )
        )
        or 0
    )


def one(reader: Reader, public_id: str) -> Announcement:
    """The announcement, if this person may see it.

    Raises:
        Missing: there is none, or it is not theirs: both look the same.
    """
    found = db.session.scalar(
        _seen_by(reader)
        .with_only_columns(Announcement)
        .options(selectinload(Announcement.targets), selectinload(Announcement.files))
        .where(Announcement.public_id == public_id)
    )
    if found is None:
        raise Missing(NOTHING)
    return found


def file_of(reader: Reader, public_id: str, file_id: str) -> AnnouncementFile:
    """A file of an announcement that this person may see. Raises Missing."""
    announcement = one(reader, public_id)
    for file in announcement.files:
        if file.public_id == file_id:
            return file
    raise Missing(NOTHING)


def note_opened(reader: Reader, announcement: Announcement) -> AnnouncementReading | None:
    """Remember that it was opened; None for those it is not addressed to."""
    if not _is_addressed(reader, announcement.id):
        return None
    return _reading(reader, announcement.id)


def answer(reader: Reader, public_id: str) -> None:
    """«Ознакомлен». A second click changes nothing.

    Raises:
        Missing: it is not addressed to this person.
    """
    announcement = one(reader, public_id)
    if not announcement.wants_answer or not _is_addressed(reader, announcement.id):
        raise Missing(NOTHING)
    with writing():
        reading = _reading(reader, announcement.id)
        if reading.answered_at is None:
            reading.answered_at = clock.now()


def answerers_of(announcement: Announcement) -> list[Answerer]:
    """Everybody addressed, those who have not answered first, then by name."""
    addressed = people_of(announcement.school_id, announcement.targets)
    addressed.pop(announcement.author_id, None)
    rows = db.session.execute(
        select(
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
            AnnouncementReading.opened_at,
            AnnouncementReading.answered_at,
        )
        .outerjoin(
            AnnouncementReading,
            and_(
                AnnouncementReading.person_id == Person.id,
                AnnouncementReading.announcement_id == announcement.id,
            ),
        )
        .where(Person.id.in_(addressed))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    found = [
        Answerer(full_name(*row[1:4]), addressed[row.id], row.opened_at, row.answered_at)
        for row in rows
    ]
    return sorted(found, key=lambda who: (who.answered_at is not None, who.opened_at is not None))


def _seen_by(reader: Reader) -> Select[*tuple[Any, ...]]:
    """What was published for them, what they wrote, and everything for an administrator."""
    visible: Any = or_(
        Announcement.author_id == reader.person_id,
        and_(Announcement.published_at <= clock.now(), _for(reader)),
    )
    query: Select[*tuple[Any, ...]] = (
        select(Announcement.id)
        .outerjoin(AnnouncementReading, _own_reading(reader))
        .where(Announcement.school_id == reader.school_id)
    )
    return query if reader.sees_all else query.where(visible)


def _for(reader: Reader) -> Any:
    return (
        select(AnnouncementTarget.id)
        .where(
            AnnouncementTarget.announcement_id == Announcement.id,
            belongs(reader.person_id, reader.roles),
        )
        .correlate(Announcement)
        .exists()
    )


def _is_addressed(reader: Reader, announcement_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(Announcement.id).where(
                Announcement.id == announcement_id,
                Announcement.published_at <= clock.now(),
                _for(reader),
            )
        )
    )


def _own_reading(reader: Reader) -> Any:
    return and_(
        AnnouncementReading.announcement_id == Announcement.id,
        AnnouncementReading.person_id == reader.person_id,
    )


def _reading(reader: Reader, announcement_id: int) -> AnnouncementReading:
    with writing() as session:
        known = session.scalar(
            select(AnnouncementReading).where(
                AnnouncementReading.announcement_id == announcement_id,
                AnnouncementReading.person_id == reader.person_id,
            )
        )
        if known is None:
            known = AnnouncementReading(announcement_id=announcement_id, person_id=reader.person_id)
            session.add(known)
        return known


def _line(row: Any, reader: Reader) -> Line:
    is_ahead = row.published_at > clock.now()
    is_own = row.author_id == reader.person_id
    is_addressed = bool(row.is_addressed) and not is_ahead and not is_own
    return Line(
        public_id=row.public_id,
        title=row.title,
        preview=row.preview,
        author=short_name(row.family_name, row.given_name, row.patronymic),
        published_at=row.published_at,
        is_own=is_own,
        is_new=is_addressed and row.opened_at is None,
        is_ahead=is_ahead,
        awaits_answer=is_addressed and row.wants_answer and row.answered_at is None,
        files=row.files,
    )


def may_see_answers(reader: Reader, announcement: Announcement) -> bool:
    """Its author and the administrators see who has read."""
    return reader.sees_all or announcement.author_id == reader.person_id


def still_needed(keys: Collection[str]) -> Collection[str]:
    """Of these keys of the file store, those that an announcement names."""
    return db.session.scalars(
        select(AnnouncementFile.key).where(AnnouncementFile.key.in_(keys))
    ).all()

"""Posting, changing and taking back announcements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage

from app.core import audit, clock, files
from app.core.errors import Denied, Invalid
from app.core.transaction import writing
from app.school import kept_files
from app.school.announcements.audience import Audience, Reach
from app.school.announcements.models import (
    Announcement,
    AnnouncementFile,
    AnnouncementTarget,
)
from app.school.announcements.reading import Reader
from app.school.kept_files import Kept, forget_files

__all__ = ["Kept", "forget_files"]
MOST_FILES = 10
MAX_TITLE = 160
MAX_TEXT = 10_000
TOO_MANY = lazy_gettext(
    "К объявлению можно приложить не больше %(count)s файлов.", count=MOST_FILES
)
FARTHEST = dt.timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An announcement as its author wants it. `published_at` None: now."""

    title: str
    text: str
    audience: Audience
    wants_answer: bool
    published_at: dt.datetime | None = None


def keep_files(uploads: Sequence[FileStorage]) -> list[Kept]:
    """Put the form's files into the store; when one is refused, none stays.

    Raises:
        Invalid: too many, too large, or of a type that is not taken.
    """
    return kept_files.keep_files(uploads, most=MOST_FILES, too_many=TOO_MANY)


def post(reader: Reader, reach: Reach, draft: Draft, kept: Sequence[Kept]) -> Announcement:
    """Publish, now or at the draft's moment.

    Raises:
        Denied: the audience is beyond the author's reach. Invalid: the moment cannot be.
    """
    _check(reach, draft)
    with writing() as session:
        announcement = Announcement(
            school_id=reader.school_id,
            author_id=reader.person_id,
            published_at=draft.published_at or clock.now(),
        )
        _fill(announcement, draft)
        announcement.files = [AnnouncementFile.of(file) for file in kept]
        session.add(announcement)
        session.flush()
        _note(reader, announcement, "announcement.posted")
    return announcement


def revise(
    reader: Reader,
    reach: Reach,
    announcement: Announcement,
    draft: Draft,
    *,
    kept: Sequence[Kept],
    dropped: Collection[str],
) -> None:
    """Change it. What is published keeps its moment; `dropped` names files to take off.

    Raises:
        Denied: it is somebody else's, or the audience is beyond reach.
        Invalid: too many files, or the moment cannot be.
    """
    require_author(reader, announcement)
    _check(reach, draft)
    staying = [file for file in announcement.files if file.public_id not in dropped]
    if len(staying) + len(kept) > MOST_FILES:
        raise Invalid(TOO_MANY)
    gone = [file.key for file in announcement.files if file.public_id in dropped]
    with writing():
        is_published = announcement.published_at <= clock.now()
        _fill(announcement, draft)
        if is_published:
            announcement.edited_at = clock.now()
        else:
            announcement.published_at = draft.published_at or clock.now()
        announcement.files = [*staying, *(AnnouncementFile.of(file) for file in kept)]
        _note(reader, announcement, "announcement.revised")
    for key in gone:
        files.delete(key)


def take_back(reader: Reader, announcement: Announcement) -> None:
    """Delete it for everybody, with its files. Its author may, and an administrator.

    Raises:
        Denied: somebody else.
    """
    if not reader.sees_all:
        require_author(reader, announcement)
    keys = [file.key for file in announcement.files]
    with writing() as session:
        _note(reader, announcement, "announcement.deleted")
        session.delete(announcement)
    for key in keys:
        files.delete(key)


def require_author(reader: Reader, announcement: Announcement) -> None:
    """Raises Denied for anybody but the author."""
    if announcement.author_id != reader.person_id:
        raise Denied(lazy_gettext("Изменить объявление может только его автор."))


def _check(reach: Reach, draft: Draft) -> None:
    own = {row.id for row in reach.classes}
    if not draft.audience.class_ids and not reach.may_address_school:
        raise Denied(lazy_gettext("Объявление всей школе публикует администратор школы."))
    if not draft.audience.class_ids <= own:
        raise Denied(lazy_gettext("Этот класс вы не ведёте."))
    if draft.published_at is not None and draft.published_at > clock.now() + FARTHEST:
        raise Invalid(lazy_gettext("Отложить объявление можно не больше чем на год."))


def _fill(announcement: Announcement, draft: Draft) -> None:
    announcement.title = draft.title
    announcement.text = draft.text
    announcement.wants_answer = draft.wants_answer
    wanted = set(draft.audience.rows())
    staying = [row for row in announcement.targets if (row.role, row.class_id) in wanted]
    known = {(row.role, row.class_id) for row in staying}
    announcement.targets = [
        *staying,
        *(
            AnnouncementTarget(role=role, class_id=class_id)
            for role, class_id in draft.audience.rows()
            if (role, class_id) not in known
        ),
    ]


def _note(reader: Reader, announcement: Announcement, action: str) -> None:
    audit.note(
        actor=f"person:{reader.person_id}",
        action=action,
        subject=f"announcement:{announcement.public_id or ''}",
        title=announcement.title,
    )

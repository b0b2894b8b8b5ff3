"""How far the announcement goes that its author waits for: the answers counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.db import db
from app.school.announcements.audience import people_of
from app.school.announcements.models import Announcement, AnnouncementReading

RECENT = dt.timedelta(days=14)


@dataclass(frozen=True)
class Progress:
    """`answered` of the `total` addressed have pressed «Ознакомлен»."""

    public_id: str
    title: str
    answered: int
    total: int


def last_progress(author_id: int) -> Progress | None:
    """Of the author's newest announcement of two weeks that asks for answers and lacks some."""
    found = db.session.scalar(
        select(Announcement)
        .options(selectinload(Announcement.targets))
        .where(
            Announcement.author_id == author_id,
            Announcement.wants_answer,
            Announcement.published_at <= clock.now(),
            Announcement.published_at > clock.now() - RECENT,
        )
        .order_by(Announcement.published_at.desc())
        .limit(1)
    )
    if found is None:
        return None
    addressed = people_of(found.school_id, found.targets)
    addressed.pop(author_id, None)
    answered = db.session.scalar(
        select(func.count())
        .select_from(AnnouncementReading)
        .where(
            AnnouncementReading.announcement_id == found.id,
            AnnouncementReading.answered_at.is_not(None),
            AnnouncementReading.person_id.in_(addressed),
        )
    )
    if answered == len(addressed):
        return None
    return Progress(found.public_id, found.title, answered or 0, len(addressed))

"""The secret address of a person's calendar feed: made, renewed, revoked; and what is in it.

The address is shown once, when it is made; the database keeps only the digest of its secret.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import audit, clock, tokens
from app.core.db import UTC, Model, db
from app.core.transaction import writing
from app.school import icalendar
from app.school.icalendar import Event
from app.school.lessons import Lesson, attended_by, children_of, given_by
from app.school.people import Person, PersonRole, Role
from app.school.timetable import LessonChange

BEHIND, AHEAD = dt.timedelta(days=14), dt.timedelta(days=70)


class CalendarFeed(Model):
    """One live address a person; renewing puts another secret in its place."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    person: Mapped[Person] = relationship()


def feed_of(person: Person) -> CalendarFeed | None:
    """The person's live feed."""
    return db.session.scalars(
        select(CalendarFeed).where(CalendarFeed.person_id == person.id)
    ).one_or_none()


def make_feed(person: Person) -> str:
    """A new secret; the old address, if any, works no more at once. Returned only here."""
    secret = tokens.secret()
    with writing() as session:
        feed = feed_of(person) or CalendarFeed(person_id=person.id)
        feed.token_digest, feed.made_at = tokens.digest(secret), clock.now()
        session.add(feed)
        _note(person, "calendar_feed.made")
    return secret


def revoke_feed(person: Person) -> None:
    """The address works no more. Revoking twice is revoking once."""
    with writing() as session:
        feed = feed_of(person)
        if feed is not None:
            session.delete(feed)
            _note(person, "calendar_feed.revoked")


def feed_by_secret(secret: str) -> CalendarFeed | None:
    """The live feed of this secret, unless its owner has left the school."""
    return db.session.scalars(
        select(CalendarFeed)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.token_digest == tokens.digest(secret), Person.left_on.is_(None))
    ).one_or_none()


def calendar_of(feed: CalendarFeed) -> str:
    """The feed's text: two weeks back, ten ahead; a parent's has the lessons of all children."""
    person = feed.person
    zone = ZoneInfo(person.school.time_zone)
    today = clock.today(person.school.time_zone)
    since, until = today - BEHIND, today + AHEAD
    found: list[tuple[str, str, Lesson]] = [
        (name, key, lesson)
        for name, key, lessons in _lessons(person, since, until)
        for lesson in lessons
    ]
    changes = _revisions({lesson.day.change_id for _, _, lesson in found if lesson.day.change_id})
    events = [_event(name, key, lesson, changes, feed) for name, key, lesson in found]
    return icalendar.calendar(
        gettext("Расписание · %(name)s", name=person.short_name), events, zone
    )


def _lessons(person: Person, since: dt.date, until: dt.date) -> list[tuple[str, str, list[Lesson]]]:
    """By whose lessons they are: a child's name or nothing, a part of the UID."""
    roles = set(
        db.session.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id))
    )
    found = []
    if Role.TEACHER in roles:
        own = given_by(person.id, since, until)
        mine = [row for row in own if row.giver_id == person.id or not row.is_given]
        found.append(("", person.public_id, mine))
    if Role.PUPIL in roles:
        found.append(("", person.public_id, attended_by(person.id, since, until)))
    if Role.GUARDIAN in roles:
        found += [
            (child.name, child.public_id, attended_by(child.id, since, until))
            for child in children_of(person.id)
        ]
    return found


def _event(
    name: str,
    key: str,
    lesson: Lesson,
    changes: dict[str, tuple[int, dt.datetime]],
    feed: CalendarFeed,
) -> Event:
    day, line = lesson.day, lesson.line
    revision, said_at = changes.get(day.change_id, (0, feed.made_at))
    is_own = feed.person_id in (line.teacher_id, lesson.giver_id)
    what = [line.subject, line.class_name if is_own else name]
    words = [lesson.giver] if not is_own else []
    if day.is_distance and lesson.is_given:
        words.append(gettext("Дистанционное занятие"))
    if lesson.is_substitution:
        words.append(gettext("замена: вместо %(name)s", name=line.teacher))
    room = gettext("каб. %(room)s", room=day.room) if day.room and not day.is_distance else ""
    # Where a moved lesson has left and where it came to are two events: by date and number.
    return Event(
        uid=f"{line.key}-{day.date:%Y%m%d}-{day.number}-{key}@svyazka",
        begins=dt.datetime.combine(day.date, day.starts_at),
        ends=dt.datetime.combine(day.date, day.ends_at),
        summary=" · ".join(part for part in what if part),
        location=room,
        description=". ".join(words),
        is_cancelled=not lesson.is_given,
        sequence=revision,
        stamp=said_at,
    )


def _revisions(ids: set[str]) -> dict[str, tuple[int, dt.datetime]]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(LessonChange.public_id, LessonChange.revision, LessonChange.changed_at).where(
            LessonChange.public_id.in_(ids)
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _note(person: Person, action: str) -> None:
    audit.note(
        actor=f"person:{person.public_id}", action=action, subject=f"person:{person.public_id}"
    )

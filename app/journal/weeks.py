"""Whose lessons a page shows, and the days that it asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import lazy_gettext
from flask_login import current_user

from app.core import clock
from app.core.errors import Missing
from app.journal import me
from app.school import lessons
from app.school.lessons import Child, Lesson
from app.school.people import Role

MAX_WEEKS_AWAY = 60


@dataclass(frozen=True)
class Viewed:
    """Whose lessons are shown: own, or those of the `child` chosen among `children`."""

    lessons: list[Lesson]
    children: list[Child]
    child: Child | None
    is_teaching: bool


def zone() -> ZoneInfo:
    """The time zone of the person's school."""
    return ZoneInfo(current_user.person.school.time_zone)


def today() -> dt.date:
    """The day at the person's school."""
    return clock.today(current_user.person.school.time_zone)


def asked_day() -> dt.date:
    """The day of `?day=2026-11-24`, or of `?week=`, or today; never years away."""
    now = today()
    for name in ("day", "week"):
        try:
            asked = dt.date.fromisoformat(request.args.get(name, ""))
        except ValueError:
            continue
        if abs((asked - now).days) <= 7 * MAX_WEEKS_AWAY:
            return asked
    return now


def monday_of(day: dt.date) -> dt.date:
    """The Monday of that week."""
    return day - dt.timedelta(days=day.weekday())


def viewed(since: dt.date, until: dt.date) -> Viewed:
    """The lessons of the signed-in person on these days; a parent's, of one child (`?child=`).

    Raises:
        Missing: `?child=` is not a child of this person.
    """
    person = current_user.person
    roles = me.described().roles
    children = lessons.children_of(person.id) if Role.GUARDIAN in roles else []
    asked = request.args.get("child")
    child = next((row for row in children if row.public_id == asked), None)
    if asked and child is None:
        raise Missing(lazy_gettext("Такого ребёнка среди ваших нет."))
    if child is None and Role.TEACHER in roles:
        return Viewed(lessons.given_by(person.id, since, until), children, None, True)
    if child is None and Role.PUPIL in roles:
        return Viewed(lessons.attended_by(person.id, since, until), children, None, False)
    child = child or (children[0] if children else None)
    found = lessons.attended_by(child.id, since, until) if child else []
    return Viewed(found, children, child, False)

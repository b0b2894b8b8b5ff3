"""Whose week a page shows, and the days of that week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import request
from flask_babel import format_date, lazy_gettext
from flask_login import current_user

from app.core import clock
from app.core.errors import Missing
from app.journal import me
from app.school import lessons
from app.school.lessons import Child, Lesson
from app.school.people import Role

MAX_WEEKS_AWAY = 60


@dataclass(frozen=True)
class Day:
    """A school day with its lessons."""

    date: dt.date
    title: str
    is_today: bool
    lessons: list[Lesson]


@dataclass(frozen=True)
class Viewed:
    """Whose lessons are shown: own, or those of the `child` chosen among `children`."""

    lessons: list[Lesson]
    children: list[Child]
    child: Child | None
    is_teaching: bool


def today() -> dt.date:
    """The day at the person's school."""
    return clock.today(current_user.person.school.time_zone)


def asked_monday() -> dt.date:
    """The Monday of `?week=2026-11-23`, or of this week."""
    now = today()
    this_monday = now - dt.timedelta(days=now.weekday())
    try:
        asked = dt.date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return this_monday
    monday = asked - dt.timedelta(days=asked.weekday())
    away = abs((monday - this_monday).days) // 7
    return monday if away <= MAX_WEEKS_AWAY else this_monday


def viewed(monday: dt.date) -> Viewed:
    """The lessons of the signed-in person's week; a parent's, of one child (`?child=`).

    Raises:
        Missing: `?child=` is not a child of this person.
    """
    person = current_user.person
    roles = me.described().roles
    if Role.TEACHER in roles:
        return Viewed(lessons.taught_by(person.id, monday), [], None, True)
    if Role.PUPIL in roles:
        return Viewed(lessons.attended_by(person.id), [], None, False)
    children = lessons.children_of(person.id)
    asked = request.args.get("child")
    child = next((row for row in children if row.public_id == asked), None)
    if asked and child is None:
        raise Missing(lazy_gettext("Такого ребёнка среди ваших нет."))
    child = child or (children[0] if children else None)
    found = lessons.attended_by(child.id) if child else []
    return Viewed(found, children, child, False)


def days_of(monday: dt.date, week: list[Lesson]) -> list[Day]:
    """Monday to Saturday (Sunday only with lessons)."""
    days = []
    for offset in range(7):
        date = monday + dt.timedelta(days=offset)
        found = [lesson for lesson in week if lesson.weekday == offset + 1]
        if offset < 6 or found:
            title = format_date(date, "EEEE, d MMMM")
            days.append(Day(date, title[:1].upper() + title[1:], date == today(), found))
    return days

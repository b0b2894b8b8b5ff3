"""The school's today, and the days that a page asks for."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import request
from flask_login import current_user

from app.core import clock

MAX_WEEKS_AWAY = 60


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

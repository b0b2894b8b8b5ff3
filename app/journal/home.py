"""«Главная»: today's lessons and the one next step."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template
from flask_login import current_user, login_required

from app.core import clock
from app.journal import me, weeks
from app.journal.blueprint import bp
from app.school import calendar


@bp.get("/")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def home() -> Response:
    """Today for this person."""
    date = weeks.today()
    monday = date - dt.timedelta(days=date.weekday())
    periods = calendar.periods_of(current_user.person.school_id, date)
    viewed = weeks.viewed(monday)
    now = clock.now().astimezone(ZoneInfo(current_user.person.school.time_zone)).time()
    lessons = [lesson for lesson in viewed.lessons if lesson.weekday == date.isoweekday()]
    return make_response(
        render_template(
            "journal/home.html",
            date=date,
            period=calendar.period_at(periods, date),
            viewed=viewed,
            lessons=lessons,
            states=[_state(lesson.starts_at, lesson.ends_at, now) for lesson in lessons],
            link=me.own_link(),
        )
    )


def _state(starts: dt.time, ends: dt.time, now: dt.time) -> str:
    if now > ends:
        return "past"
    return "now" if now >= starts else "ahead"

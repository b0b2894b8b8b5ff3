"""«Главная»: today's lessons and the one next step."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_login import current_user, login_required

from app.core import clock
from app.journal import me, weeks
from app.journal.blueprint import bp
from app.school import calendar, distance_lessons


@bp.get("/")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def home() -> Response:
    """Today for this person."""
    date, zone = weeks.today(), weeks.zone()
    periods = calendar.periods_of(current_user.person.school_id, date)
    viewed = weeks.viewed(date, date)
    calls = distance_lessons.calls_of(viewed.lessons, zone, viewer_id=current_user.person_id)
    return make_response(
        render_template(
            "journal/home.html",
            date=date,
            period=calendar.period_at(periods, date),
            viewed=viewed,
            calls=calls,
            now=clock.now().astimezone(zone).time(),
            link=me.own_link(),
        )
    )

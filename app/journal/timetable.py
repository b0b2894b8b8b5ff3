"""«Расписание»: the week."""

from __future__ import annotations

import datetime as dt

from flask import Response, make_response, render_template
from flask_login import login_required

from app.journal import weeks
from app.journal.blueprint import bp


@bp.get("/timetable")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def timetable() -> Response:
    """The week of this person, with the weeks before and after."""
    monday = weeks.asked_monday()
    viewed = weeks.viewed(monday)
    return make_response(
        render_template(
            "journal/timetable.html",
            monday=monday,
            before=monday - dt.timedelta(days=7),
            after=monday + dt.timedelta(days=7),
            viewed=viewed,
            days=weeks.days_of(monday, viewed.lessons),
        )
    )

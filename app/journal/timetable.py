"""«Расписание»: the week and the day."""

from __future__ import annotations

import datetime as dt

from flask import Response, request
from flask_login import current_user, login_required

from app.core import clock
from app.core.pages import page_or_block
from app.journal import me, weeks
from app.journal.blueprint import bp
from app.journal.week_grid import grid
from app.journal.whose import By, asked_whose
from app.school import bells, calendar, distance_lessons
from app.school.people import Role


@bp.get("/timetable")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def timetable() -> Response:
    """The week of `?day=`, of whom `?by=` asks; `?view=day` shows that day alone."""
    person, zone, today = current_user.person, weeks.zone(), weeks.today()
    whose, day = asked_whose(), weeks.asked_day()
    monday = weeks.monday_of(day)
    sunday = monday + dt.timedelta(days=6)
    is_day = request.args.get("view") == "day"
    dates = [day] if is_day else [monday + dt.timedelta(days=number) for number in range(7)]
    lessons = whose.load(dates[0], dates[-1])
    now = clock.now().astimezone(zone)
    step = dt.timedelta(days=1 if is_day else 7)
    roles = me.described().roles
    return page_or_block(
        "journal/timetable.html",
        "timetable",
        whose=whose,
        by_teacher=whose.by is By.TEACHER or (whose.by is By.OWN and Role.TEACHER in roles),
        whose_id=whose.person_id or person.id,
        is_administrator=Role.ADMINISTRATOR in roles,
        is_teacher=Role.TEACHER in roles,
        view="day" if is_day else "week",
        day=day,
        monday=monday,
        sunday=sunday,
        before=day - step,
        after=day + step,
        today=today,
        now=now,
        lessons=lessons,
        grid=grid(
            dates,
            lessons,
            bells.bells_of(person.school_id),
            today=today,
            now=now.time(),
            chosen=day,
        ),
        is_holiday=calendar.is_holiday(
            calendar.periods_of(person.school_id, day), dates[0], dates[-1]
        ),
        days_off=calendar.named_days_off(person.school_id, monday, sunday),
        calls=distance_lessons.calls_of(lessons, zone, viewer_id=person.id),
    )

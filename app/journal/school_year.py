"""«Учебный год»: periods, days off and bells. Administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user, login_required

from app.core.errors import Conflict, Invalid
from app.core.names import clean_line
from app.core.pages import go
from app.journal import weeks
from app.journal.blueprint import bp
from app.journal.people import only_administrators
from app.school import bells, calendar, school_year
from app.school.bells import Ring
from app.school.school_year import PeriodWords

MOST_PERIODS, MOST_BELLS, MAX_NAME = 8, 12, 80
BAD_DATE = lazy_gettext("Проверьте даты: нужны день, месяц и год.")
BAD_TIME = lazy_gettext("Проверьте время: нужны часы и минуты, например 08:30.")


@bp.get("/timetable/year", endpoint="school_year")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def show_school_year() -> Response:
    """The three lists with their forms."""
    only_administrators()
    return _page()


@bp.post("/timetable/year/periods")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def save_periods() -> Response:
    """«Сохранить периоды»."""
    only_administrators()
    return _saving("periods", _save_periods)


@bp.post("/timetable/year/bells")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def save_bells() -> Response:
    """«Сохранить звонки»."""
    only_administrators()
    return _saving("bells", _save_bells)


@bp.post("/timetable/year/days-off")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def add_day_off() -> Response:
    """«Добавить»: days without lessons."""
    only_administrators()
    return _saving("off", _add_day_off)


@bp.post("/timetable/year/days-off/<since>/remove")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def remove_day_off(since: str) -> Response:
    """«Убрать»: lessons are given on these days after all."""
    only_administrators()
    school_year.remove_day_off(current_user.person, _date(since))
    flash(gettext("Выходные убраны"), "success")
    return go(url_for("journal.school_year"))


def _saving(part: str, save: Callable[[], str]) -> Response:
    try:
        said = save()
    except (Conflict, Invalid) as problem:
        return _page(part, str(problem.message), 422)
    flash(said, "success")
    return go(url_for("journal.school_year"))


def _save_periods() -> str:
    rows = []
    form = request.form
    for number in range(MOST_PERIODS):
        name = clean_line(form.get(f"name-{number}", ""))[:MAX_NAME]
        since, until = form.get(f"since-{number}", ""), form.get(f"until-{number}", "")
        key = form.get(f"key-{number}", "")
        if not name and not since and not until and not key:
            continue
        if not name:
            raise Invalid(lazy_gettext("Назовите период."))
        rows.append(PeriodWords(key, name, _date(since), _date(until)))
    school_year.save_periods(current_user.person, _autumn(), rows)
    return gettext("Периоды сохранены")


def _save_bells() -> str:
    rings = []
    for number in range(MOST_BELLS + 1):
        starts, ends = (request.form.get(f"{word}-{number}", "") for word in ("starts", "ends"))
        if starts or ends:
            rings.append(Ring(number, _time(starts), _time(ends)))
    changed = school_year.save_bells(current_user.person, rings)
    if not changed:
        return gettext("Звонки сохранены")
    return ngettext(
        "Звонки сохранены, время изменилось у %(num)d урока недели",
        "Звонки сохранены, время изменилось у %(num)d уроков недели",
        changed,
    )


def _add_day_off() -> str:
    name = clean_line(request.form.get("name", ""))[:MAX_NAME]
    if not name:
        raise Invalid(
            lazy_gettext("Напишите, что это за дни: например, «День народного единства».")
        )
    since = _date(request.form.get("since", ""))
    until = _date(request.form.get("until") or request.form.get("since", ""))
    school_year.add_day_off(current_user.person, name, since, until)
    return gettext("Выходные отмечены")


def _page(part: str = "", problem: str = "", status: int = 200) -> Response:
    """What is kept; of the `part` that was refused, what was typed."""
    school_id, autumn = current_user.person.school_id, _autumn()
    periods = [
        {"key": row.public_id or "", "name": row.name, "since": row.since, "until": row.until}
        for row in calendar.periods_of(school_id, dt.date(autumn, 9, 1))
    ]
    rings = {
        ring.number: (f"{ring.starts_at:%H:%M}", f"{ring.ends_at:%H:%M}")
        for ring in bells.bells_of(school_id)
    }
    words = request.form
    if part == "periods":
        periods = [
            {name: words.get(f"{name}-{number}", "") for name in ("key", "name", "since", "until")}
            for number in range(MOST_PERIODS)
            if words.get(f"name-{number}") or words.get(f"key-{number}")
        ]
    if part == "bells":
        rings = {
            number: (words.get(f"starts-{number}", ""), words.get(f"ends-{number}", ""))
            for number in range(MOST_BELLS + 1)
        }
    return make_response(
        render_template(
            "journal/timetable/school_year.html",
            autumn=autumn,
            periods=periods,
            can_add_period=len(periods) < MOST_PERIODS,
            rings=rings,
            numbers=range(min([*rings, 1]), max([*rings, 8]) + 1),
            days_off=school_year.days_off_of(school_id, autumn),
            typed=words if part == "off" else {},
            part=part,
            problem=problem,
        ),
        status,
    )


def _autumn() -> int:
    return calendar.autumn_of(weeks.today())


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(BAD_DATE) from None


def _time(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        raise Invalid(BAD_TIME) from None

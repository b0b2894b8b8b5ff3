"""«Журнал»: the sheet class × subject × period. For pupils and parents it is the diary.

Writing into cells is in `gradebook_cells`, a whole lesson at once in `gradebook_lessons`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import format_date, gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Missing
from app.core.pages import go
from app.journal import diary, mark_words, me
from app.journal.blueprint import bp
from app.school import calendar, lessons, mark_grid, mark_sheets, period_marking
from app.school.calendar import Period
from app.school.descriptions import led_classes
from app.school.mark_entries import WEIGHTS
from app.school.mark_grid import Column
from app.school.mark_sheets import Reader, Sheet


@dataclass(frozen=True)
class ClassTab:
    """A class whose journals the person may open."""

    public_id: str
    name: str


@bp.get("/gradebook")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def gradebook() -> Response:
    """The first sheet of the asked class (`?class=`), or of the person's first; or the diary."""
    if me.described().is_diary:
        return diary.diary_page("journal.gradebook")
    sheets = mark_sheets.sheets_of(me.reader())
    tabs = _tabs(sheets)
    asked = request.args.get("class")
    chosen = next((tab for tab in tabs if tab.public_id == asked), None)
    if asked and chosen is None:
        raise Missing(lazy_gettext("Такого класса среди ваших нет."))
    inside = [sheet for sheet in sheets if not chosen or sheet.class_public_id == chosen.public_id]
    if inside:
        return _page(inside[0], sheets)
    return make_response(
        render_template(
            "journal/gradebook/none.html", tabs=tabs, chosen=chosen, children=_children()
        )
    )


@bp.get("/gradebook/<sheet_id>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def sheet(sheet_id: str) -> Response:
    """A sheet in a period (`?period=2026-11-02`), or in the present one."""
    sheets = mark_sheets.sheets_of(me.reader())
    found = next((row for row in sheets if row.public_id == sheet_id), None)
    if found is None:
        raise Missing(lazy_gettext("Такого журнала среди ваших нет."))
    return _page(found, sheets)


@bp.post("/gradebook/<sheet_id>/reopen")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def reopen_sheet(sheet_id: str) -> Response:
    """An administrator opens a closed period for corrections."""
    reader = me.reader()
    found = mark_sheets.open_sheet(reader, sheet_id)
    period = asked_period(reader)
    until = period_marking.reopen(found, period, reader)
    flash(gettext("Журнал открыт для исправлений до %(date)s", date=format_date(until)), "success")
    return go(url_for("journal.sheet", sheet_id=sheet_id, period=period.since))


def asked_period(reader: Reader) -> Period:
    """The period that begins on `?period=`, or the present one."""
    periods = calendar.periods_of(reader.school_id, reader.today)
    asked = request.args.get("period") or request.form.get("period")
    return next(
        (period for period in periods if period.since.isoformat() == asked),
        calendar.period_at(periods, reader.today),
    )


def _page(found: Sheet, sheets: list[Sheet]) -> Response:
    reader = me.reader()
    period = asked_period(reader)
    grid = mark_grid.grid_of(found, period, reader)
    return make_response(
        render_template(
            "journal/gradebook/sheet.html",
            sheet=found,
            grid=grid,
            months=_months(grid.columns),
            periods=calendar.periods_of(reader.school_id, reader.today),
            tabs=_tabs(sheets),
            subjects=[row for row in sheets if row.class_id == found.class_id],
            children=_children(),
            today=reader.today,
            shown_average=mark_words.shown_average,
            kind_names=mark_words.KIND_NAMES,
            kind_short=mark_words.KIND_SHORT,
            weights=WEIGHTS,
            is_administrator=reader.is_administrator,
            may_total=found.is_own and not grid.is_closed and period.since <= reader.today,
        )
    )


def _tabs(sheets: list[Sheet]) -> list[ClassTab]:
    tabs = {
        sheet.class_public_id: ClassTab(sheet.class_public_id, sheet.class_name) for sheet in sheets
    }
    for led in led_classes(current_user.person_id):
        tabs.setdefault(led.public_id, ClassTab(led.public_id, led.name))
    return list(tabs.values())


def _children() -> list[lessons.Child]:
    """Children of a teacher who is a parent too."""
    return lessons.children_of(current_user.person_id)


def _months(columns: list[Column]) -> list[tuple[str, int]]:
    """Names of the months over the columns, with how many columns each spans."""
    months = groupby(columns, key=lambda column: column.date.replace(day=1))
    return [(_month(first), len(list(group))) for first, group in months]


def _month(first: dt.date) -> str:
    name = str(format_date(first, "LLLL"))
    return name[:1].upper() + name[1:]

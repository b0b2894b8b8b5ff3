"""«Тематический план»: rows without dates, typed, copied, or read from a file by way of a draft.

The files themselves are in `planning_files`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, flash, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import login_required
from markupsafe import Markup

from app.core.errors import Invalid, Problem
from app.core.pages import go, wants_block
from app.core.uploads import accepts_long_forms
from app.journal import gradebook, me
from app.journal import planning as planning_pages
from app.journal.blueprint import bp
from app.school import mark_sheets, planning_copying, planning_rows, topics
from app.school.lesson_days import LessonDay
from app.school.mark_sheets import Sheet
from app.school.planning import MAX_HOMEWORK, MAX_HOURS, MAX_ROWS, MAX_SECTION, MAX_TOPIC
from app.school.planning_laying import Row, hours_of, laid
from app.school.planning_rows import PlanOvertaken

BLANK = Row("")
MORE_ROWS = 3
LIMITS = {
    "most_topic": MAX_TOPIC,
    "most_section": MAX_SECTION,
    "most_homework": MAX_HOMEWORK,
    "most_hours": MAX_HOURS,
    "most_rows": MAX_ROWS,
}


@bp.route("/planning/<sheet_id>/plan", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
@accepts_long_forms
def plan(sheet_id: str) -> Response:
    """The rows of the plan; POST saves them all. `insert` only makes room above a row."""
    sheet = mark_sheets.open_sheet(me.reader(), sheet_id)
    if request.method == "GET":
        return _page(sheet, planning_rows.plan_of(sheet.teaching_id).rows)
    rows = _typed_rows()
    place = request.form.get("insert", type=int)
    if place is not None:
        return _page(sheet, [*rows[:place], BLANK, *rows[place:]], is_typed=True)
    try:
        version = planning_rows.save_rows(
            sheet, [row for row in rows if row != BLANK], _version(), me.reader()
        )
    except Problem as problem:
        if wants_block():
            return make_response(jsonify(message=str(problem.message)), problem.status)
        if isinstance(problem, (Invalid, PlanOvertaken)):
            return _page(sheet, rows, is_typed=True, problem=str(problem.message))
        raise
    if wants_block():
        return make_response(jsonify(version=version))
    flash(gettext("План сохранён"), "success")
    return go(url_for("journal.plan", sheet_id=sheet_id))


@bp.route("/planning/<sheet_id>/copy", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def copy_plan(sheet_id: str) -> Response:
    """Choose a plan to copy (`source`); it becomes a draft that shows what it would overwrite."""
    reader = me.reader()
    sheet = mark_sheets.open_sheet(reader, sheet_id)
    sources = planning_copying.sources_of(sheet, reader)
    if request.method == "POST":
        source, rows = planning_copying.rows_of(sources, request.form.get("source", ""))
        words = f"{source.class_name} · {source.subject} · {source.teacher}"
        key = planning_rows.make_draft(sheet, reader, words, rows)
        return go(url_for("journal.plan_draft", sheet_id=sheet_id, draft_id=key))
    return plan_page(sheet, "journal/planning/copy.html", sources=sources)


@bp.route("/planning/<sheet_id>/drafts/<draft_id>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def plan_draft(sheet_id: str, draft_id: str) -> Response:
    """What the draft would overwrite; POST lets it be the plan, or its end (`how=append`)."""
    reader = me.reader()
    sheet = mark_sheets.open_sheet(reader, sheet_id)
    source, rows = planning_rows.open_draft(sheet, reader, draft_id)
    problem = None
    if request.method == "POST":
        try:
            is_appended = request.form.get("how") == "append"
            undo = planning_rows.apply_draft(
                sheet, reader, draft_id, version=_version(), is_appended=is_appended
            )
        except (Invalid, PlanOvertaken) as caught:
            problem = str(caught.message)
        else:
            _tell(sheet_id, len(rows), undo)
            return go(url_for("journal.plan", sheet_id=sheet_id))
    return plan_page(
        sheet,
        "journal/planning/draft.html",
        status=422 if problem else 200,
        source=source,
        rows=rows,
        now=planning_rows.plan_of(sheet.teaching_id),
        lessons=len(_lessons_of_year(sheet)),
        hours=sum(row.hours for row in rows),
        problem=problem,
    )


def _tell(sheet_id: str, count: int, undo: str | None) -> None:
    """«Готово», and the way back to the plan as it was."""
    words = ngettext("В план записана %(num)d строка.", "В план записано %(num)d строк.", count)
    if undo is None:
        flash(words, "success")
        return
    back = url_for("journal.plan_draft", sheet_id=sheet_id, draft_id=undo)
    link = Markup('{} <a class="link" href="{}">{}</a>').format(
        words, back, gettext("Вернуть прежний план")
    )
    flash(link, "success")


def _page(
    sheet: Sheet, rows: list[Row], *, is_typed: bool = False, problem: str | None = None
) -> Response:
    seen = planning_rows.plan_of(sheet.teaching_id)
    lessons = _lessons_of_year(sheet)
    dates: dict[int, dt.date] = {}
    for (_teaching_id, date, _number), hour in laid(rows, lessons).items():
        dates.setdefault(hour.index, date)
    return plan_page(
        sheet,
        "journal/planning/plan.html",
        status=422 if problem else 200,
        rows=rows,
        more=MORE_ROWS if sheet.is_own else 0,
        version=_version() if is_typed else seen.version,
        dates=dates,
        hours=len(hours_of(rows)),
        lessons=len(lessons),
        problem=problem,
        **LIMITS,
    )


def plan_page(sheet: Sheet, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page about the plan of the sheet, with the heading of planning."""
    reader = me.reader()
    period = gradebook.asked_period(reader)
    sheets = mark_sheets.sheets_of(reader)
    heading = planning_pages.heading(sheet, sheets, period)
    return make_response(render_template(template, **heading, **context), status)


def _lessons_of_year(sheet: Sheet) -> list[LessonDay]:
    """Those that are given."""
    year = topics.lessons_of_year([sheet.teaching_id], me.reader().today)
    return [lesson for lesson in year if not lesson.is_cancelled]


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _typed_rows() -> list[Row]:
    """The rows as they stand in the form; a number of hours that is none is 0, and refused."""
    form = request.form
    columns = [form.getlist(name) for name in ("topic", "section", "hours", "homework")]
    rows = []
    for topic, section, hours, homework in zip(*columns, strict=False):
        is_blank = not (topic.strip() or section.strip() or homework.strip())
        number = int(hours) if hours.isdecimal() and len(hours) < 4 else 0
        row = Row(topic, section, number if hours.strip() else 1, homework)
        rows.append(BLANK if is_blank else row)
    while rows and rows[-1] == BLANK:
        rows.pop()
    return rows

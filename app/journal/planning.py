"""«Планирование»: the lessons of a class × subject with topics and homework, saved as typed.

One lesson with its files is in `planning_lesson`, the plan without dates in `planning_plan`. Pupils
and parents are led to the homework of their diary.
"""

from __future__ import annotations

from typing import Any

from flask import (
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as BaseResponse

from app.core.errors import Missing, Problem
from app.core.pages import go
from app.core.uploads import accepts_long_forms
from app.journal import gradebook, me
from app.journal.blueprint import bp
from app.school import calendar, homework_giving, mark_sheets, planning_lessons
from app.school.calendar import Period
from app.school.homework_giving import NoteOvertaken, NoteWish
from app.school.load import load_of_teacher
from app.school.mark_sheets import Sheet
from app.school.planning import MAX_HOMEWORK, MAX_TOPIC
from app.school.planning_lessons import PlannedLesson


@bp.get("/planning")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def planning() -> Response | BaseResponse:
    """The first sheet of the asked class (`?class=`), or of the person's first; or homework."""
    if me.described().is_diary:
        child = request.args.get("child")
        return redirect(url_for("journal.diary", view="homework", child=child))
    sheets = mark_sheets.sheets_of(me.reader())
    asked = request.args.get("class")
    inside = [sheet for sheet in sheets if not asked or sheet.class_public_id == asked]
    if inside:
        return sheet_page(inside[0], sheets)
    if asked:
        raise Missing(lazy_gettext("Такого класса среди ваших нет."))
    return make_response(render_template("journal/planning/none.html"))


@bp.route("/planning/<sheet_id>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
@accepts_long_forms
def planning_sheet(sheet_id: str) -> Response:
    """The lessons of a period (`?period=2026-11-02`); POST saves all that was typed."""
    sheets = mark_sheets.sheets_of(me.reader())
    found = sheet_among(sheets, sheet_id)
    if request.method == "GET":
        return sheet_page(found, sheets)
    reader = me.reader()
    period = gradebook.asked_period(reader)
    problems = _save_all(planning_lessons.lessons_of(found, period, reader))
    if problems:
        return sheet_page(found, sheets, problems=problems)
    flash(gettext("Сохранено"), "success")
    return go(url_for("journal.planning_sheet", sheet_id=sheet_id, period=period.since))


@bp.post("/planning/<sheet_id>/notes")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def save_note(sheet_id: str) -> Response:
    """Save `topic` or `homework` of the lesson `place`, if its version is still `version`."""
    try:
        reader = me.reader()
        sheet = mark_sheets.open_sheet(reader, sheet_id)
        lesson = planning_lessons.find_lesson(sheet, request.form.get("place", ""), reader)
        now = homework_giving.write_note(lesson, typed_note(), reader)
    except NoteOvertaken as problem:
        history = homework_giving.history_of(lesson.note_id)
        answer = jsonify(
            message=str(problem.message),
            cell=_shown(lesson, problem.now),
            by=history[0].by if history else "",
        )
        return make_response(answer, problem.status)
    except Problem as problem:
        return make_response(jsonify(message=str(problem.message)), problem.status)
    return make_response(jsonify(cell=_shown(lesson, now)))


def sheet_among(sheets: list[Sheet], sheet_id: str) -> Sheet:
    """The sheet of this public id.

    Raises:
        Missing: it is not among those of the person.
    """
    found = next((row for row in sheets if row.public_id == sheet_id), None)
    if found is None:
        raise Missing(lazy_gettext("Такого плана среди ваших нет."))
    return found


def heading(found: Sheet, sheets: list[Sheet], period: Period) -> dict[str, Any]:
    """What the heading of every planning page shows: classes, subjects, periods."""
    reader = me.reader()
    return {
        "sheet": found,
        "period": period,
        "periods": calendar.periods_of(reader.school_id, reader.today),
        "tabs": list(
            {
                sheet.class_public_id: gradebook.ClassTab(sheet.class_public_id, sheet.class_name)
                for sheet in sheets
            }.values()
        ),
        "subjects": [row for row in sheets if row.class_id == found.class_id],
        "today": reader.today,
    }


def sheet_page(
    found: Sheet, sheets: list[Sheet], *, problems: dict[str, str] | None = None
) -> Response:
    """The lessons of the asked period; with `problems`, what was typed stays in the fields."""
    reader = me.reader()
    period = gradebook.asked_period(reader)
    lessons = planning_lessons.lessons_of(found, period, reader)
    load = {
        row.class_id: row.lessons
        for row in load_of_teacher(current_user.person_id)
        if row.subject == found.subject
    }
    return make_response(
        render_template(
            "journal/planning/lessons.html",
            **heading(found, sheets, period),
            lessons=lessons,
            may_write=any(lesson.may_write or lesson.may_give for lesson in lessons),
            next_key=next((row.key for row in lessons if row.date >= reader.today), ""),
            weekly=load.get(found.class_id) if found.is_own else None,
            problems=problems or {},
            typed=request.form if problems else {},
            most_topic=MAX_TOPIC,
            most_homework=MAX_HOMEWORK,
        ),
        422 if problems else 200,
    )


def _save_all(lessons: list[PlannedLesson]) -> dict[str, str]:
    """Save what can be saved; returns the reason by lesson for the rest.

    «Задать» beside a proposal of the plan comes as `give`, the key of its lesson.
    """
    problems: dict[str, str] = {}
    given = request.form.get("give", "")
    for lesson in lessons:
        seen = request.form.get(f"v-{lesson.key}", type=int)
        if seen is None:
            continue
        wish = NoteWish(
            version=seen,
            topic=request.form.get(f"t-{lesson.key}"),
            homework=lesson.proposed
            if given == lesson.key and lesson.proposed
            else request.form.get(f"h-{lesson.key}"),
        )
        try:
            homework_giving.write_note(lesson, wish, me.reader())
        except Problem as problem:
            problems[lesson.key] = str(problem.message)
    return problems


def typed_note() -> NoteWish:
    """What the form of one lesson wants; a field that it lacks stays as it is."""
    return NoteWish(
        version=request.form.get("version", 0, type=int),
        topic=request.form.get("topic"),
        homework=request.form.get("homework"),
    )


def _shown(lesson: PlannedLesson, now: homework_giving.Snapshot) -> dict[str, Any]:
    """A note as the page shows it: where the topic is empty, the plan's stands."""
    planned = lesson.hour.topic if lesson.hour else ""
    return {**now, "topic": now["topic"] or planned, "is_planned": not now["topic"]}

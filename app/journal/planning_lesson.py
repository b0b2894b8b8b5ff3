"""One lesson of «Планирование» on a page of its own: topic, homework with files, history.

It needs no script, and is where the journal's lesson page leads.
"""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext
from flask_login import login_required

from app.core.errors import Problem
from app.core.pages import go
from app.core.uploads import accepts_files
from app.journal import me
from app.journal import planning as planning_pages
from app.journal.blueprint import bp
from app.school import homework_giving, mark_sheets, marking, planning_lessons
from app.school.homework_giving import MOST_FILES, TOO_MANY
from app.school.kept_files import forget_files, keep_files
from app.school.mark_sheets import Reader
from app.school.planning import MAX_HOMEWORK, MAX_TOPIC
from app.school.planning_lessons import PlannedLesson


@bp.route("/planning/<sheet_id>/lessons/<place>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
@accepts_files(MOST_FILES)
def planned_lesson(sheet_id: str, place: str) -> Response:
    """Topic and homework of one lesson; what could not be saved stays in its field."""
    reader = me.reader()
    sheets = mark_sheets.sheets_of(reader)
    sheet = planning_pages.sheet_among(sheets, sheet_id)
    lesson = planning_lessons.find_lesson(sheet, place, reader)
    period = marking.period_of(sheet, lesson.date)
    problem = None
    if request.method == "POST":
        problem = _save(lesson, reader)
        if problem is None:
            flash(gettext("Сохранено"), "success")
            address = url_for("journal.planning_sheet", sheet_id=sheet_id, period=period.since)
            return go(f"{address}#l-{place}")
        lesson = planning_lessons.find_lesson(sheet, place, reader)
    lessons = planning_lessons.lessons_of(sheet, period, reader)
    index = next(i for i, row in enumerate(lessons) if row.key == place)
    return make_response(
        render_template(
            "journal/planning/lesson.html",
            **planning_pages.heading(sheet, sheets, period),
            lesson=lesson,
            before=lessons[index - 1].key if index else None,
            after=lessons[index + 1].key if index + 1 < len(lessons) else None,
            history=homework_giving.history_of(lesson.note_id) if lesson.note_id else [],
            problem=problem,
            typed=request.form if problem else {},
            most_topic=MAX_TOPIC,
            most_homework=MAX_HOMEWORK,
            most_files=MOST_FILES,
        ),
        422 if problem else 200,
    )


def _save(lesson: PlannedLesson, reader: Reader) -> str | None:
    """Save the form; returns the reason when it cannot be."""
    try:
        kept = keep_files(request.files.getlist("files"), most=MOST_FILES, too_many=TOO_MANY)
    except Problem as problem:
        return str(problem.message)
    try:
        homework_giving.write_note(
            lesson,
            planning_pages.typed_note(),
            reader,
            kept=kept,
            dropped=set(request.form.getlist("dropped")),
        )
    except Problem as problem:
        forget_files(kept)
        return str(problem.message)
    except BaseException:
        forget_files(kept)
        raise
    return None

"""A whole lesson of the journal on one page: what it was for, and everybody's mark.

It needs no script, and is the quickest way on a phone.
"""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext
from flask_login import login_required

from app.core.errors import Invalid, Problem
from app.core.pages import go
from app.core.transaction import writing
from app.journal import mark_words, me
from app.journal.blueprint import bp
from app.school import mark_grid, mark_sheets, marking
from app.school.mark_entries import MAX_WEIGHT, WEIGHTS, WorkKind
from app.school.mark_history import Wish


@bp.route("/gradebook/<sheet_id>/lesson/<place>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def lesson_marks(sheet_id: str, place: str) -> Response:
    """Marks of one lesson. What could not be saved stays in its field, with the reason."""
    reader = me.reader()
    sheet = mark_sheets.open_sheet(reader, sheet_id)
    found = marking.find_place(sheet, place, reader, to_write=request.method == "POST")
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _save(found)
        if not problems:
            flash(gettext("Сохранено"), "success")
            return go(url_for("journal.sheet", sheet_id=sheet_id, period=found.period.since))
        found = marking.find_place(sheet, place, reader)
    grid = mark_grid.grid_of(sheet, found.period, reader)
    index = next(i for i, column in enumerate(grid.columns) if column.key == place)
    return make_response(
        render_template(
            "journal/gradebook/lesson.html",
            sheet=sheet,
            period=found.period,
            column=grid.columns[index],
            rows=[(row, row.cells[index]) for row in grid.rows if not row.out[index]],
            problems=problems,
            typed=request.form if problems else {},
            kind_names=mark_words.KIND_NAMES,
            weights=WEIGHTS,
            most_weight=MAX_WEIGHT,
            before=grid.columns[index - 1].key if index else None,
            after=grid.columns[index + 1].key if index + 1 < len(grid.columns) else None,
        ),
        422 if problems else 200,
    )


def _save(place: marking.Place) -> dict[str, str]:
    """Save what can be saved; returns the reason by pupil (public id, or «work») for the rest."""
    problems: dict[str, str] = {}
    kind = request.form.get("kind", "")
    weight = request.form.get("weight", 0, type=int)
    asked = kind in set(WorkKind) and (WorkKind(kind), weight)
    with writing():
        for pupil in place.pupils:
            text, seen = request.form.get(f"m-{pupil}"), request.form.get(f"v-{pupil}", 0, type=int)
            if text is None:
                continue
            try:
                marking.write_mark(place, pupil, Wish(text, seen))
            except Problem as problem:
                problems[pupil] = str(problem.message)
        # After the marks, so that those just written as usual follow the new kind.
        try:
            if asked and asked != (place.column.kind or WorkKind.ANSWER, place.column.weight):
                marking.set_work(place, *asked)
        except Invalid as problem:
            problems["work"] = str(problem.message)
    return problems

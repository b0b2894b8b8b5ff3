"""Cells of the journal: saving one, what others changed meanwhile, the details of one.

The grid's script talks JSON here; the details are a page too, for those without script.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, make_response, request, url_for
from flask_babel import lazy_gettext
from flask_login import login_required

from app.core.errors import Missing, Problem
from app.core.pages import go, page_or_block, wants_block
from app.journal import mark_words, me
from app.journal.blueprint import bp
from app.school import mark_grid, mark_history, mark_sheets, marking, period_marking
from app.school.calendar import Period
from app.school.mark_entries import MAX_WEIGHT, WEIGHTS, WorkKind
from app.school.mark_grid import Row
from app.school.mark_history import Overtaken, Snapshot, Wish
from app.school.mark_sheets import Reader, Sheet
from app.school.marks import MAX_COMMENT

PERIOD = "period."


@dataclass(frozen=True)
class Asked:
    """The cell that the request names. `place` is None for a period mark."""

    sheet: Sheet
    reader: Reader
    key: str
    pupil: Row
    period: Period
    place: marking.Place | None

    @property
    def history_key(self) -> str:
        return self.period.since.isoformat() if self.place is None else self.key

    def write(self, wish: Wish) -> Snapshot:
        if self.place is None:
            return period_marking.write_period_mark(
                self.sheet, self.period, self.reader, self.pupil.public_id, wish
            )
        return marking.write_mark(self.place, self.pupil.public_id, wish)


@bp.post("/gradebook/<sheet_id>/cells")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def save_cell(sheet_id: str) -> Response:
    """Save `text` into the cell (`pupil`, `place`) if its version is still `version`."""
    try:
        asked = _asked(sheet_id, to_write=True)
        now = asked.write(Wish(request.form.get("text", ""), _number("version")))
    except Overtaken as problem:
        by = mark_history.last_author(asked.sheet, asked.pupil.pupil_id, asked.history_key)
        answer = jsonify(message=str(problem.message), cell=problem.now, by=by)
        return make_response(answer, problem.status)
    except Problem as problem:
        return make_response(jsonify(message=str(problem.message)), problem.status)
    return make_response(jsonify(_told(asked, now)))


@bp.get("/gradebook/<sheet_id>/changes")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def sheet_changes(sheet_id: str) -> Response:
    """Cells changed after `?since=` (by anybody), with the numbers of those pupils (`?period=`)."""
    reader = me.reader()
    sheet = mark_sheets.open_sheet(reader, sheet_id)
    since = request.args.get("since", 0, type=int)
    fresh, cursor = mark_history.changes_since(sheet, since)
    numbers = {}
    if fresh:
        period = _period(sheet, request.args.get("period", ""))
        found = mark_grid.numbers_anew(sheet, period, [row.pupil_id for row in fresh], reader.today)
        numbers = {row.pupil: _shown(found[row.pupil_id]) for row in fresh}
    cells = [
        {"pupil": row.pupil, "place": _place_name(row.place), "cell": row.now, "by": row.by}
        for row in fresh
    ]
    return make_response(jsonify(cells=cells, cursor=cursor, numbers=numbers))


@bp.route("/gradebook/<sheet_id>/cell", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def cell(sheet_id: str) -> Response:
    """Kind, weight, comment and history of one cell; a form where it may be written."""
    asked = _asked(sheet_id, to_write=request.method == "POST")
    error, status = None, 200
    if request.method == "POST":
        try:
            now = asked.write(_wish())
        except Problem as problem:
            error, status = problem, 422  # so that the words come into the open dialog
        else:
            back = url_for("journal.sheet", sheet_id=sheet_id, period=asked.period.since)
            response = make_response("", 204) if wants_block() else go(back)
            response.headers["HX-Trigger"] = json.dumps({"gradebook:saved": _told(asked, now)})
            return response
    return page_or_block(
        "journal/gradebook/cell.html",
        "dialog_content",
        status=status,
        error=error,
        **_details(asked),
    )


def _details(asked: Asked) -> dict[str, Any]:
    """What the details show: the cell as stored, or as typed after a mistake."""
    history = mark_history.history_of(asked.sheet, asked.pupil.pupil_id, asked.history_key)
    now: Snapshot = history[0].after if history else {"text": "", "version": 0, "comment": ""}
    column = asked.place.column if asked.place else None
    usual = (column.kind or WorkKind.ANSWER, column.weight) if column else (WorkKind.ANSWER, 1)
    kind, weight = WorkKind(now.get("kind", usual[0])), now.get("weight", usual[1])
    may_write = (
        column.is_writable
        if column
        else asked.sheet.is_own
        and not mark_grid.is_closed(asked.sheet, asked.period, asked.reader.today)
    )
    return {
        "sheet": asked.sheet,
        "pupil": asked.pupil,
        "period": asked.period,
        "column": column,
        "key": asked.key,
        "text": request.form.get("text", now["text"]),
        "comment": request.form.get("comment", now.get("comment", "")),
        "kind": request.form.get("kind", kind),
        "weight": request.form.get("weight", weight),
        "version": now["version"],
        "history": history,
        "may_write": may_write,
        "kind_names": mark_words.KIND_NAMES,
        "weights": WEIGHTS,
        "most_weight": MAX_WEIGHT,
        "most_comment": MAX_COMMENT,
        "period_marks": period_marking.PERIOD_MARKS,
    }


def _asked(sheet_id: str, *, to_write: bool) -> Asked:
    reader = me.reader()
    sheet = mark_sheets.open_sheet(reader, sheet_id)
    key = request.values.get("place", "")
    if key.startswith(PERIOD):
        place, period = None, _period(sheet, key.removeprefix(PERIOD))
        rows = {row.public_id: row for row in mark_grid.pupils_of(sheet.class_id, period)}
    else:
        place = marking.find_place(sheet, key, reader, to_write=to_write)
        period, rows = place.period, place.pupils
    pupil = rows.get(request.values.get("pupil", ""))
    if pupil is None:
        raise Missing(lazy_gettext("Такого обучающегося в классе нет."))
    return Asked(sheet, reader, key, pupil, period, place)


def _period(sheet: Sheet, since: str) -> Period:
    try:
        return marking.period_of(sheet, dt.date.fromisoformat(since))
    except ValueError:
        raise Missing(lazy_gettext("Такого периода нет.")) from None


def _wish() -> Wish:
    kind = request.form.get("kind")
    return Wish(
        text=request.form.get("text", ""),
        version=_number("version"),
        kind=WorkKind(kind) if kind in set(WorkKind) else None,
        weight=request.form.get("weight", type=int),
        comment=request.form.get("comment"),
    )


def _number(name: str) -> int:
    return request.form.get(name, 0, type=int)


def _told(asked: Asked, now: Snapshot) -> dict[str, Any]:
    numbers = mark_grid.numbers_anew(
        asked.sheet, asked.period, [asked.pupil.pupil_id], asked.reader.today
    )
    return {
        "pupil": asked.pupil.public_id,
        "place": asked.key,
        "cell": now,
        "numbers": _shown(numbers[asked.pupil.pupil_id]),
    }


def _shown(numbers: mark_grid.Numbers) -> dict[str, str]:
    return {
        "average": mark_words.shown_average(numbers.average),
        "suggested": numbers.suggested,
    }


def _place_name(place: str) -> str:
    """History names a period mark by its first day; the page says «period.2026-11-02»."""
    return place if "." in place else f"{PERIOD}{place}"

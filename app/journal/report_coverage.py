"""«Связка профилей»: who has linked, by class and role, and how it grew."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext
from flask_login import login_required

from app.core import clock
from app.core.dates import short_date
from app.journal import reports
from app.journal.blueprint import bp
from app.journal.tables import Bar, Bars, Cell, Lines, Report, Series, Table
from app.membership.coverage import Coverage, Share, coverage_of
from app.membership.coverage_trend import trend_of


@bp.get("/reports/coverage")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def coverage_report() -> Response:
    """Link coverage by class: own classes for a class teacher, all for an administrator."""
    own = reports.scope()
    rows = coverage_of(own.reader.school_id, own.class_ids)
    trend = trend_of(own.reader.school_id, own.class_ids, clock.now())
    names = (gettext("Обучающиеся"), gettext("Родители"), gettext("Учителя"))
    lines = Lines(
        gettext("Доля связавших профиль за 12 недель, в процентах"),
        [short_date(moment) for moment in trend.moments],
        [
            Series(f"{name} · {line.shares[-1]} %", line.shares)
            for name, line in zip(names, (trend.pupils, trend.parents, trend.staff), strict=True)
            if line.total
        ],
    )
    bars = Bars(
        gettext("Родители по классам"),
        [Bar(row.class_name, _percent(row.parents), f"{_percent(row.parents)} %") for row in rows],
        most=100,
    )
    return reports.answer(
        "coverage", Report(_table(rows), (lines, bars) if rows else ()), own, None
    )


def _table(rows: list[Coverage]) -> Table:
    columns = [gettext("Класс")]
    for name in (gettext("Обучающиеся"), gettext("Родители"), gettext("Учителя")):
        columns += [name, gettext("связали"), "%"]
    lines = [
        [Cell(row.class_name), *_cells(row.pupils), *_cells(row.parents), *_cells(row.staff)]
        for row in rows
    ]
    title = gettext("Кто связал учебный профиль")
    return Table(gettext("Связка профилей"), title, gettext("На сегодня"), columns, lines)


def _cells(share: Share) -> list[Cell]:
    return [Cell(share.total), Cell(share.linked), Cell(_percent(share) if share.total else None)]


def _percent(share: Share) -> int:
    return round(100 * share.linked / share.total) if share.total else 0

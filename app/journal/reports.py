"""«Отчеты»: marks and attendance by class, pupil and subject. Coverage is in `report_coverage`.

Class teachers see their classes, administrators the school, subject teachers their own sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import format_date, gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core import clock
from app.core.errors import Denied, Missing
from app.journal import exports, me, report_tables
from app.journal.blueprint import bp
from app.journal.tables import Report
from app.school import calendar, mark_diary, mark_grid, mark_reports, mark_sheets
from app.school.calendar import Period
from app.school.descriptions import led_classes
from app.school.mark_reports import ClassRow
from app.school.mark_sheets import Reader


@dataclass(frozen=True)
class Scope:
    """Whose reports this person reads. `classes`: whole classes; `class_ids` None: the school."""

    reader: Reader
    classes: list[ClassRow]
    class_ids: list[int] | None


def scope() -> Scope:
    """The signed-in person's reports.

    Raises:
        Denied: pupils and parents have none.
    """
    if me.described().is_diary:
        raise Denied(lazy_gettext("Отчёты видят преподаватели и администратор школы."))
    reader = me.reader()
    own = None if reader.is_administrator else [row.id for row in led_classes(reader.person_id)]
    return Scope(reader, mark_reports.classes_of(reader.school_id, own), own)


@bp.get("/reports")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def reports() -> Response:
    """Marks of a class (`?class=&period=`); of the school without a class, for administrators."""
    own = scope()
    chosen = asked_class(own)
    if chosen is None and not own.classes:
        return _of_subject(own)
    period = asked_period(own.reader)
    if chosen is None and own.reader.is_administrator:
        means = mark_reports.means_of_classes(own.classes, period)
        return answer("marks", report_tables.school_marks(means, period), own, None)
    chosen = chosen or own.classes[0]
    found = mark_reports.marks_of_class(chosen.id, period)
    return answer("marks", report_tables.class_marks(chosen, found, period), own, chosen)


@bp.get("/reports/attendance")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def attendance_report() -> Response:
    """Missed lessons of a class.

    Raises:
        Missing: the person has no class of their own.
    """
    own = scope()
    chosen = asked_class(own) or next(iter(own.classes), None)
    if chosen is None:
        raise Missing(lazy_gettext("Посещаемость класса видит классный руководитель."))
    period = asked_period(own.reader)
    report = report_tables.attendance(
        chosen,
        mark_reports.attendance_of_class(chosen.id, period),
        mark_reports.missed_by_week(chosen.id, period),
        period,
    )
    return answer("attendance", report, own, chosen)


@bp.get("/reports/pupil/<pupil_id>")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def pupil_report(pupil_id: str) -> Response:
    """Subjects of one pupil of the person's classes.

    Raises:
        Missing: there is no such pupil there.
    """
    own = scope()
    found = mark_reports.pupil_in([row.id for row in own.classes], pupil_id)
    if found is None:
        raise Missing(lazy_gettext("Такого обучающегося в ваших классах нет."))
    period = asked_period(own.reader)
    subjects = mark_diary.subjects_of(found[0], period, own.reader.today, clock.now())
    chosen = next(row for row in own.classes if row.name == found[2])
    report = report_tables.pupil(found[1], chosen.name, subjects, period)
    return answer("pupil", report, own, chosen, pupil_id=pupil_id)


@bp.get("/reports/subject")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def subject_report() -> Response:
    """One sheet (`?sheet=`) as a report: every pupil's marks, average and total.

    Raises:
        Missing: it is not a sheet of this person.
    """
    return _of_subject(scope())


def _of_subject(own: Scope) -> Response:
    sheets = mark_sheets.sheets_of(own.reader)
    asked = request.args.get("sheet")
    sheet = next((row for row in sheets if row.public_id == asked), None)
    if asked and sheet is None:
        raise Missing(lazy_gettext("Такого журнала среди ваших нет."))
    sheet = sheet or next(iter(sheets), None)
    if sheet is None:
        return make_response(render_template("journal/reports/none.html", own=own, view="subject"))
    period = asked_period(own.reader)
    grid = mark_grid.grid_of(sheet, period, own.reader)
    report = report_tables.subject(sheet, grid, period)
    return answer("subject", report, own, None, sheet=sheet, sheets=sheets)


def asked_class(own: Scope) -> ClassRow | None:
    """The class of `?class=`.

    Raises:
        Missing: it is not one of this person's.
    """
    asked = request.args.get("class")
    chosen = next((row for row in own.classes if row.public_id == asked), None)
    if asked and chosen is None:
        raise Missing(lazy_gettext("Такого класса среди ваших нет."))
    return chosen


def asked_period(reader: Reader) -> Period:
    """The period of `?period=`, or the present one."""
    periods = calendar.periods_of(reader.school_id, reader.today)
    asked = request.args.get("period")
    return next(
        (period for period in periods if period.since.isoformat() == asked),
        calendar.period_at(periods, reader.today),
    )


def answer(view: str, report: Report, own: Scope, chosen: ClassRow | None, **more: Any) -> Response:
    """The report as a page, or as the file of `?format=`."""
    kind = request.args.get("format", "")
    if kind in exports.FORMATS:
        return exports.as_file(report, kind, by=current_user.public_id)
    asked = {key: value for key, value in request.args.items() if key != "format"}
    here = {**(request.view_args or {}), **asked}
    files = {kind: url_for(request.endpoint or "", **here, format=kind) for kind in exports.FORMATS}
    return make_response(
        render_template(
            "journal/reports/page.html",
            view=view,
            report=report,
            own=own,
            chosen=chosen,
            files=files,
            here=here,
            periods=calendar.periods_of(own.reader.school_id, own.reader.today),
            period=asked_period(own.reader),
            made_on=gettext("Составлен %(date)s", date=format_date(own.reader.today)),
            **more,
        )
    )

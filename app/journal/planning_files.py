"""Plans as workbooks: the template, the plan as XLSX, and reading one with a dry run."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from flask import Response, request, url_for
from flask_babel import gettext
from flask_login import login_required

from app.core import files
from app.core.errors import Invalid
from app.core.pace import Pace
from app.core.pages import go
from app.core.sizes import MEGA
from app.journal import me
from app.journal.blueprint import bp
from app.journal.exports import BOOK, TYPES, download
from app.journal.planning_plan import plan_page
from app.school import mark_sheets, planning_books, planning_rows
from app.school.planning import MAX_HOURS
from app.school.planning_books import BookFault, ReadBook
from app.school.planning_laying import Row

# The request as a whole is not longer (`Settings.max_content_length`).
MAX_BOOK = 2 * MEGA
# Decision: the template is Russian in every language, as are the plans that schools have.
HEADINGS = (("№", 6), ("Раздел", 28), ("Тема", 60), ("Часы", 8), ("Задание к уроку", 44))
EXAMPLES = (
    Row("Источники света. Распространение света", "Световые явления", 1, "§ 63, вопросы 1–4"),
    Row("Отражение света. Плоское зеркало", "Световые явления", 2, "§ 65, упр. 45 (1, 2)"),
)
PACE = Pace(burst=10, per_second=0.2)


@bp.get("/planning/template.xlsx")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def plan_template() -> Response:
    """An example to fill in."""
    return download(_book(EXAMPLES), "Шаблон плана.xlsx", TYPES["xlsx"])


@bp.get("/planning/<sheet_id>/plan.xlsx")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def export_plan(sheet_id: str) -> Response:
    """The plan in the form that import reads."""
    sheet = mark_sheets.open_sheet(me.reader(), sheet_id)
    rows = planning_rows.plan_of(sheet.teaching_id).rows
    name = f"План {sheet.class_name} {sheet.subject}.xlsx"
    return download(_book(rows), name, TYPES["xlsx"])


@bp.route("/planning/<sheet_id>/import", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def import_plan(sheet_id: str) -> Response:
    """Read a book: a sound one becomes a draft, a faulty one is answered by rows and columns."""
    reader = me.reader()
    sheet = mark_sheets.open_sheet(reader, sheet_id)
    planning_rows.require_own(sheet)
    faults: list[BookFault] = []
    problem = None
    if request.method == "POST":
        PACE.keep(reader.person_id)
        try:
            book, name = _received()
        except Invalid as caught:
            problem = str(caught.message)
        else:
            if not book.faults:
                key = planning_rows.make_draft(sheet, reader, name, book.rows)
                return go(url_for("journal.plan_draft", sheet_id=sheet_id, draft_id=key))
            faults = book.faults
    return plan_page(
        sheet,
        "journal/planning/import.html",
        status=422 if request.method == "POST" else 200,
        faults=faults,
        problem=problem,
    )


def _received() -> tuple[ReadBook, str]:
    upload = request.files.get("book")
    if upload is None or not upload.filename:
        raise Invalid(gettext("Выберите файл."))
    with files.received(upload.stream, limit=MAX_BOOK) as received:
        return planning_books.read_book(received.path), upload.filename


def _book(rows: tuple[Row, ...] | list[Row]) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, BOOK)
    sheet = book.add_worksheet("План")
    head = book.add_format({"bold": True, "bottom": 1, "valign": "vcenter"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(HEADINGS):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, width, wrapped)
    for line, row in enumerate(rows, 1):
        sheet.write_number(line, 0, line)
        sheet.write_string(line, 1, row.section)
        sheet.write_string(line, 2, row.topic)
        sheet.write_number(line, 3, row.hours)
        sheet.write_string(line, 4, row.homework)
    sheet.data_validation(
        1, 3, 400, 3, {"validate": "integer", "criteria": "between", "minimum": 1,
                       "maximum": MAX_HOURS, "error_type": "warning"},
    )  # fmt: skip
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return file.getvalue()

"""A report's table as a file: XLSX, CSV that a Russian Excel opens, PDF for print."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote

import xlsxwriter
from flask import Response, current_app, make_response, render_template
from flask_babel import gettext
from weasyprint import HTML

from app.core import throttle
from app.core.errors import TooMany
from app.journal.tables import Cell, Report, Table
from app.school.slip_printing import OwnFiles

FORMATS = ("xlsx", "csv", "pdf")
STYLESHEET = "css/rooms/report-print.css"
# Laying out pages takes the processor a second: nobody needs a report every few seconds.
PDF_LIMIT = throttle.Limit(20, dt.timedelta(minutes=10))
# A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# How every workbook of the journal is opened: what people typed is text, whatever it begins with.
BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


def as_file(report: Report, kind: str, *, by: str) -> Response:
    """The report as a download; `by` is whose PDFs are counted.

    Raises:
        TooMany: too many PDFs in a short time.
    """
    if kind == "pdf":
        body = _pdf(report, by)
    else:
        body = _xlsx(report.table) if kind == "xlsx" else _csv(report.table)
    return download(body, f"{report.table.name}.{kind}", TYPES[kind])


def download(body: bytes, name: str, content_type: str) -> Response:
    """A file to keep, under a name that may be Russian (RFC 6266)."""
    response = make_response(body)
    response.headers["Content-Type"] = content_type
    plain, quoted = f"report.{name.rpartition('.')[2]}", quote(name, safe="")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quoted}"
    response.headers["Content-Disposition"] = disposition
    return response


def _csv(table: Table) -> bytes:
    """UTF-8 with a BOM, semicolons, decimal commas by the language."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(name) for name in table.columns])
    for row in table.all_rows:
        writer.writerow([cell.text if cell.is_number else _safe(cell.text) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _xlsx(table: Table) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, BOOK)
    sheet = book.add_worksheet(gettext("Отчет"))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    title = book.add_format({"bold": True, "font_size": 14})
    two_digits = book.add_format({"num_format": "0.00"})
    sheet.write_string(0, 0, table.title, title)
    sheet.write_string(1, 0, table.note)
    for column, name in enumerate(table.columns):
        sheet.write_string(3, column, name, head)
    for line, row in enumerate(table.all_rows, 4):
        for column, cell in enumerate(row):
            _write(sheet, line, column, cell, two_digits)
    widths = [
        max((len(row[i].text) for row in table.all_rows), default=8)
        for i in range(len(table.columns))
    ]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(40, max(8, width + 2)))
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return file.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell, two: object
) -> None:
    if isinstance(cell.value, Decimal):
        sheet.write_number(line, column, float(cell.value), two)
    elif isinstance(cell.value, int):
        sheet.write_number(line, column, cell.value)
    else:
        sheet.write_string(line, column, cell.text)


def _pdf(report: Report, by: str) -> bytes:
    key = f"pdf:{by}"
    wait = throttle.seconds_to_wait(key, PDF_LIMIT)
    if wait:
        raise TooMany(
            gettext(
                "Слишком много файлов подряд. Попробуйте через %(minutes)d мин.",
                minutes=-(-wait // 60),
            ),
            retry_after=wait,
        )
    throttle.record(key)
    return printed("journal/reports/print.html", report=report, stylesheet=STYLESHEET)


def printed(template: str, **context: object) -> bytes:
    """A template laid out as PDF; nothing is fetched but our own static files."""
    folder = Path(current_app.static_folder or "").resolve()
    html = render_template(template, **context)
    document = HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=OwnFiles())
    pdf: bytes = document.write_pdf()
    return pdf

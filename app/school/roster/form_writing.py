"""Writing the empty Russian form: an XLSX book, or a folder of CSV files for Excel."""

from __future__ import annotations

import csv
from pathlib import Path

import xlsxwriter
from flask_babel import gettext

from app.core.errors import Conflict
from app.school.roster.reading.template_form import SHEETS, Column, Sheet

GUIDE = "Как заполнить"
ROWS_TO_CHECK = 20_000


def write_form(path: Path) -> list[Path]:
    """Write the form to `path` («….xlsx», else a folder); returns the files written.

    Raises:
        Conflict: a file of that name is there already; what a school has filled in is not lost.
    """
    if path.suffix.casefold() == ".xlsx":
        _refuse_existing([path])
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_book(path)
        return [path]
    files = [path / f"{sheet.title}.csv" for sheet in SHEETS]
    _refuse_existing(files)
    path.mkdir(parents=True, exist_ok=True)
    for file, sheet in zip(files, SHEETS, strict=True):
        with file.open("w", encoding="utf-8-sig", newline="") as text:
            csv.writer(text, delimiter=";").writerow(column.header for column in sheet.columns)
    return files


def _refuse_existing(files: list[Path]) -> None:
    for file in files:
        if file.exists():
            raise Conflict(gettext("Файл «%(name)s» уже есть.", name=str(file)))


def _write_book(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E5EBF1"})
        # Text, so that Excel does not turn «07» into 7 and codes into numbers.
        text = book.add_format({"num_format": "@"})
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.title)
            page.freeze_panes(1, 0)
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width, text)
                page.write_string(0, place, column.header, head)
                page.write_comment(0, place, column.hint)
                _offer_choices(page, place, column)
        _write_guide(book, head)


def _offer_choices(page: xlsxwriter.worksheet.Worksheet, place: int, column: Column) -> None:
    if column.choices:
        page.data_validation(
            1,
            place,
            ROWS_TO_CHECK,
            place,
            {"validate": "list", "source": list(column.choices), "error_type": "information"},
        )


def _write_guide(book: xlsxwriter.Workbook, head: xlsxwriter.format.Format) -> None:
    page = book.add_worksheet(GUIDE)
    page.set_column(0, 1, 24)
    page.set_column(2, 2, 14)
    page.set_column(3, 3, 90)
    page.write_row(0, 0, ["Лист", "Столбец", "Обязателен", "Что писать"], head)
    line = 1
    for sheet in SHEETS:
        for column in sheet.columns:
            page.write_row(line, 0, _guide_row(sheet, column))
            line += 1


def _guide_row(sheet: Sheet, column: Column) -> list[str]:
    return [sheet.title, column.header, "да" if column.is_required else "нет", column.hint]

"""A plan from a workbook (XLSX): what its rows say, and every fault by row and column.

Only values are read: formulas are not computed, links are not followed. Tables of plans differ from
school to school, so the heading is found by its words, and columns not known are passed over.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from flask_babel import gettext
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from app.core.errors import Invalid
from app.school.planning import MAX_ROWS
from app.school.planning_laying import Row
from app.school.planning_rows import cleaned, fault_of

MAX_UNPACKED = 40 * 1024 * 1024
MAX_LINES = 3000
MAX_COLUMNS = 60
MAX_FAULTS = 100
HEADING_WITHIN = 20
TOTALS = ("итого", "всего")
BROKEN = (
    InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError, EOFError,
    TypeError, IndexError, AttributeError,
)  # fmt: skip
"""What openpyxl raises on books that are not quite such."""
ERRORS = frozenset({"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#ССЫЛКА!"})
HEADINGS = {
    "topic": ("тема", "тема урока", "темы", "тема занятия", "содержание", "тема, содержание",
              "наименование темы", "topic", "lesson topic"),
    "section": ("раздел", "модуль", "глава", "блок", "раздел программы", "section"),
    "hours": ("часы", "часов", "ч", "количество часов", "кол-во часов", "колво часов",
              "число часов", "всего часов", "hours"),
    "homework": ("домашнее задание", "задание к уроку", "задание", "дз", "д/з", "д.з",
                 "домашняя работа", "homework"),
}  # fmt: skip
"""How schools call the columns; compared without case, dots and doubled blanks."""


@dataclass(frozen=True)
class BookFault:
    """What is wrong, and where a person finds it: «лист, строка 5, столбец C «Часы»»."""

    sheet: str
    line: int | None
    column: str
    reason: str


@dataclass
class ReadBook:
    """The rows of a book in order, and its faults: with any, nothing is taken."""

    rows: list[Row] = field(default_factory=list)
    faults: list[BookFault] = field(default_factory=list)


def read_book(path: Path) -> ReadBook:
    """Read the first sheet that has a heading with «Тема».

    Raises:
        Invalid: it is no XLSX, it is protected, broken or too big when unpacked.
    """
    _check_archive(path)
    options: dict[str, Any] = {"read_only": True, "keep_links": False}
    try:
        with path.open("rb") as one, path.open("rb") as other:
            values = load_workbook(one, data_only=True, **options)
            return _read(values, load_workbook(other, data_only=False, **options))
    except BROKEN:
        raise Invalid(
            gettext("Книга Excel повреждена или закрыта паролем. Сохраните её заново как XLSX.")
        ) from None


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Invalid(
            gettext("Это не книга XLSX. Откройте файл в Excel и сохраните как «Книга Excel».")
        ) from None
    if "xl/workbook.xml" not in {info.filename for info in infos}:
        raise Invalid(
            gettext("Это не книга XLSX. Откройте файл в Excel и сохраните как «Книга Excel».")
        )
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise Invalid(gettext("Книга слишком велика. Оставьте в ней только лист с планом."))


def _read(values: Any, formulas: Any) -> ReadBook:
    for sheet in values.worksheets:
        reader = _Lines(sheet.title)
        for line, (cells, sources) in enumerate(_lines(sheet, formulas[sheet.title]), 1):
            if reader.columns:
                reader.take(line, cells, sources)
            else:
                reader.columns = _columns(cells)
            is_lost = not reader.columns and line >= HEADING_WITHIN
            if is_lost or reader.is_full or line >= MAX_LINES:
                break
        if reader.columns:
            return _judged(reader.found, sheet.title)
    reason = gettext(
        "Нет строки с названиями столбцов. Нужен хотя бы столбец «Тема»: возьмите шаблон."
    )
    return ReadBook(faults=[BookFault(values.sheetnames[0], None, "", reason)])


def _judged(found: ReadBook, sheet: str) -> ReadBook:
    if not found.rows and not found.faults:
        reason = gettext("Под названиями столбцов нет ни одной темы.")
        found.faults.append(BookFault(sheet, None, "", reason))
    if len(found.rows) > MAX_ROWS:
        reason = gettext("В плане может быть не больше %(max)s строк.", max=MAX_ROWS)
        found.faults.append(BookFault(sheet, None, "", reason))
    return found


def _lines(sheet: Any, source: Any) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    for page in (sheet, source):
        page.reset_dimensions()  # some programs write a wrong size
    options = {"values_only": True, "max_col": MAX_COLUMNS}
    yield from zip(sheet.iter_rows(**options), source.iter_rows(**options), strict=False)


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    """Where the known columns stand, if this line is the heading."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        words = re.sub(r"[.\s]+", " ", _text(cell)).strip().casefold()
        for name, headings in HEADINGS.items():
            if words in headings:
                found.setdefault(name, index)
    return found if "topic" in found else {}


@dataclass
class _Lines:
    """Lines of a sheet under its heading, read one by one."""

    sheet: str
    columns: dict[str, int] = field(default_factory=dict)
    section: str = ""
    found: ReadBook = field(default_factory=ReadBook)

    @property
    def is_full(self) -> bool:
        return len(self.found.rows) > MAX_ROWS or len(self.found.faults) >= MAX_FAULTS

    def take(self, line: int, cells: Sequence[Any], sources: Sequence[Any]) -> None:
        text = {name: _text(_at(cells, index)) for name, index in self.columns.items()}
        if self._has_bad_formula(line, text, sources):
            return
        self.section = text.get("section") or self.section
        topic, hours = text["topic"], text.get("hours", "")
        is_heading = not topic and not hours and not text.get("homework")
        if is_heading or topic.casefold().startswith(TOTALS):
            return
        number = _hours(hours)
        if number is None:
            reason = gettext("Часы — целое число, а здесь «%(text)s».", text=hours[:40])
            self._fault(line, "hours", reason)
            return
        row = cleaned(Row(topic, self.section, number, text.get("homework", "")))
        wrong = fault_of(row)
        if wrong is None:
            self.found.rows.append(row)
        else:
            self._fault(line, *wrong)

    def _has_bad_formula(self, line: int, text: dict[str, str], sources: Sequence[Any]) -> bool:
        for name, index in self.columns.items():
            source = _at(sources, index)
            if text[name].upper() in ERRORS:
                reason = gettext("В клетке ошибка формулы: %(text)s.", text=text[name])
            elif isinstance(source, str) and source.startswith("=") and not text[name]:
                reason = gettext("Формула без значения: откройте книгу в Excel и сохраните её.")
            else:
                continue
            self._fault(line, name, reason)
            return True
        return False

    def _fault(self, line: int, name: str, reason: str) -> None:
        letter = get_column_letter(self.columns.get(name, self.columns["topic"]) + 1)
        self.found.faults.append(BookFault(self.sheet, line, letter, reason))


def _hours(text: str) -> int | None:
    """«2», «2 ч.», nothing for one hour; None when it is no number."""
    match = re.fullmatch(r"(\d{1,3})(?:\s*ч\S*)?", text.strip().casefold())
    return 1 if not text.strip() else int(match[1]) if match else None


def _at(cells: Sequence[Any], index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without «.0», dates by day."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.strftime("%d.%m.%Y")
    return str(cell).strip()

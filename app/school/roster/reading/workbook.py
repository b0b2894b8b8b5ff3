"""An XLSX book as tables: values only; formulas are not evaluated, links are not followed."""

from __future__ import annotations

import datetime as dt
import difflib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from flask_babel import gettext
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.school.roster.faults import CannotRead, Report
from app.school.roster.reading.sources import Tick, check_archive
from app.school.roster.reading.tables import Columns, Line, Row, read_rows

SIMILAR = 0.8
BROKEN = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError)


class Workbook:
    """A book read row by row. The same face as `CsvFolder`."""

    def __init__(self, path: Path, report: Report, tick: Tick) -> None:
        check_archive(path)
        self._name = path.name
        self._report = report
        self._tick = tick
        try:
            self._book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise CannotRead(path.name, _broken()) from error
        self._titles = {title.strip().casefold(): title for title in self._book.sheetnames}

    def stems(self) -> set[str]:
        """Titles of the sheets, in lower case."""
        return set(self._titles)

    def find(self, stem: str, *, known: frozenset[str] = frozenset()) -> str | None:
        """The sheet called `stem`, or one with a near title; see `CsvFolder.find`."""
        wanted = stem.casefold()
        if wanted in self._titles:
            return self._titles[wanted]
        others = [title for title in self._titles if title not in known]
        near = difflib.get_close_matches(wanted, others, n=2, cutoff=SIMILAR)
        if len(near) != 1:
            return None
        title = self._titles[near[0]]
        reason = gettext("Лист прочитан как «%(name)s».", name=stem)
        self._report.add(self._shown(title), None, "", reason, is_fatal=False)
        return title

    def rows(self, file: str, columns: Columns, *, report: Report | None = None) -> Iterator[Row]:
        """The rows of a sheet; what stops the reading becomes a fault."""
        report = report or self._report
        try:
            yield from read_rows(self._shown(file), self._lines(file), columns, report)
        except CannotRead as stop:
            report.add_fault(stop.fault)

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def _shown(self, title: str) -> str:
        return gettext("%(book)s, лист «%(sheet)s»", book=self._name, sheet=title)

    def _lines(self, title: str) -> Iterator[Line]:
        sheet = self._book[title]
        sheet.reset_dimensions()  # some programs write a wrong size
        try:
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                self._tick(1)
                yield line, _texts(cells)
        except BROKEN as error:
            raise CannotRead(self._shown(title), _broken()) from error


def _texts(cells: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without «.0», dates in ISO, times as HH:MM."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    return str(cell)


def _broken() -> str:
    return gettext("Книга Excel повреждена или закрыта паролем. Сохраните её заново как XLSX.")

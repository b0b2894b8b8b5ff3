"""A table of a roster, whatever it is stored in: its header matched, its rows one by one."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from flask_babel import gettext

from app.school.roster.faults import Report
from app.school.roster.reading import values

SIMILAR = 0.85
# Room is left for the prefixes that we put before an id of the source (`deriving`).
MAX_ID = 110

Line = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class Columns:
    """The columns that are read. Others are never looked at: passwords, phones, birthdays.

    `ignored` are known names that must not be taken for a misspelt column. `fields` says which
    field of the records a column fills, so that a later fault names the file's own header.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)


class Origin(TypedDict):
    """Where a record stands."""

    file: str
    line: int


class Row:
    """One row; asking for a cell names what is wrong with it, and the row is sound no more."""

    def __init__(
        self, file: str, line: int, cells: dict[str, str], headers: dict[str, str], report: Report
    ) -> None:
        self.file = file
        self.line = line
        self._wrong: set[str] = set()
        self._cells = cells
        self._headers = headers
        self._report = report

    @property
    def is_sound(self) -> bool:
        """Nothing wrong was found in it so far."""
        return not self._wrong

    @property
    def origin(self) -> Origin:
        """What every record made of this row carries."""
        return {"file": self.file, "line": self.line}

    def has(self, column: str) -> bool:
        """The file has this column."""
        return column in self._headers

    def wrong(self, column: str, reason: str) -> None:
        """Name a fault that makes the row unusable; a column is named once."""
        if column in self._wrong:
            return
        self._wrong.add(column)
        self._report.add(self.file, self.line, self._headers.get(column, column), reason)

    def doubt(self, column: str, reason: str) -> None:
        """Name something odd that does not stop the row."""
        header = self._headers.get(column, column)
        self._report.add(self.file, self.line, header, reason, is_fatal=False)

    def text(self, column: str, *, limit: int = 200, is_required: bool = False) -> str:
        """A cleaned cell, empty when the column is absent."""
        raw = self._cells.get(column, "")
        text = values.clean(raw)
        if not text:
            if is_required:
                self.wrong(column, gettext("Ячейка пуста, а она обязательна."))
        elif values.has_control_characters(text):
            self.wrong(column, gettext("В ячейке есть недопустимые невидимые знаки."))
            return ""
        elif len(text) > limit:
            self.wrong(
                column,
                gettext(
                    "Слишком длинно: %(length)d знаков при наибольших %(limit)d.",
                    length=len(text),
                    limit=limit,
                ),
            )
            return ""
        return text

    def id(self, column: str, *, is_required: bool = True) -> str:
        """An id of the source."""
        return self.text(column, limit=MAX_ID, is_required=is_required)

    def ids(self, column: str) -> list[str]:
        """A list of ids in one cell."""
        return values.split_list(self.text(column, limit=4000))

    def date(self, column: str) -> dt.date | None:
        """A date, None when the cell is empty."""
        text = self.text(column)
        found = values.read_date(text) if text else None
        if text and found is None:
            self.wrong(
                column,
                gettext("«%(text)s» — не дата. Пишите 01.09.2026 или 2026-09-01.", text=text),
            )
        return found

    def is_yes(self, column: str) -> bool:
        """«true», «1», «да»."""
        return values.is_yes(self.text(column))


def read_rows(file: str, lines: Iterable[Line], columns: Columns, report: Report) -> Iterator[Row]:
    """The rows under the first line, which is the header; empty rows are skipped.

    A header without a required column is a fault, and no row is read.
    """
    iterator = iter(lines)
    _, header = next(iterator, (1, ()))
    places = match_header(file, header, columns, report)
    if places is None:
        return
    headers = {column: values.clean(header[place]) for column, place in places.items()}
    for column, shown in headers.items():
        report.headers[file, columns.fields.get(column, column)] = shown
    width = len(header)
    for line, cells in iterator:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[width:]):
            reason = gettext(
                "В строке ячеек больше, чем столбцов в заголовке: вероятно, знак-разделитель "
                "стоит внутри текста без кавычек."
            )
            report.add(file, line, "", reason)
            continue
        found = {
            column: cells[place] if place < len(cells) else "" for column, place in places.items()
        }
        yield Row(file, line, found, headers, report)


def match_header(
    file: str, header: Sequence[str], columns: Columns, report: Report
) -> dict[str, int] | None:
    """Which cell of the header is which column: by exact name, then by a near one.

    Case, spaces and underscores do not count. A near name («sourceId») is taken only when one
    column alone is near it, and is told as a notice.
    """
    plain = [_plain(cell) for cell in header]
    wanted = (*columns.required, *columns.optional)
    places: dict[str, int] = {}
    for column in wanted:
        if plain.count(_plain(column)) > 1:
            report.add(file, 1, column, gettext("Столбец встречается в заголовке дважды."))
            return None
        if _plain(column) in plain:
            places[column] = plain.index(_plain(column))
    known = {_plain(column) for column in (*wanted, *columns.ignored)}
    for place, cell in enumerate(plain):
        if not cell or cell in known or cell.startswith(("ext", "metadata")):
            continue
        missing = {_plain(column): column for column in wanted if column not in places}
        near = difflib.get_close_matches(cell, missing, n=2, cutoff=SIMILAR)
        if len(near) == 1:
            column = missing[near[0]]
            places[column] = place
            reason = gettext(
                "Столбец «%(written)s» прочитан как «%(column)s».",
                written=values.clean(header[place]),
                column=column,
            )
            report.add(file, 1, column, reason, is_fatal=False)
    lacking = [column for column in columns.required if column not in places]
    for column in lacking:
        report.add(file, 1, column, gettext("В файле нет обязательного столбца."))
    return None if lacking else places


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold().replace("ё", "е")

"""CSV as met in the wild: any of three encodings, any of four delimiters, with or without a BOM."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
from collections.abc import Iterator
from pathlib import PurePath

from flask_babel import gettext

from app.school.roster.faults import CannotRead, Report
from app.school.roster.reading.sources import Counted, Source, Tick
from app.school.roster.reading.tables import Columns, Line, Row, read_rows

DELIMITERS = ",;\t|"
CHUNK = 1 << 16
SIMILAR = 0.85


class CsvFolder:
    """The CSV files of a source, found by name without regard to case."""

    def __init__(self, source: Source, report: Report, tick: Tick) -> None:
        self._source = source
        self._report = report
        self._tick = tick
        self._names = {
            PurePath(name).stem.casefold(): name
            for name in source.names()
            if PurePath(name).suffix.casefold() in {".csv", ".txt"}
        }

    def stems(self) -> set[str]:
        """Names without «.csv», in lower case."""
        return set(self._names)

    def find(self, stem: str, *, known: frozenset[str] = frozenset()) -> str | None:
        """The file called `stem`, or one whose name is misspelt by a letter or two.

        `known` are names of other files of the format: they are never taken for a misspelling.
        """
        wanted = stem.casefold()
        if wanted in self._names:
            return self._names[wanted]
        others = [name for name in self._names if name not in known]
        near = difflib.get_close_matches(wanted, others, n=2, cutoff=SIMILAR)
        if len(near) != 1:
            return None
        file = self._names[near[0]]
        reason = gettext("Файл прочитан как «%(name)s».", name=f"{stem}.csv")
        self._report.add(file, None, "", reason, is_fatal=False)
        self._names[wanted] = self._names.pop(near[0])
        return file

    def rows(self, file: str, columns: Columns, *, report: Report | None = None) -> Iterator[Row]:
        """The rows of `file`; what stops the reading becomes a fault (of `report`, if given)."""
        report = report or self._report
        try:
            yield from read_rows(file, self._lines(file), columns, report)
        except CannotRead as stop:
            report.add_fault(stop.fault)

    def header(self, file: str) -> list[str]:
        """The cells of the first line."""
        return list(next(self._lines(file), (1, ()))[1])

    def _lines(self, file: str) -> Iterator[Line]:
        encoding = self._encoding(file)
        counted = io.BufferedReader(Counted(self._source.open(file), self._tick))
        with io.TextIOWrapper(counted, encoding=encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self._delimiter(file, encoding), strict=True)
            line = 1
            try:
                for cells in reader:
                    yield line, cells
                    line = reader.line_num + 1
            except csv.Error as error:
                raise CannotRead(file, _csv_reason(error), line=line) from error
            except UnicodeError as error:
                raise CannotRead(file, _encoding_reason(), line=line) from error

    def _encoding(self, file: str) -> str:
        """UTF-8 when every byte says so, else Windows-1251; UTF-16 by its BOM or its zeros."""
        with self._source.open(file) as raw:
            chunk = raw.read(CHUNK)
            if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if chunk[:40].count(0) > len(chunk[:40]) // 4:
                return "utf-16-le" if chunk[1:2] == b"\0" else "utf-16-be"
            decoder = codecs.getincrementaldecoder("utf-8")()
            try:
                while chunk:
                    decoder.decode(chunk)
                    chunk = raw.read(CHUNK)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1251"
        return "utf-8-sig"

    def _delimiter(self, file: str, encoding: str) -> str:
        """The sign that divides the header; names of columns have none inside."""
        with self._source.open(file) as raw, io.TextIOWrapper(raw, encoding=encoding) as text:
            try:
                header = text.readline(CHUNK)
            except UnicodeError as error:
                raise CannotRead(file, _encoding_reason(), line=1) from error
        return max(DELIMITERS, key=header.count)


def _csv_reason(error: csv.Error) -> str:
    if "unexpected end" in str(error) or "field larger" in str(error):
        return gettext("Кавычка открыта и не закрыта до конца файла.")
    if "NUL" in str(error):
        return gettext("В строке есть недопустимые невидимые знаки.")
    return gettext("Кавычки в строке стоят не на месте: текст в кавычках удваивает их внутри.")


def _encoding_reason() -> str:
    return gettext("Кодировка файла не понята. Сохраните его как «CSV UTF-8».")

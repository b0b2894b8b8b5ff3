"""Finding out which format a source is, by the files that are there."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext

from app.school.roster.faults import CannotRead, Report
from app.school.roster.reading import template_form as form
from app.school.roster.reading.csv_files import CsvFolder
from app.school.roster.reading.one_roster import open_one_roster
from app.school.roster.reading.roster import Roster
from app.school.roster.reading.sds_v1 import open_sds_v1
from app.school.roster.reading.sds_v2 import open_sds_v2
from app.school.roster.reading.sources import Tick, open_source
from app.school.roster.reading.template import open_template
from app.school.roster.reading.workbook import Workbook


@contextmanager
def open_roster(
    path: Path, report: Report, today: dt.date, tick: Tick = lambda _count: None
) -> Iterator[Roster]:
    """The roster at `path`; `tick` is told how many bytes (XLSX: rows) were read.

    Raises:
        CannotRead: it cannot be opened, or is of no known format.
    """
    if _is_workbook(path):
        book = Workbook(path, report, tick)
        try:
            yield open_template(book, report)
        finally:
            book.close()
        return
    with open_source(path) as source:
        folder = CsvFolder(source, report, tick)
        yield _open_folder(path, folder, report, today)


def _open_folder(path: Path, folder: CsvFolder, report: Report, today: dt.date) -> Roster:
    stems = folder.stems()
    if len(stems & {sheet.title.casefold() for sheet in form.SHEETS}) >= 3:
        return open_template(folder, report)
    if len(stems & {"section", "studentenrollment", "teacherroster", "student", "teacher"}) >= 2:
        return open_sds_v1(folder, report)
    if "manifest" in stems:
        return open_one_roster(folder, report, today)
    if len(stems & {"orgs", "users", "roles", "classes", "enrollments"}) >= 2:
        if _is_one_roster(folder):
            return open_one_roster(folder, report, today)
        return open_sds_v2(folder, report, today)
    raise CannotRead(
        path.name,
        gettext(
            "Формат не узнан. Читаются OneRoster 1.1 и 1.2, Microsoft SDS v1 и v2.1 и русская "
            "форма («flask school template» её запишет)."
        ),
    )


def _is_one_roster(folder: CsvFolder) -> bool:
    """Without a manifest: only OneRoster has a status or a modification date in its files, or a
    relationship inside users.csv.
    """
    signs = {"status", "datelastmodified", "orgsourcedids", "agentsourcedids", "enableduser"}
    for stem in ("users", "orgs"):
        if stem in folder.stems():
            header = folder.header(folder.find(stem) or stem)
            if signs & {cell.strip().casefold() for cell in header}:
                return True
    return False


def _is_workbook(path: Path) -> bool:
    if not path.is_file() or not zipfile.is_zipfile(path):
        return path.suffix.casefold() in {".xlsx", ".xlsm"} and path.is_file()
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()

"""OneRoster's manifest.csv: the version, and whether a file is whole, a delta or absent."""

from __future__ import annotations

from flask_babel import gettext

from app.school.roster.faults import Report
from app.school.roster.reading.csv_files import CsvFolder
from app.school.roster.reading.roster import Coverage
from app.school.roster.reading.tables import Columns

STEMS = ("orgs", "users", "roles", "courses", "classes", "enrollments")
NOT_READ = (
    *("academicsessions", "demographics", "userprofiles", "userresources", "resources"),
    *("classresources", "courseresources", "lineitems", "categories", "results", "manifest"),
    *("scorescales", "lineitemlearningobjectiveids", "lineitemscorescales"),
    *("resultlearningobjectiveids", "resultscorescales"),
)
KNOWN = frozenset((*STEMS, *NOT_READ))
NEEDED = ("orgs", "users")


class Manifest:
    """Which files there are and how to read them, with or without a manifest."""

    def __init__(self, folder: CsvFolder, report: Report) -> None:
        self._folder = folder
        self._report = report
        self.file = folder.find("manifest", known=KNOWN - {"manifest"}) or ""
        self._said = self._read() if self.file else {}
        if not self.file:
            reason = gettext("Файла нет: все файлы прочитаны как полные («bulk»).")
            report.add("manifest.csv", None, "", reason, is_fatal=False)
        self.version = self._said.get("oneroster.version", ("", 0))[0]
        self.files: dict[str, str] = {}
        self.modes = {stem: self._mode(stem) for stem in STEMS}

    def _read(self) -> dict[str, tuple[str, int]]:
        columns = Columns(required=("propertyName", "value"))
        return {
            row.text("propertyName").casefold(): (row.text("value").casefold(), row.line)
            for row in self._folder.rows(self.file, columns)
        }

    def _mode(self, stem: str) -> Coverage:
        said, line = self._said.get(f"file.{stem}", ("", None))
        file = self._folder.find(stem, known=KNOWN - {stem})
        if said == Coverage.ABSENT:
            return Coverage.ABSENT
        if said and said not in set(Coverage):
            reason = gettext("Вместо «%(said)s» ждали bulk, delta или absent.", said=said)
            self._report.add(self.file, line, "value", reason)
            return Coverage.ABSENT
        if file is None:
            self._name_missing(stem, said, line)
            return Coverage.ABSENT
        self.files[stem] = file
        return Coverage(said) if said else self._unsaid(stem, file)

    def _name_missing(self, stem: str, said: str, line: int | None) -> None:
        if said:
            reason = gettext("Файл «%(name)s» заявлен, но его нет.", name=f"{stem}.csv")
            self._report.add(self.file, line, "value", reason)
        elif stem in NEEDED and not self.file:
            self._report.add(f"{stem}.csv", None, "", gettext("Обязательного файла нет."))

    def _unsaid(self, stem: str, file: str) -> Coverage:
        """Decision: a file that the manifest forgot is a delta among deltas, else whole."""
        modes = {mode for name, (mode, _) in self._said.items() if name.startswith("file.")}
        mode = Coverage.PARTIAL if Coverage.PARTIAL in modes else Coverage.WHOLE
        if self.file:
            reason = gettext("Файл не назван в manifest.csv и прочитан как %(mode)s.", mode=mode)
            self._report.add(file, None, "", reason, is_fatal=False)
        return mode

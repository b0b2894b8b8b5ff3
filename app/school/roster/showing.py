"""A preview on the terminal: a table of counts, then every fault on a line of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from flask_babel import gettext, ngettext
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.school.roster.diff import Verdict
from app.school.roster.faults import Fault
from app.school.roster.importing import Preview, Watch
from app.school.roster.kinds import KINDS

NOTICES_SHOWN = 100


class Bar(Watch):
    """A progress bar on the error stream, so that the table can be piped away."""

    def __init__(self, path: Path) -> None:
        self._total = _size(path)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task(gettext("Чтение"), total=self._total)
        self._steps = False

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def read(self, count: int) -> None:
        self._progress.advance(self._task, count)

    def step(self, title: str) -> None:
        if not self._steps:
            self._steps = True
            self._progress.reset(self._task, total=len(KINDS) + 1)
        self._progress.update(self._task, description=title, advance=1)


def show(preview: Preview) -> None:
    """Print what would change, or has changed, and what is wrong."""
    console = _console()
    console.print(preview.format_name, highlight=False)
    if preview.counts:
        console.print(_table(preview))
    _show_faults(console, preview)
    for sentence in preview.chats:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _console() -> Console:
    """Piped output is not cut to the eighty columns that a terminal is assumed to have."""
    return Console(width=None if sys.stdout.isatty() else 120)


def _table(preview: Preview) -> Table:
    table = Table(title=gettext("Записано") if preview.is_applied else gettext("Что изменится"))
    words = {
        Verdict.NEW: gettext("Новые"),
        Verdict.CHANGED: gettext("Изменены"),
        Verdict.LEFT: gettext("Выбыли"),
        Verdict.RETURNED: gettext("Вернулись"),
        Verdict.UNCHANGED: gettext("Без изменений"),
    }
    table.add_column("")
    for word in words.values():
        table.add_column(word, justify="right")
    for kind in KINDS:
        counts = preview.counts[kind.name]
        table.add_row(str(kind.title), *(str(counts[verdict] or "—") for verdict in words))
    return table


def _show_faults(console: Console, preview: Preview) -> None:
    report = preview.report
    fatal = [fault for fault in report.faults if fault.is_fatal]
    notices = [fault for fault in report.faults if not fault.is_fatal][:NOTICES_SHOWN]
    for title, shown, total in (
        (_errors(report.fatal_count), fatal, report.fatal_count),
        (_notices(report.notice_count), notices, report.notice_count),
    ):
        if not total:
            continue
        console.print(title, style="bold", highlight=False)
        for fault in shown:
            console.print(in_words(fault), markup=False, highlight=False, soft_wrap=True)
        if total > len(shown):
            console.print(gettext("… и ещё %(count)d", count=total - len(shown)), highlight=False)


def _errors(count: int) -> str:
    return ngettext("%(num)d ошибка", "%(num)d ошибки", count)


def _notices(count: int) -> str:
    return ngettext("%(num)d замечание", "%(num)d замечания", count)


def in_words(fault: Fault) -> str:
    """«users.csv, строка 5, столбец givenName: Ячейка пуста, а она обязательна.»."""
    places = {
        (True, True): gettext(
            "%(file)s, строка %(line)d, столбец %(column)s: %(reason)s",
            file=fault.file,
            line=fault.line or 0,
            column=fault.column,
            reason=fault.reason,
        ),
        (True, False): gettext(
            "%(file)s, строка %(line)d: %(reason)s",
            file=fault.file,
            line=fault.line or 0,
            reason=fault.reason,
        ),
        (False, True): gettext(
            "%(file)s, столбец %(column)s: %(reason)s",
            file=fault.file,
            column=fault.column,
            reason=fault.reason,
        ),
        (False, False): gettext("%(file)s: %(reason)s", file=fault.file, reason=fault.reason),
    }
    return places[fault.line is not None, bool(fault.column)]


def _size(path: Path) -> int | None:
    """Bytes to read, as far as they are known before opening."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    return None

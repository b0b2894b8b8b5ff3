"""Importing a roster: `plan_import` says what would change, `apply_import` changes it.

Both read the files into a staging of their own first; only comparing and writing happen inside
the transaction, so that what was compared is what is changed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext

from app.core import audit, clock
from app.core.config import current_settings
from app.core.errors import Conflict, Invalid
from app.core.transaction import publish, writing
from app.school.facts import RosterApplied
from app.school.regions import require_region
from app.school.roster import checking, completing, deriving, writing_rows
from app.school.roster.diff import Verdict, compare
from app.school.roster.faults import CannotRead, Report
from app.school.roster.kinds import KINDS, PERSON, Ending
from app.school.roster.reading.opening import open_roster
from app.school.roster.reading.roster import Roster
from app.school.roster.staging import Staging

REMOVAL_LIMIT = 0.10
# Given the schools as they would be (inside the trial transaction), sentences about their chats.
PreviewChats = Callable[[tuple[int, ...]], Sequence[str]]


class Watch:
    """Somebody who watches an import go; this one does nothing."""

    def read(self, count: int) -> None:
        """`count` more bytes (in a book: rows) were read."""

    def step(self, title: str) -> None:
        """The import has come to `title`."""


SILENT = Watch()


@dataclass
class Preview:
    """What an import changes: counts by kind and verdict, and everything wrong with the files."""

    report: Report
    format_name: str = ""
    counts: dict[str, Counter[Verdict]] = field(default_factory=dict)
    people_before: int = 0
    chats: Sequence[str] = ()
    is_applied: bool = False

    @property
    def is_sound(self) -> bool:
        """Nothing stands in the way of applying it."""
        return self.report.is_sound

    @property
    def leaving(self) -> int:
        """People who would be marked as left."""
        return self._people(Verdict.LEFT)

    @property
    def removes_many(self) -> bool:
        """More people leave than an ordinary day explains: over 10 % of the active ones."""
        return self.leaving > self.people_before * REMOVAL_LIMIT

    @property
    def changes(self) -> int:
        """Rows that are not as before."""
        return sum(
            number
            for counts in self.counts.values()
            for verdict, number in counts.items()
            if verdict is not Verdict.UNCHANGED
        )

    def _people(self, verdict: Verdict) -> int:
        return self.counts.get(PERSON.name, Counter())[verdict]


class BrokenRoster(Invalid):
    """The roster has faults; nothing was written. `preview` names them."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(gettext("В файле есть ошибки. Ничего не записано."))
        self.preview = preview


class MassRemoval(Conflict):
    """Too many people would leave; nothing was written."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(
            gettext(
                "Из школы выбыли бы %(leaving)d из %(total)d человек — больше 10 %%. "
                "Ничего не записано.",
                leaving=preview.leaving,
                total=preview.people_before,
            )
        )
        self.preview = preview


class _Undone(Exception):
    """Ends a trial transaction."""


def plan_import(
    path: Path,
    *,
    region: str | None = None,
    preview_chats: PreviewChats | None = None,
    watch: Watch = SILENT,
) -> Preview:
    """What importing `path` would change. Faults are in the preview; nothing is raised for them.

    Decision: the trial writes everything in a transaction that is rolled back at the end, so that
    a dry run meets every error of a real one, and `preview_chats(school_ids)` can look at the
    school as it would be.
    """
    with _staged(path, region, watch) as (stage, roster, preview):
        if roster is None or not preview.is_sound:
            return preview
        try:
            with writing():
                school_ids = _apply(stage, roster, preview, region, watch)
                if preview.is_sound and preview_chats is not None:
                    preview.chats = preview_chats(school_ids)
                raise _Undone
        except _Undone:
            return preview


def apply_import(
    path: Path,
    *,
    allow_removals: bool = False,
    region: str | None = None,
    watch: Watch = SILENT,
) -> Preview:
    """Import `path` in one transaction; the same file again changes nothing.

    Raises:
        BrokenRoster: something in the files is wrong. MassRemoval: over 10 % of people would
        leave and `allow_removals` is not given. Nothing is written in either case.
    """
    with _staged(path, region, watch) as (stage, roster, preview):
        if roster is None or not preview.is_sound:
            raise BrokenRoster(preview)
        with writing():
            school_ids = _apply(stage, roster, preview, region, watch)
            if not preview.is_sound:
                raise BrokenRoster(preview)
            if preview.removes_many and not allow_removals:
                raise MassRemoval(preview)
            if preview.changes:
                _tell(path, preview, school_ids)
        preview.is_applied = True
        return preview


@contextmanager
def _staged(
    path: Path, region: str | None, watch: Watch
) -> Iterator[tuple[Staging, Roster | None, Preview]]:
    """The files read into a staging; the roster is None when they cannot be read at all."""
    if region is not None:
        require_region(region)
    report = Report()
    preview = Preview(report)
    stage = Staging()
    try:
        try:
            with open_roster(path, report, _today(), watch.read) as roster:
                preview.format_name = roster.format_name
                for record in roster.records():
                    stage.put(record)
            stage.end_of_records()
        except CannotRead as stop:
            report.add_fault(stop.fault)
            yield stage, None, preview
        else:
            yield stage, roster, preview
    finally:
        stage.close()


def _apply(
    stage: Staging, roster: Roster, preview: Preview, region: str | None, watch: Watch
) -> tuple[int, ...]:
    """Compare and write, inside the open transaction; returns the ids of the schools."""
    watch.step(gettext("Сверка"))
    school_ids = completing.complete(stage, roster, preview.report)
    deriving.prepare(stage)
    checking.check(stage, roster, preview.report)
    if not preview.is_sound:
        return ()
    deriving.fill_wanted(stage, region=region, time_zone=current_settings().time_zone)
    for kind in KINDS:
        watch.step(str(kind.title))
        counts: Counter[Verdict] = Counter()
        changes = compare(
            stage.actual(kind.name),
            stage.wanted(kind.name),
            keeps_missing=kind.ending is Ending.KEPT,
        )
        writing_rows.write(stage, kind, changes, counts, _today())
        preview.counts[kind.name] = counts
        if kind.name == "school":
            school_ids = writing_rows.ids_of_schools(stage)
        if counts[Verdict.NEW]:
            completing.load_actual(stage, kind, school_ids)
    people = preview.counts[PERSON.name]
    preview.people_before = sum(
        people[verdict] for verdict in (Verdict.CHANGED, Verdict.LEFT, Verdict.UNCHANGED)
    )
    writing_rows.open_accounts(stage, school_ids)
    return tuple(school_ids)


def _tell(path: Path, preview: Preview, school_ids: tuple[int, ...]) -> None:
    audit.note(
        actor="system:roster",
        action="roster.applied",
        subject=f"file:{path.name}"[:120],
        format=preview.format_name,
        counts=_plain_counts(preview.counts),
    )
    publish(RosterApplied(school_ids))


def _plain_counts(counts: Mapping[str, Counter[Verdict]]) -> dict[str, dict[str, int]]:
    return {
        kind: {verdict.value: number for verdict, number in by_verdict.items() if number}
        for kind, by_verdict in counts.items()
    }


def _today() -> dt.date:
    return clock.today(current_settings().time_zone)

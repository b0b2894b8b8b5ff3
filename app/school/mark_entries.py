"""What may stand in one cell of a journal, and how people write it: pure.

`read_entry` takes what a keyboard gives in either layout; `Entry.text` is what the cell shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

EXAMPLES = "2–5, 4/5, Н, Б, О, О 5"


class Absence(StrEnum):
    """Why a pupil was not (all of) a lesson there.

    Decision: «О» is «опоздал», as teachers of most diaries read it: the lesson counts as attended,
    and a mark may stand beside it. «Н» (no reason known) and «Б» (ill) are missed lessons.
    """

    ABSENT = "Н"
    SICK = "Б"
    LATE = "О"


MISSED = frozenset({Absence.ABSENT, Absence.SICK})


class WorkKind(StrEnum):
    """What a mark is for."""

    ANSWER = "answer"
    HOMEWORK = "homework"
    CLASSWORK = "classwork"
    INDEPENDENT = "independent"
    TEST = "test"
    LABORATORY = "laboratory"
    CONTROL = "control"
    PROJECT = "project"


# Decision: usual weights of Russian schools; a teacher may set another for one mark or one lesson.
WEIGHTS = {
    WorkKind.ANSWER: 1,
    WorkKind.HOMEWORK: 1,
    WorkKind.CLASSWORK: 1,
    WorkKind.INDEPENDENT: 2,
    WorkKind.TEST: 2,
    WorkKind.LABORATORY: 2,
    WorkKind.CONTROL: 3,
    WorkKind.PROJECT: 3,
}
MAX_WEIGHT = 5

# Н, Б, О; the keys they stand on in the Latin layout; the Latin letters that look like them.
_LETTERS = {
    **dict.fromkeys("нНyYhHnN", Absence.ABSENT),
    **dict.fromkeys("бБ,bB", Absence.SICK),
    **dict.fromkeys("оОjJoO", Absence.LATE),
}
_ENTRY = re.compile(r"([^\d\s/])?\s*(?:([2-5])(?:\s*/\s*([2-5]))?)?")


class Unreadable(ValueError):
    """The text is no mark and no absence."""


@dataclass(frozen=True)
class Entry:
    """One cell: nothing, a mark, two marks («4/5»: content and spelling), an absence, or «О 5»."""

    value: int | None = None
    second: int | None = None
    absence: Absence | None = None

    @property
    def text(self) -> str:
        """As the cell shows it."""
        marks = "/".join(str(mark) for mark in self.marks)
        return " ".join(part for part in (self.absence or "", marks) if part)

    @property
    def marks(self) -> tuple[int, ...]:
        """The marks that count for the average."""
        return tuple(mark for mark in (self.value, self.second) if mark is not None)

    @property
    def is_empty(self) -> bool:
        return self.value is None and self.absence is None


def read_entry(text: str) -> Entry:
    """The entry that `text` writes.

    Raises:
        Unreadable: it writes none.
    """
    found = _ENTRY.fullmatch(text.strip())
    letter = found.group(1) if found else None
    if found is None or (letter and letter not in _LETTERS):
        raise Unreadable(text)
    value, second = (int(part) if part else None for part in found.group(2, 3))
    absence = _LETTERS[letter] if letter else None
    # Decision: who missed the lesson has no mark for it in the same cell; a work written later is
    # marked at the lesson when it was written.
    if absence in MISSED and value is not None:
        raise Unreadable(text)
    return Entry(value, second, absence)

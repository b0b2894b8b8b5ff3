"""Whom a text calls by «@»: pure, over names. Storing and showing it is in `mentions`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.core.names import joined

AT = re.compile(r"(?<![\w@])@(?=\w)")
EVERYBODY = re.compile(r"(?<![\w@])@(?:все|all)(?!\w)", re.IGNORECASE)
MOST = 50


@dataclass(frozen=True)
class Person:
    """Somebody who may be called."""

    id: int
    given: str
    patronymic: str
    family: str

    @property
    def forms(self) -> tuple[str, ...]:
        """The ways to write the name, the longest first."""
        full = joined(self.given, self.patronymic, self.family)
        short = f"{self.given} {self.family}"
        turned = f"{self.family} {self.given}"
        return tuple(dict.fromkeys((full, short, turned)))


@dataclass(frozen=True)
class Called:
    """Who is called: everybody, or people (id -> the name as it is written)."""

    everybody: bool = False
    people: Mapping[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.everybody or bool(self.people)


def calls_everybody(text: str) -> bool:
    """Whether the text has «@все»."""
    return EVERYBODY.search(text) is not None


def called_in(text: str, people: Iterable[Person]) -> Called:
    """Whom the text calls, the longest name first; namesakes are called together.

    Decision: at most MOST people by name: who needs more calls everybody.
    """
    starts = [found.end() for found in AT.finditer(text)]
    if not starts:
        return Called()
    folded = fold(text)
    forms: dict[str, list[tuple[str, int]]] = {}
    for person in people:
        for form in person.forms:
            name = fold(form)
            forms.setdefault(name.split(" ")[0], []).append((name, person.id))
    called: dict[int, str] = {}
    for start in starts:
        first = re.match(r"[^\s@,;:!?()]*", folded[start:])
        candidates = forms.get(first.group() if first else "", [])
        fitting = [(name, who) for name, who in candidates if _stands(folded, start, name)]
        longest = max((len(name) for name, _ in fitting), default=0)
        for name, who in fitting:
            if len(name) == longest and len(called) < MOST:
                called.setdefault(who, text[start : start + longest])
    return Called(calls_everybody(text), called)


def fold(text: str) -> str:
    """Without case, and with «ё» as «е»; character by character, so that places stay."""
    return "".join(
        (small if len(small := char.lower()) == 1 else char).replace("ё", "е") for char in text
    )


def _stands(text: str, start: int, name: str) -> bool:
    end = start + len(name)
    return text.startswith(name, start) and not text[end : end + 1].isalnum()

"""Words as search knows them: stems. Pure, so that both databases give the same answers.

A text becomes a row of stems («уравнения» and «уравнение» are both «уравнен»), kept beside it in
one column. SQLite and PostgreSQL index that column and know nothing of Russian.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

# Letters and digits; marks above letters (a stress, «за́мок») do not end a word.
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
CYRILLIC = re.compile(r"[\u0400-\u052f]")
LONGEST = 64
MOST_WORDS = 8
SHOWN = 160
BEFORE = 48

_RUSSIAN = Stemmer.Stemmer("russian")
_ENGLISH = Stemmer.Stemmer("english")


def folded(text: str) -> str:
    """Without case, marks above letters, and with «ё» as «е»: people type it either way."""
    composed = unicodedata.normalize("NFC", text.casefold())
    plain = "".join(char for char in composed if unicodedata.category(char) != "Mn")
    return plain.replace("ё", "е")


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The part of a word that its forms share."""
    plain = folded(word)[:LONGEST]
    stemmer = _RUSSIAN if CYRILLIC.search(plain) else _ENGLISH
    return str(stemmer.stemWord(plain)) or plain


def stems_of(text: str) -> str:
    """The stems of a text, in order, with blanks between."""
    return " ".join(stem_of(word) for word in WORD.findall(text))


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all `stems`, and a word that begins with `start` (or none)."""

    stems: tuple[str, ...]
    start: str

    def __bool__(self) -> bool:
        return bool(self.stems or self.start)

    def meets(self, word: str) -> bool:
        """Whether this word of a text is one of those looked for."""
        stem = stem_of(word)
        return stem in self.stems or bool(self.start and stem.startswith(self.start))


def wanted(typed: str) -> Wanted:
    """What somebody types: the last word may be unfinished.

    Decision: a single letter is taken for a whole word: as a beginning it would find everything.
    """
    stems = [stem_of(word) for word in WORD.findall(typed[:400])[:MOST_WORDS]]
    if not stems:
        return Wanted((), "")
    *whole, last = stems
    if len(last) < 2:
        return Wanted((*whole, last), "")
    return Wanted(tuple(whole), last)


@dataclass(frozen=True)
class Part:
    """A piece of a found text; `is_hit` is what was looked for."""

    text: str
    is_hit: bool


def excerpt(text: str, looked_for: Wanted) -> list[Part]:
    """About SHOWN characters of a text around the first word that was looked for."""
    flat = " ".join(text.split())
    hits = [found.span() for found in WORD.finditer(flat) if looked_for.meets(found.group())]
    start = _beginning(flat, hits[0][0]) if hits else 0
    end = min(len(flat), start + SHOWN)
    parts = [Part("…", is_hit=False)] if start else []
    parts += _parts(flat, start, end, hits)
    return [*parts, Part("…", is_hit=False)] if end < len(flat) else parts


def _beginning(flat: str, hit: int) -> int:
    """A word's beginning shortly before the hit."""
    if hit <= BEFORE:
        return 0
    blank = flat.find(" ", hit - BEFORE, hit)
    return hit if blank < 0 else blank + 1


def _parts(flat: str, start: int, end: int, hits: list[tuple[int, int]]) -> Iterator[Part]:
    place = start
    for begins, ends in hits:
        if begins < start or begins >= end:
            continue
        if begins > place:
            yield Part(flat[place:begins], is_hit=False)
        place = min(ends, end)
        yield Part(flat[begins:place], is_hit=True)
    if place < end:
        yield Part(flat[place:end], is_hit=False)

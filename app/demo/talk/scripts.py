"""The scripts: plain text files beside this one, so that anybody can write a conversation.

    === 5-9
    Л: Завтра первый урок — в актовом зале. | 👍5 pin
    р1: Хорошо, предупредим | > 1

A heading says for whom the conversation is; a line has a voice (its letter is a role, see
`casting`, its digit tells people apart), the words, and after «|» its marks: «> 2» answers the
second line, «👍5» are reactions, further `pin`, `edited`, `deleted`, `photo name`, `doc name`,
`voice seconds`, `call minutes`, `poll open|closed [child]`. Within the words, {а} is the ending of
a woman's verb, {б} of the one who is spoken to, {стр} and {упр} are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.messenger.messages.reactions import CHOICE

FOLDER = Path(__file__).parent
MARK = re.compile(rf"({'|'.join(CHOICE)})(\d*)")


@dataclass(frozen=True)
class Poll:
    """A question with its answers and how many chose each."""

    question: str
    answers: tuple[tuple[str, int], ...]
    is_closed: bool
    per_child: bool


@dataclass(frozen=True)
class Spoken:
    """A line of a conversation. `answers` is the number of the line it answers, from 1."""

    voice: str
    words: str
    answers: int = 0
    reactions: tuple[tuple[str, int], ...] = ()
    marks: frozenset[str] = frozenset()
    photo: str = ""
    doc: str = ""
    voice_seconds: int = 0
    call_minutes: int = 0
    poll: Poll | None = None


@dataclass(frozen=True)
class Script:
    """A conversation: for whom it is (the heading) and its lines."""

    heading: str
    lines: tuple[Spoken, ...]
    voices: frozenset[str] = field(default_factory=frozenset)

    def has(self, letter: str) -> bool:
        """Whether a voice of this role speaks in it."""
        return any(voice.startswith(letter) for voice in self.voices)

    @property
    def grades(self) -> range:
        """«5-9»: the grades it is for."""
        first, last = self.heading.split("-")
        return range(int(first), int(last) + 1)


@cache
def read(name: str) -> tuple[Script, ...]:
    """All conversations of a file, in its order."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(_script(part) for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:])


def _script(part: str) -> Script:
    heading, *rows = part.strip().splitlines()
    lines = tuple(_line(row) for row in rows if row.strip())
    return Script(heading.strip(), lines, frozenset(line.voice for line in lines))


def _line(row: str) -> Spoken:
    voice, rest = row.split(": ", 1)
    words, _, marks = rest.partition(" | ")
    tokens = iter(marks.split())
    found: dict[str, object] = {}
    flags: set[str] = set()
    reactions = []
    for token in tokens:
        mark = MARK.fullmatch(token)
        if mark:
            reactions.append((mark[1], int(mark[2] or 1)))
        elif token == ">":
            found["answers"] = int(next(tokens))
        elif token in ("photo", "doc"):
            found[token] = next(tokens)
        elif token == "voice":
            found["voice_seconds"] = int(next(tokens))
        else:
            flags.add(token)
    words = words.strip()
    if words.startswith("* call "):
        found["call_minutes"] = int(words.removeprefix("* call "))
        words = ""
    elif words.startswith("? "):
        found["poll"] = _poll(words[2:], flags)
        words = words[2:].split(" / ")[0]
    return Spoken(
        voice=voice,
        words=words,
        reactions=tuple(reactions),
        marks=frozenset(flags),
        **found,  # type: ignore[arg-type]
    )


def _poll(words: str, flags: Iterable[str]) -> Poll:
    question, *answers = words.split(" / ")
    chosen = [answer.rsplit(" = ", 1) for answer in answers]
    return Poll(
        question=question,
        answers=tuple((text, int(count)) for text, count in chosen),
        is_closed="closed" in flags,
        per_child="child" in flags,
    )

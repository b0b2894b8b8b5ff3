"""Names and texts as typed: cleaned, checked, never guessed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_NAME = 100
_NAME = re.compile(r"^[^\W\d_](?:[^\W\d_]|[ '’.\-])*$")


def clean_line(text: str) -> str:
    """NFC, one line, single spaces, no control or invisible characters."""
    kept = "".join(
        char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] != "C"
    )
    return " ".join(kept.split())


def clean_block(text: str) -> str:
    """NFC, its own lines, no control or invisible characters, no blanks around."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char for char in lines if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    return kept.strip()


def is_name(text: str) -> bool:
    """Letters of any alphabet, with inner spaces, hyphens, apostrophes («О'Коннор»)."""
    return 0 < len(text) <= MAX_NAME and _NAME.match(text) is not None


def joined(*parts: str | None) -> str:
    """A name of those parts that there are, in this order: a patronymic may be absent, and so may
    the whole person.
    """
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=10_000)
def tone_of(seed: object) -> int:
    """Which of the eight colours stands for this id, always the same one."""
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    places = (letters.find(char) + 1 for char in str(seed).lower())
    return sum(number * place for number, place in enumerate(places, 1)) % 8

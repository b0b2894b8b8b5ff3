"""What stands in a cell: cleaned text, dates, grades, yes and no."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
YES = frozenset({"true", "t", "1", "yes", "y", "да", "истина"})
_CLASS_NAME = re.compile(r"(?P<grade>[1-9]|1[0-2])\s*[-–«\"]*\s*(?:[А-ЯЁA-Z]|класс\b)[»\"]*", re.I)
_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def clean(text: str) -> str:
    """NFC, without invisible marks (BOM, soft hyphen, direction overrides), spaces made single."""
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    seen = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    return " ".join(seen.split())


def has_control_characters(text: str) -> bool:
    """A NUL, an escape or a lone surrogate is inside: no name has one."""
    return any(unicodedata.category(mark) in {"Cc", "Cs"} for mark in text)


def read_date(text: str) -> dt.date | None:
    """ISO dates and moments, d.mm.yyyy and d/mm/yyyy, and Excel's day numbers; else None.

    Decision: 3/4/2026 is the 3rd of April; the month may come first only where the other reading
    is no date (8/24/2026).
    """
    text = text.strip()
    if found := _DATE.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        return _date(year, second, first) or _date(year, first, second)
    if text.isdigit() and 20_000 <= int(text) <= 80_000:
        return EXCEL_DAY_ZERO + dt.timedelta(days=int(text))
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> str | None:
    """«8:30», «08:30:00», «8.30» as «08:30»; else None."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return f"{int(found[1]):02}:{found[2]}"


def read_grade(text: str) -> int | None:
    """The first school grade 1–12 in «07», «7», «7А», «11,12»; None for «PS1», «KG»."""
    found = re.match(r"\s*0?(\d{1,2})(?!\d)", text)
    grade = int(found[1]) if found else 0
    return grade if 1 <= grade <= 12 else None


def is_yes(text: str) -> bool:
    """«true», «1», «да»."""
    return text.strip().casefold() in YES


def looks_like_homeroom(name: str) -> bool:
    """«7А», «10 «Б»», «7-а», «11 класс»: the name of a class, not of a subject's group."""
    return _CLASS_NAME.fullmatch(name.strip()) is not None


def split_list(text: str) -> list[str]:
    """«a,b» or «a; b» as its parts, without empty ones."""
    return [part for part in (clean(part) for part in re.split(r"[,;]", text)) if part]

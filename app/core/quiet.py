"""Hours of the day in which nothing rings: «21:00-07:00»."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAY = 24 * 60


@dataclass(frozen=True)
class Quiet:
    """A stretch of the day in minutes, over midnight too; it does not hold its end."""

    start: int
    end: int

    def holds(self, minute: int) -> bool:
        """Whether this minute of the day is quiet."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    @property
    def ends_at(self) -> str:
        """«07:00»"""
        return clock_face(self.end)

    @property
    def words(self) -> str:
        """«21:00–07:00»"""
        return f"{clock_face(self.start)}–{clock_face(self.end)}"


def quiet_from(text: str) -> Quiet | None:
    """«21:00-07:00» as written in the settings of a site; None when empty.

    Raises:
        ValueError: it is no such thing.
    """
    if not text.strip():
        return None
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not like 21:00-07:00")
    return Quiet(minute_from(start), minute_from(end))


def minute_from(text: str) -> int:
    """«21:30» -> 1290.

    Raises:
        ValueError: it is no time of day.
    """
    time = dt.time.fromisoformat(text.strip())
    return time.hour * 60 + time.minute


def clock_face(minute: int) -> str:
    """1290 -> «21:30»"""
    return f"{minute // 60:02}:{minute % 60:02}"

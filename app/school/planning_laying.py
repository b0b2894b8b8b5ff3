"""Laying a plan over lessons, and where the notes of lessons that are not given go. Pure rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.school.lesson_days import LessonDay

Place = tuple[int, dt.date, int]  # teaching, date, number


class Placed(Protocol):
    """A lesson, or a row of what was written for one."""

    @property
    def teaching_id(self) -> int: ...
    @property
    def date(self) -> dt.date: ...
    @property
    def number(self) -> int: ...


@dataclass(frozen=True)
class Row:
    """A row of a plan, as plain data."""

    topic: str
    section: str = ""
    hours: int = 1
    homework: str = ""


@dataclass(frozen=True)
class Hour:
    """One lesson's worth of a plan: `index` is its row, `part` of `row.hours` the hour in it."""

    row: Row
    index: int
    part: int = 1

    @property
    def topic(self) -> str:
        """The same in all lessons of the row."""
        return self.row.topic

    @property
    def homework(self) -> str:
        """Proposed once, for the first lesson of the topic."""
        return self.row.homework if self.part == 1 else ""


def hours_of(rows: Iterable[Row]) -> list[Hour]:
    """The plan lesson by lesson."""
    return [
        Hour(row, index, part) for index, row in enumerate(rows) for part in range(1, row.hours + 1)
    ]


def place_of(lesson: Placed) -> Place:
    """What the lesson is known by; of a note, the lesson it was written for."""
    return (lesson.teaching_id, lesson.date, lesson.number)


def laid(rows: Iterable[Row], lessons: Sequence[LessonDay]) -> dict[Place, Hour]:
    """The k-th given lesson has the k-th hour. `lessons`: of one teaching and a whole year."""
    given = [lesson for lesson in lessons if not lesson.is_cancelled]
    return {place_of(lesson): hour for lesson, hour in zip(given, hours_of(rows), strict=False)}


def laid_each(
    plans: Mapping[int, Iterable[Row]], lessons: Iterable[LessonDay]
) -> dict[Place, Hour]:
    """Each plan (by teaching) over the lessons of its own teaching among these, of a whole year."""
    own: dict[int, list[LessonDay]] = {teaching_id: [] for teaching_id in plans}
    for lesson in lessons:
        if lesson.teaching_id in own:
            own[lesson.teaching_id].append(lesson)
    return {
        place: hour
        for teaching_id, rows in plans.items()
        for place, hour in laid(rows, own[teaching_id]).items()
    }


def settled(places: Collection[Place], lessons: Iterable[LessonDay]) -> dict[Place, Place]:
    """At which lesson what was written for each of `places` counts.

    Where a lesson is given, there. A moved one takes it along; what was written for a cancelled
    or vanished lesson goes to the next given one of its teaching, or stays when there is none.
    """
    given: dict[int, list[LessonDay]] = {}
    for lesson in sorted(lessons):
        if not lesson.is_cancelled:
            given.setdefault(lesson.teaching_id, []).append(lesson)
    return {place: _settled(place, given.get(place[0], [])) for place in places}


def _settled(place: Place, given: list[LessonDay]) -> Place:
    own = [place_of(lesson) for lesson in given]
    if place in own:
        return place
    moved = [place_of(lesson) for lesson in given if lesson.moved_from == place[1]]
    later = [other for other in own if other[1:] > place[1:]]
    return next(iter(moved), None) or next(iter(later), place)

"""The demo school's timetable: a pure search for a week without clashes and without free hours
in the middle of a class's day.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DAYS = (1, 2, 3, 4, 5)
LONGEST = 8


@dataclass(frozen=True)
class Line:
    """A line of the teaching load: `hours` a week. `klass` and `teacher` are any keys."""

    klass: str
    teacher: int
    subject: str
    hours: int


@dataclass(frozen=True)
class Placed:
    """A lesson of the week: the line's place in the list, the day (1: Monday), the number."""

    line: int
    day: int
    number: int


def plan_week(lines: Sequence[Line], seed: int) -> list[Placed]:
    """Every hour of every line in its place. The same seed finds the same week.

    Raises:
        ValueError: some hour finds no place.
    """
    search = _Search(lines, random.Random(seed))
    for day in DAYS:
        search.fill(day)
    if any(search.left):
        raise ValueError("no timetable without clashes was found")
    return search.placed


class _Search:
    """A walk through the week, lesson by lesson; what has no place today waits for tomorrow."""

    def __init__(self, lines: Sequence[Line], chance: random.Random) -> None:
        self.lines = lines
        self.chance = chance
        self.left = [line.hours for line in lines]
        self.placed: list[Placed] = []
        self.by_class: dict[str, list[int]] = {}
        for index, line in enumerate(lines):
            self.by_class.setdefault(line.klass, []).append(index)

    def fill(self, day: int) -> None:
        """All lessons of a day; a class's lessons follow each other from the first on."""
        days_left = len(DAYS) + 1 - day
        today: Counter[int] = Counter()
        due = {
            name: -(-sum(self.left[index] for index in indices) // days_left)
            for name, indices in self.by_class.items()
        }
        for number in range(1, LONGEST + 1):
            here = [name for name in self.by_class if due[name] >= number]
            wishes = {name: self._wishes(name, today, days_left) for name in here}
            for name, index in self._match(wishes).items():
                here.remove(name)
                self.left[index] -= 1
                today[index] += 1
                self.placed.append(Placed(index, day, number))
            for name in here:  # nobody is free: the class goes home, and stays longer tomorrow
                due[name] = 0

    def _wishes(self, name: str, today: Counter[int], days_left: int) -> list[int]:
        """What the class may have now, the most pressing first: whose teacher is much wanted
        elsewhere, and what has many hours left. Twice a day only what must be.
        """
        lines, left, indices = self.lines, self.left, self.by_class[name]
        elsewhere: Counter[int] = Counter()
        for index, line in enumerate(lines):
            if line.klass != name:
                elsewhere[line.teacher] += left[index]

        def pressing(index: int) -> tuple[float, float]:
            wanted = elsewhere[lines[index].teacher] / 3
            return (-(left[index] + wanted) / days_left, self.chance.random())

        free = [i for i in indices if left[i] and (not today[i] or left[i] >= days_left)]
        return sorted(free, key=pressing)

    def _match(self, wishes: dict[str, list[int]]) -> dict[str, int]:
        """A line for as many classes as can have one, no teacher twice (augmenting paths)."""
        taken: dict[int, tuple[str, int]] = {}

        def settle(name: str, seen: set[int]) -> bool:
            for index in wishes[name]:
                teacher = self.lines[index].teacher
                if teacher in seen:
                    continue
                seen.add(teacher)
                if teacher not in taken or settle(taken[teacher][0], seen):
                    taken[teacher] = (name, index)
                    return True
            return False

        for name in sorted(wishes, key=lambda name: len(wishes[name])):
            settle(name, set())
        return dict(taken.values())

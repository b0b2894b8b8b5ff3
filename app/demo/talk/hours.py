"""When people of the demo school write: days and evenings, by lot."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

# For each kind of chat: the hours when a conversation may begin, and the days (1: Monday).
HOURS: dict[str, tuple[tuple[int, int], ...]] = {
    "parents": ((7, 8), (18, 21), (18, 21)),
    "pupils": ((14, 16), (16, 20), (16, 20)),
    "teachers": ((8, 9), (14, 17), (14, 17)),
    "subject": ((15, 17),),
    "made": ((15, 20),),
    "direct": ((8, 9), (15, 20), (17, 21)),
}
SCHOOL_DAYS = frozenset({"teachers", "subject"})
# The last word was said at least so long ago.
SILENCE = dt.timedelta(minutes=4)


@dataclass
class Diary:
    """The days of one chat that have a conversation already. `now` is of the school's clock."""

    kind: str
    now: dt.datetime
    chance: random.Random
    taken: set[dt.date] = field(default_factory=set)

    def begin(self, days_ago: int, lasts: dt.timedelta) -> dt.datetime:
        """A moment for a conversation of that length to begin, about so many days ago or before,
        on a free day, and over by now.
        """
        first, last = self.chance.choice(HOURS[self.kind])
        shift = dt.timedelta(minutes=self.chance.randrange((last - first) * 60))
        day = self.now.date() - dt.timedelta(days=days_ago)
        while True:
            moment = dt.datetime.combine(day, dt.time(first), self.now.tzinfo) + shift
            is_workday = self.kind not in SCHOOL_DAYS or day.isoweekday() <= 5
            is_past = moment + lasts <= self.now - SILENCE
            if is_workday and is_past and day not in self.taken:
                self.taken.add(day)
                return moment
            day -= dt.timedelta(days=1)


def gaps(count: int, chance: random.Random) -> list[dt.timedelta]:
    """How long after the line before each line comes; people answer at once, or after supper."""
    found = [dt.timedelta(0)]
    for _ in range(count - 1):
        slow = chance.random() < 0.2
        seconds = chance.randint(420, 1500) if slow else chance.randint(25, 260)
        found.append(dt.timedelta(seconds=seconds))
    return found[:count]

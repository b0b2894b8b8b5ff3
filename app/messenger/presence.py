"""Who is here now, and who was last seen when: in memory, by whoever opens and closes sockets.

Decision: it is not stored. After a restart nobody knows when those who are away were last seen,
and nothing is said of it. With several processes it becomes a table in Redis behind the same
five functions.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core import clock

KEPT = 20_000


@dataclass
class Presence:
    """Windows open by profile id, and when the last one was closed."""

    windows: Counter[int] = field(default_factory=Counter)
    seen: dict[int, dt.datetime] = field(default_factory=dict)

    def came(self, profile_id: int) -> bool:
        """A window was opened; whether it is the first."""
        self.windows[profile_id] += 1
        return self.windows[profile_id] == 1

    def went(self, profile_id: int) -> bool:
        """A window was closed; whether it was the last."""
        self.windows[profile_id] -= 1
        if self.windows[profile_id] > 0:
            return False
        del self.windows[profile_id]
        self.seen.pop(profile_id, None)  # put last: the oldest is forgotten first
        self.seen[profile_id] = clock.now()
        if len(self.seen) > KEPT:
            del self.seen[next(iter(self.seen))]
        return True

    def forget_all(self) -> None:
        """Nobody is here, and nobody was seen."""
        self.windows.clear()
        self.seen.clear()

    def here(self, profile_ids: Iterable[int]) -> set[int]:
        """Those of these who are here now."""
        return {profile for profile in profile_ids if self.windows.get(profile, 0) > 0}

    def last_seen(self, profile_id: int) -> dt.datetime | None:
        """When the last window was closed; None when unknown or when it is open."""
        return None if self.windows.get(profile_id, 0) > 0 else self.seen.get(profile_id)


presence = Presence()

"""How much one socket may say: a person types and scrolls, a flood is something else."""

from __future__ import annotations

import time

PER_SECOND = 50
BURST = 250


class Allowance:
    """A bucket of `burst` events that fills again at `per_second`."""

    def __init__(self, per_second: float = PER_SECOND, burst: float = BURST) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = burst
        self._at = time.monotonic()

    def take(self) -> bool:
        """Use one. False when there is none."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

"""How often one person may ask for something costly: counted in memory, forgotten on restart.

For guessing and money (codes, passwords) there is `throttle`, which a restart does not reset; a
search at every keystroke must not write to the disk.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakSet

from flask_babel import lazy_gettext

from app.core.errors import TooMany

REMEMBERED = 10_000
_paces: WeakSet[Pace] = WeakSet()


@dataclass
class _Bucket:
    tokens: float
    at: float


class Pace:
    """At most `burst` at once, and `per_second` in the long run, for every key on its own."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[object, _Bucket] = OrderedDict()
        _paces.add(self)

    def keep(self, key: object) -> None:
        """Count one.

        Raises:
            TooMany: it comes too soon; says when to try again.
        """
        now = time.monotonic()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        gained = (now - bucket.at) * self._per_second
        bucket.tokens, bucket.at = min(self._burst, bucket.tokens + gained), now
        self._buckets[key] = bucket
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            wait = int((1 - bucket.tokens) / self._per_second) + 1
            raise TooMany(lazy_gettext("Слишком часто. Подождите немного."), retry_after=wait)
        bucket.tokens -= 1


def forget_all() -> None:
    """An application begins with nobody counted."""
    for pace in _paces:
        pace._buckets.clear()

"""The only place that asks what time it is, so that tests and the demo's tale can set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen_now", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


def local(time_zone: str) -> dt.datetime:
    """The present moment at `time_zone` (IANA name)."""
    return now().astimezone(ZoneInfo(time_zone))


def today(time_zone: str) -> dt.date:
    """The calendar day at `time_zone` (IANA name)."""
    return local(time_zone).date()


@contextmanager
def frozen(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware) within the block."""
    if moment.tzinfo is None:
        raise ValueError("the moment must be aware")
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)

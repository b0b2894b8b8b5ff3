"""When a message is delivered without ringing outside the page. Pure."""

from __future__ import annotations

import datetime as dt

from app.core.quiet import Quiet


def is_quiet(now: dt.datetime, *, own: Quiet | None, school: Quiet | None, is_pupil: bool) -> bool:
    """Whether nothing may ring at `now` (local time).

    Decision: the school's quiet hours hold for pupils whatever they choose; for grown-ups their
    own do.
    """
    minute = now.hour * 60 + now.minute
    if is_pupil and school is not None and school.holds(minute):
        return True
    return own is not None and own.holds(minute)

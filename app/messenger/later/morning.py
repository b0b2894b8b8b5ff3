"""When quiet hours end. Pure."""

from __future__ import annotations

import datetime as dt

from app.core.quiet import Quiet


def morning_after(now: dt.datetime, quiet: Quiet | None) -> dt.datetime | None:
    """The end of the quiet hours that hold at `now` (local time); None outside of them."""
    if quiet is None or not quiet.holds(now.hour * 60 + now.minute):
        return None
    end = now.replace(hour=quiet.end // 60, minute=quiet.end % 60, second=0, microsecond=0)
    return end if end > now else end + dt.timedelta(days=1)

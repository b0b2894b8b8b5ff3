"""Facts of identity that other rooms react to (after commit)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SessionEnded:
    """A browser's profile session has ended; what it still has open must close."""

    session_id: int

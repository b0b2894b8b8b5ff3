"""Facts of identity that other rooms react to (after commit)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SessionEnded:
    """A browser's profile session has ended; what it still has open must close."""

    session_id: int


@dataclass(frozen=True)
class ConsentWithdrawn:
    """The profile (OpenID subject) has disconnected a service."""

    subject: str
    client_id: str

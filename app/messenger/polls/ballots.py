"""What a ballot is, and until when it is taken."""

from __future__ import annotations

from app.core import clock
from app.messenger.polls.models import Poll


def is_over(poll: Poll) -> bool:
    """Closed by hand, or its deadline has come."""
    return poll.closed_at is not None or (
        poll.closes_at is not None and poll.closes_at <= clock.now()
    )


def ballot_of(profile_id: int, child: str = "") -> str:
    """Whose vote it is, as the table names it."""
    return f"child:{child}" if child else f"profile:{profile_id}"

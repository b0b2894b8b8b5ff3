"""Counting attempts: how many of a kind happened within a time window, kept in the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import UTC, Model, db
from app.core.transaction import writing


class Attempt(Model):
    """One counted attempt. `key` names what is limited: «sign-in:account:ivanova»."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime] = mapped_column(UTC)


@dataclass(frozen=True)
class Limit:
    """At most `count` attempts within `window`."""

    count: int
    window: dt.timedelta


def seconds_to_wait(key: str, limit: Limit) -> int:
    """0 when another attempt is allowed now, else the whole seconds until one is."""
    since = clock.now() - limit.window
    oldest = db.session.scalar(
        select(Attempt.at)
        .where(Attempt.key == key, Attempt.at > since)
        .order_by(Attempt.at.desc())
        .offset(limit.count - 1)
        .limit(1)
    )
    if oldest is None:
        return 0
    return max(1, int((oldest + limit.window - clock.now()).total_seconds()) + 1)


def record(key: str) -> None:
    """Count one attempt now. Joins the open transaction, or makes its own."""
    with writing() as session:
        session.add(Attempt(key=key[:200], at=clock.now()))


def forget(key: str) -> None:
    """Start counting anew (after a success)."""
    with writing() as session:
        session.execute(delete(Attempt).where(Attempt.key == key))


def count(key: str, window: dt.timedelta) -> int:
    """Attempts of `key` within the last `window`."""
    since = clock.now() - window
    return (
        db.session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.key == key, Attempt.at > since)
        )
        or 0
    )


def prune(older_than: dt.timedelta) -> int:
    """Delete attempts nobody counts any more; returns how many."""
    with writing() as session:
        result = session.execute(delete(Attempt).where(Attempt.at < clock.now() - older_than))
        return int(getattr(result, "rowcount", 0))

"""Polls: the tables."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import UTC, Model


class Poll(Model):
    """A question that a message carries. `closes_at` is its deadline, `closed_at` set when somebody
    ended it earlier. With `per_child` a ballot belongs to a child, not to a profile.
    """

    __tablename__ = "polls"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), unique=True
    )
    question: Mapped[str] = mapped_column(String(300))
    is_multiple: Mapped[bool] = mapped_column()
    is_anonymous: Mapped[bool] = mapped_column()
    may_revote: Mapped[bool] = mapped_column()
    per_child: Mapped[bool] = mapped_column()
    closes_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTC)


class PollOption(Model):
    """An answer; `position` counts from 0."""

    __tablename__ = "poll_options"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(String(120))


class PollVote(Model):
    """One answer on one ballot. `ballot` says whose it is: «profile:<id>», or «child:<key>», which
    any parent of the child fills in; `profile_id` is who did.
    """

    __tablename__ = "poll_votes"
    __table_args__ = (
        UniqueConstraint("poll_id", "ballot", "option_id"),
        Index("ix_poll_votes_option_id", "option_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    option_id: Mapped[int] = mapped_column(ForeignKey("poll_options.id", ondelete="CASCADE"))
    ballot: Mapped[str] = mapped_column(String(80))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    voted_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

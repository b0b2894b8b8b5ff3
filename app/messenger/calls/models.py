"""Calls: the tables."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.db import UTC, Model, db

LIVE = "ended_at IS NULL"


class Call(Model):
    """A call of a chat. The partial unique index holds that a chat has one live call at most,
    however many begin it at once.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index(
            "uq_calls_live_chat",
            "chat_id",
            unique=True,
            sqlite_where=db.text(LIVE),
            postgresql_where=db.text(LIVE),
        ),
        Index("ix_calls_chat_id", "chat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    started_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("profiles.id", ondelete="SET NULL")
    )
    started_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)


class CallSeat(Model):
    """A profile in a call; the row stays when it has left (`left_at`).

    `key` is how the others address this stay: a new one at every entrance, kept when only the
    connection was lost. `window` is the socket that holds the seat, `missed_at` since when that
    socket is gone. The four flags are what the others see: microphone, camera, screen, raised hand.
    """

    __tablename__ = "call_seats"
    __table_args__ = (
        UniqueConstraint("call_id", "profile_id"),
        Index("ix_call_seats_profile_id", "profile_id"),
        Index("ix_call_seats_socket", "socket"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(24), default=tokens.public_id)
    # Named apart: WINDOW is a word of SQL.
    window: Mapped[str] = mapped_column("socket", String(40))
    joined_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    left_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    missed_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    mic: Mapped[bool] = mapped_column(default=False, server_default=false())
    camera: Mapped[bool] = mapped_column(default=False, server_default=false())
    screen: Mapped[bool] = mapped_column(default=False, server_default=false())
    hand: Mapped[bool] = mapped_column(default=False, server_default=false())

"""What a person has chosen, and the browsers that asked for push."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.db import UTC, Model


class NotificationChoice(Model):
    """What one profile has chosen; without a row, everything is off and nothing is quiet.

    `quiet_from` and `quiet_until` are minutes of the day in the school's time zone, both or none.
    """

    __tablename__ = "notification_choices"

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True
    )
    has_sound: Mapped[bool] = mapped_column(default=False, server_default=false())
    quiet_from: Mapped[int | None] = mapped_column()
    quiet_until: Mapped[int | None] = mapped_column()


class PushSubscription(Model):
    """A browser that asked for push (W3C Push API). It lives as long as its session.

    `p256dh` and `auth` are the keys (base64url) by which only that browser reads what is sent.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        Index("ix_push_subscriptions_profile_id", "profile_id"),
        Index("ix_push_subscriptions_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("profile_sessions.id", ondelete="CASCADE"))
    endpoint: Mapped[str] = mapped_column(String(600), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

"""Invites and requests to be let in: tables."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.db import UTC, Model
from app.messenger.chats.rights import MemberRole


class Invite(Model):
    """A link into a chat. `most_uses` None: any number; `expires_at` None: no end.

    The secret part of the link is not kept: it is worked out from `public_id` by the site's key
    (see `links`). Decision: a chat has one living link at a time; what hangs on the door holds.
    """

    __tablename__ = "invites"
    __table_args__ = (
        Index("ix_invites_chat_id", "chat_id"),
        Index("ix_invites_created_by_id", "created_by_id"),
        CheckConstraint("uses >= 0", name="uses_counted"),
        CheckConstraint("most_uses IS NULL OR uses <= most_uses", name="uses_within_most"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    role: Mapped[MemberRole] = mapped_column(
        Enum(MemberRole, native_enum=False, length=20), default=MemberRole.MEMBER
    )
    needs_approval: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    most_uses: Mapped[int | None] = mapped_column()
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    annulled_at: Mapped[dt.datetime | None] = mapped_column(UTC)


class RequestState(StrEnum):
    """What became of a request."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


class JoinRequest(Model):
    """Somebody who opened the link asks to be let in; the last request of a person to a chat."""

    __tablename__ = "join_requests"
    __table_args__ = (
        UniqueConstraint("chat_id", "profile_id"),
        Index("ix_join_requests_profile_id", "profile_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    invite_id: Mapped[int] = mapped_column(ForeignKey("invites.id", ondelete="CASCADE"))
    state: Mapped[RequestState] = mapped_column(
        Enum(RequestState, native_enum=False, length=20), default=RequestState.WAITING
    )
    asked_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("profiles.id", ondelete="SET NULL")
    )

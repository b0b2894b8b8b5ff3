"""Chats and their members: tables."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    case,
    false,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model
from app.identity.profiles import Profile
from app.messenger.chats.rights import ChatKind, MemberRole


class Frozen(StrEnum):
    """Why a direct chat is only read: one of the two has left, or they no longer meet."""

    LEFT = "left"
    APART = "apart"


class Chat(Model):
    """A chat. `last_seq` numbers its messages without gaps, `last_change` what was done
    to them since (deleting): by both numbers a page that was away catches up. `texts_count` is how
    many of its messages people wrote.

    `auto_key` names what an automatic chat is for («class:<id>:parents»); `label` is the class
    shown after the title to people who have several («Чат с родителями · 7А»). `permissions` are
    the eight rows of a chat made by hand (action -> circle); other chats have theirs in `rights`.
    A direct chat is one a pair: of profiles, the smaller id first; its title is the other person.
    """

    __tablename__ = "chats"
    __table_args__ = (
        UniqueConstraint("pair_low_id", "pair_high_id"),
        CheckConstraint("pair_low_id < pair_high_id", name="pair_in_order"),
        Index("ix_chats_pair_high_id", "pair_high_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    kind: Mapped[ChatKind] = mapped_column(Enum(ChatKind, native_enum=False, length=20))
    auto_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    label: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(String(500), default="")
    theme: Mapped[str] = mapped_column(String(20), default="default")
    photo_key: Mapped[str | None] = mapped_column(String(80))
    last_seq: Mapped[int] = mapped_column(default=0)
    last_change: Mapped[int] = mapped_column(default=0, server_default="0")
    texts_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_message_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    # The number of the message that stands above the chat (`pinning`).
    pinned_seq: Mapped[int | None] = mapped_column()
    permissions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    archived_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    pair_low_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    pair_high_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    frozen: Mapped[Frozen | None] = mapped_column(Enum(Frozen, native_enum=False, length=20))


class Member(Model):
    """A profile in a chat. Everything personal about the chat is here.

    `left_at` and `left_seq` set: no more in it; history up to `left_seq` stays readable
    (FLOWS 4, «visible until the day of leaving»). `was_removed`: an administrator ended it, so
    only an administrator lets them back.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("chat_id", "profile_id"),
        Index("ix_members_profile_id", "profile_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    role: Mapped[MemberRole] = mapped_column(
        Enum(MemberRole, native_enum=False, length=20), default=MemberRole.MEMBER
    )
    shows_label: Mapped[bool] = mapped_column(default=False)
    # Set while no school confirms a role of the profile: what it comes back as (`suspension`).
    suspended_role: Mapped[MemberRole | None] = mapped_column(
        Enum(MemberRole, native_enum=False, length=20)
    )
    joined_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    # The newest message when this member came in: older ones are history, not read ones.
    joined_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    left_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    left_seq: Mapped[int | None] = mapped_column()
    was_removed: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How many of the chat's texts are no news to this member: a message to a thousand changes no
    # row but its author's.
    texts_read: Mapped[int] = mapped_column(default=0, server_default="0")
    unread_mentions: Mapped[int] = mapped_column(default=0, server_default="0")
    read_seq: Mapped[int] = mapped_column(default=0)
    # How the chat stands in this member's own list (`placing`).
    pinned_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    muted_until: Mapped[dt.datetime | None] = mapped_column(UTC)
    is_marked_unread: Mapped[bool] = mapped_column(default=False, server_default=false())

    unread: Mapped[int] = column_property(
        case(
            (
                left_at.is_(None),
                select(Chat.texts_count - texts_read)
                .where(Chat.id == chat_id)
                .correlate_except(Chat)
                .scalar_subquery(),
            ),
            else_=0,
        )
    )

    chat: Mapped[Chat] = relationship()
    profile: Mapped[Profile] = relationship()

"""Messages: the table."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core import clock
from app.core.db import UTC, Model
from app.identity.profiles import Profile
from app.messenger.chats.models import Chat
from app.messenger.messages.words import stems_of

MAX_TEXT = 4096


class MessageKind(StrEnum):
    """Written by a person, or told by the system («Чат создан»)."""

    TEXT = "text"
    SYSTEM = "system"


def _stems_of_new(context: DefaultExecutionContext) -> str:
    values = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return stems_of(values["text"])


class Message(Model):
    """A message. `seq` counts from 1 within the chat; `client_id` is the sender's own id for it,
    so that a resend finds the first (reliability notes, P2). It is unique in the chat for all
    authors: a page finds a message by it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "seq"),
        UniqueConstraint("chat_id", "client_id"),
        Index("ix_messages_chat_id_changed", "chat_id", "changed"),
        Index("ix_messages_reply_to_id", "reply_to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column()
    author_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id"))
    client_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[MessageKind] = mapped_column(
        Enum(MessageKind, native_enum=False, length=20), default=MessageKind.TEXT
    )
    text: Mapped[str] = mapped_column(Text)
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    # Whose words a forwarded message carries; of the chat where they were said nothing is kept.
    forwarded_from_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id"))
    mentions_all: Mapped[bool] = mapped_column(default=False, server_default=false())
    edited_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    # What the system tells (`notices`), for MessageKind.SYSTEM.
    notice: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # What search looks at; follows the text by itself, in inserts and in objects.
    stems: Mapped[str] = mapped_column(Text, default=_stems_of_new, server_default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    # The chat's `last_change` when it was last changed; 0 while it is as it was sent.
    changed: Mapped[int] = mapped_column(default=0, server_default="0")
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id"))
    # What there is besides the text: the kind of its first attachment, or «poll».
    carries: Mapped[str | None] = mapped_column(String(20))

    @validates("text")
    def _keep_stems(self, _name: str, text: str) -> str:
        self.stems = stems_of(text)
        return text

    chat: Mapped[Chat] = relationship()
    author: Mapped[Profile | None] = relationship(foreign_keys=[author_id])


class Mention(Model):
    """A message calls a member by name, as it stands in the text («@Анна Иванова»)."""

    __tablename__ = "mentions"
    __table_args__ = (Index("ix_mentions_profile_id", "profile_id"),)

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(310))


class Reaction(Model):
    """What a member thinks of a message: one emoji of `reactions.CHOICE`."""

    __tablename__ = "reactions"
    __table_args__ = (Index("ix_reactions_profile_id", "profile_id"),)

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True
    )
    emoji: Mapped[str] = mapped_column(String(16))
    at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

"""Messages that wait: the table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import UTC, Model
from app.messenger.chats.models import Chat


class LaterMessage(Model):
    """What a member will say at `send_at`: the same that the composer would send now. `client_id`
    becomes the message's, so that it is sent once. `is_refused`: at that moment it might not be.
    """

    __tablename__ = "later_messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "client_id"),
        Index("ix_later_messages_author_id_chat_id", "author_id", "chat_id"),
        Index("ix_later_messages_send_at", "send_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    reply_to: Mapped[str] = mapped_column(String(40))
    attachments: Mapped[list[Any]] = mapped_column(JSON)
    send_at: Mapped[dt.datetime] = mapped_column(UTC)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    is_refused: Mapped[bool] = mapped_column(default=False, server_default=false())

    chat: Mapped[Chat] = relationship()

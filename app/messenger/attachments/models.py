"""Attachments: the table."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.db import UTC, Model

MAX_IN_MESSAGE = 10
DRAFT_AGE = dt.timedelta(days=1)


class AttachmentKind(StrEnum):
    """How it is shown."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"


class Attachment(Model):
    """A file of a message; without a message a draft that its author alone sees.

    `key` and `thumb_key` name bytes of the file store. A forwarded message has rows of its own
    with the same keys: the bytes go when no row names them. `width` and `height` (pixels) keep its
    place in the page; `duration` is in milliseconds; `peaks` is a voice's outline, a letter of
    0-9a-v a bar.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_message_id", "message_id"),
        Index("ix_attachments_chat_id_kind", "chat_id", "kind"),
        Index("ix_attachments_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("profiles.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[AttachmentKind] = mapped_column(Enum(AttachmentKind, native_enum=False, length=20))
    name: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column()
    key: Mapped[str] = mapped_column(String(60))
    thumb_key: Mapped[str | None] = mapped_column(String(60), index=True)
    width: Mapped[int | None] = mapped_column()
    height: Mapped[int | None] = mapped_column()
    duration: Mapped[int | None] = mapped_column()
    peaks: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

"""Attachments as those see them who read their message: in the page, in the info pane, as bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Row, Select, or_, select

from app.core.db import db
from app.core.errors import Missing
from app.messenger.attachments.models import Attachment, AttachmentKind
from app.messenger.chats.listing import has_confirmed_role
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat
from app.messenger.messages.models import Message

NO_FILE = lazy_gettext("Такого файла нет, или у вас больше нет к нему доступа.")
WIDEST, HIGHEST, SMALLEST = 380, 420, 120
BARS = "0123456789abcdefghijklmnopqrstuv"


@dataclass(frozen=True, kw_only=True)
class AttachmentView:
    """An attachment as anybody in the chat sees it. `chat` and `id` are public ids.

    `width` and `height` are 0 when unknown, `duration` (milliseconds) too.
    """

    id: str
    chat: str
    kind: AttachmentKind
    name: str
    size: int
    width: int
    height: int
    duration: int
    peaks: str

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height in the page, in CSS pixels: as large as fits, never a thread."""
        if not self.width or not self.height:
            return WIDEST, WIDEST * 9 // 16
        scale = min(WIDEST / self.width, HIGHEST / self.height, 1)
        width, height = round(self.width * scale), round(self.height * scale)
        return max(width, SMALLEST), max(height, SMALLEST)

    @property
    def bars(self) -> list[int]:
        """Heights of the voice's outline, 1 to 32."""
        return [BARS.index(letter) + 1 for letter in self.peaks] or [3] * 40

    @property
    def clock(self) -> str:
        """«1:05»"""
        seconds = round(self.duration / 1000)
        return f"{seconds // 60}:{seconds % 60:02}"


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """What is needed to send one."""

    key: str
    thumb_key: str | None
    name: str
    content_type: str
    kind: AttachmentKind


def attachments_of(message_ids: Collection[int]) -> Mapping[int, tuple[AttachmentView, ...]]:
    """Of all these messages by one query, in the order their authors chose."""
    if not message_ids:
        return {}
    rows = db.session.execute(
        views()
        .where(Attachment.message_id.in_(message_ids))
        .order_by(Attachment.message_id, Attachment.position)
    )
    found: dict[int, tuple[AttachmentView, ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), shown(row))
    return found


def may_see_files(own: OwnChat) -> bool:
    """Whether files of the messages that this member reads are for them.

    Decision: who has no role in any school any more (unlinked) sees no file, even of the time
    before; an ex-member who still belongs to the school sees those of the time before leaving.
    """
    return own.member.is_active or has_confirmed_role(own.profile_id)


def bytes_of(profile_id: int, chat: str, attachment: str) -> Bytes:
    """The attachment of a message this profile may read, or its own draft.

    Raises:
        Missing: there is none, it is deleted, or it is not for this profile: all look the same.
    """
    own = chats_of(profile_id).get(chat)
    row = db.session.execute(
        select(
            Attachment.key,
            Attachment.thumb_key,
            Attachment.name,
            Attachment.content_type,
            Attachment.kind,
        )
        .outerjoin(Message, Message.id == Attachment.message_id)
        .where(
            Attachment.chat_id == own.id,
            Attachment.public_id == attachment,
            or_(
                Message.seq <= own.readable_seq,
                Attachment.message_id.is_(None) & (Attachment.author_id == profile_id),
            ),
        )
    ).one_or_none()
    if row is None or not may_see_files(own):
        raise Missing(NO_FILE)
    return Bytes(
        key=row.key,
        thumb_key=row.thumb_key,
        name=row.name,
        content_type=row.content_type,
        kind=row.kind,
    )


def views() -> Select[*tuple[Any, ...]]:
    """The select of what `shown` needs; add where, order and limit."""
    query: Select[*tuple[Any, ...]] = select(
        Attachment.public_id,
        Attachment.message_id,
        Attachment.kind,
        Attachment.name,
        Attachment.size,
        Attachment.width,
        Attachment.height,
        Attachment.duration,
        Attachment.peaks,
        Chat.public_id.label("chat"),
    ).join(Chat, Chat.id == Attachment.chat_id)
    return query


def shown(row: Row[Any]) -> AttachmentView:
    """A row of `views()` as a value."""
    return AttachmentView(
        id=row.public_id,
        chat=row.chat,
        kind=row.kind,
        name=row.name,
        size=row.size,
        width=row.width or 0,
        height=row.height or 0,
        duration=row.duration or 0,
        peaks=row.peaks,
    )

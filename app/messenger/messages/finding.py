"""A message looked up through the chat of the one who asks: what is not readable is not there."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Missing
from app.messenger.chats.lookup import OwnChat
from app.messenger.messages.models import Message, MessageKind

NO_MESSAGE = lazy_gettext("Такого сообщения в этом чате нет.")


def message_in(own: OwnChat, client_id: str) -> Message:
    """The person's message of this chat with this id; the system's are nobody's to touch.

    Raises:
        Missing: there is none that this member may read.
    """
    message: Message | None = db.session.scalar(
        select(Message).where(
            Message.chat_id == own.id,
            Message.client_id == client_id,
            Message.kind != MessageKind.SYSTEM,
            Message.seq <= own.readable_seq,
        )
    )
    if message is None:
        raise Missing(NO_MESSAGE)
    return message


def living(own: OwnChat, client_id: str) -> Message:
    """The same, and not deleted.

    Raises:
        Missing: there is none, or it was deleted.
    """
    message = message_in(own, client_id)
    if message.deleted_at is not None:
        raise Missing(lazy_gettext("Этого сообщения больше нет: его удалили."))
    return message

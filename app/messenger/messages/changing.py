"""Telling that messages are others than they were sent: the chat's change numbers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from app.core.db import db
from app.core.transaction import publish
from app.messenger.chats.models import Chat
from app.messenger.facts import MessageChanged
from app.messenger.messages.models import Message


def mark_changed(chat_id: int, message_ids: Iterable[int], *, is_quiet: bool = False) -> None:
    """Give each message the chat's next change number and tell of it, within `writing()`.

    A page that was away asks for what changed after the number it knows (`history.changed_since`).
    `is_quiet`: nothing changed that the list of chats shows.
    """
    session = db.session
    for message_id in message_ids:
        number = session.execute(
            update(Chat)
            .where(Chat.id == chat_id)
            .values(last_change=Chat.last_change + 1)
            .returning(Chat.last_change)
        ).scalar_one()
        session.execute(update(Message).where(Message.id == message_id).values(changed=number))
        publish(MessageChanged(message_id, chat_id, is_quiet))


def answers_to(message_id: int) -> list[int]:
    """Ids of the messages that quote this one: their fragments repeat its words."""
    query = select(Message.id).where(Message.reply_to_id == message_id).order_by(Message.seq)
    return list(db.session.scalars(query))

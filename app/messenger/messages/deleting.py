"""Deleting a message for everybody: the words go at once, a trace stays where it stood."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import select, update

from app.core import audit, clock
from app.core.db import db
from app.core.errors import Missing
from app.core.transaction import publish, writing
from app.messenger.attachments.attaching import forget
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import Action
from app.messenger.facts import MessageChanged
from app.messenger.messages.models import Message, MessageKind


def deletable(profile_id: int, chat: str, client_id: str) -> Message:
    """The message that this profile may delete: its own, or any where it leads the chat.

    Raises:
        Missing: no such chat or message. Denied: it may not.
    """
    return _deletable(chats_of(profile_id).get(chat), client_id)


def delete_message(profile_id: int, chat: str, client_id: str) -> int:
    """Delete it for everybody; returns its id. A second click finds it deleted.

    Decision: the text is erased, not hidden: what a child regrets must be nowhere. Who deleted
    somebody else's words, and where, stays in the audit log.

    Raises:
        Missing, Denied: as `deletable`.
    """
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        message = _deletable(own, client_id)
        if message.deleted_at is not None:
            return message.id
        message.changed = session.execute(
            update(Chat)
            .where(Chat.id == own.id)
            .values(last_change=Chat.last_change + 1)
            .returning(Chat.last_change)
        ).scalar_one()
        message.text = ""
        message.carries = None
        forget(message.id)
        message.deleted_at = clock.now()
        message.deleted_by_id = profile_id
        if message.author_id != profile_id:
            audit.note(
                actor=f"profile:{own.profile_id}",
                action="message.deleted",
                subject=f"chat:{own.public_id}",
                seq=message.seq,
                author=message.author.public_id if message.author else "",
            )
        publish(MessageChanged(message.id, own.id))
        return message.id


def _deletable(own: OwnChat, client_id: str) -> Message:
    message: Message | None = db.session.scalar(
        select(Message).where(
            Message.chat_id == own.id,
            Message.client_id == client_id,
            Message.kind == MessageKind.TEXT,
            Message.seq <= own.readable_seq,
        )
    )
    if message is None:
        raise Missing(lazy_gettext("Такого сообщения в этом чате нет."))
    own.require(Action.WRITE if message.author_id == own.profile_id else Action.DELETE_ANY)
    return message

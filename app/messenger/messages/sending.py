"""Sending: the right, the number, the row and everybody's unread count in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.transaction import publish, writing
from app.messenger.attachments.attaching import attach
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import Action
from app.messenger.facts import MessageSent
from app.messenger.messages.models import Message, MessageKind
from app.messenger.messages.text import check_client_id, clean_text


@dataclass(frozen=True)
class Sent:
    """The stored message; `is_first` is false for a resend."""

    message_id: int
    seq: int
    is_first: bool


def send_message(
    author_profile_id: int,
    chat: str,
    client_id: str,
    text: str,
    *,
    attachments: Sequence[str] = (),
) -> Sent:
    """Store a message in the chat with this public id; a resend of `client_id` finds the first.

    Raises:
        Missing: the author never was in the chat.
        Denied: the author has left it.
        Invalid: the text is empty or too long, or an attachment (a draft's id) is not there.
        Conflict: `client_id` already names another message.
    """
    text = clean_text(text, may_be_empty=bool(attachments))
    check_client_id(client_id)
    try:
        return _store(author_profile_id, chat, client_id, text, attachments)
    except IntegrityError:
        # Two resends met (PostgreSQL; SQLite lets writers in one by one): the other was first.
        return _store(author_profile_id, chat, client_id, text, attachments)


def _store(
    author_id: int, public_id: str, client_id: str, text: str, attachments: Sequence[str]
) -> Sent:
    with writing() as session:
        chat = chats_of(author_id).get(public_id)
        first = _first(author_id, chat, client_id)
        if first is not None:
            return first
        chat.require(Action.WRITE)
        now = clock.now()
        seq = session.execute(
            update(Chat)
            .where(Chat.id == chat.id)
            .values(last_seq=Chat.last_seq + 1, last_message_at=now)
            .returning(Chat.last_seq)
        ).scalar_one()
        message_id = session.execute(
            insert(Message)
            .values(
                chat_id=chat.id,
                seq=seq,
                author_id=author_id,
                client_id=client_id,
                kind=MessageKind.TEXT,
                text=text,
                created_at=now,
            )
            .returning(Message.id)
        ).scalar_one()
        attach(chat, message_id, attachments)
        _count_unread(chat, seq)
        publish(MessageSent(message_id, chat.id))
        return Sent(message_id, seq, is_first=True)


def _first(author_id: int, chat: OwnChat, client_id: str) -> Sent | None:
    """The message of this chat that already bears `client_id`."""
    found = db.session.execute(
        select(Message.id, Message.seq, Message.author_id).where(
            Message.chat_id == chat.id, Message.client_id == client_id
        )
    ).one_or_none()
    if found is None:
        return None
    if found.author_id != author_id:
        # The id is public in the page: nobody may answer to another's message by it.
        raise Conflict(lazy_gettext("Сообщение не отправлено. Обновите страницу и повторите."))
    return Sent(found.id, found.seq, is_first=False)


def _count_unread(chat: OwnChat, seq: int) -> None:
    """One more for the others.

    Decision: who writes has read: the author's own count becomes zero.
    """
    members = update(Member).where(Member.chat_id == chat.id, Member.left_at.is_(None))
    others = members.where(Member.profile_id != chat.profile_id)
    author = members.where(Member.profile_id == chat.profile_id)
    db.session.execute(others.values(unread=Member.unread + 1))
    db.session.execute(author.values(unread=0, read_seq=seq, is_marked_unread=False))

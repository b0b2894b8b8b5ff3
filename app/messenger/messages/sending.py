"""Sending: the right, the number, the row and everybody's unread count in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask_babel import lazy_gettext

from app.core import clock
from app.core.errors import Conflict
from app.core.together import write_together
from app.core.transaction import publish
from app.messenger.attachments.attaching import attach
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.facts import MessageSent
from app.messenger.messages import storing
from app.messenger.messages.calling import Called
from app.messenger.messages.finding import message_in
from app.messenger.messages.mentions import called_by, keep_mentions
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
    reply_to: str = "",
    attachments: Sequence[str] = (),
) -> Sent:
    """Store a message in the chat with this public id; a resend of `client_id` finds the first.

    `reply_to` is the client id of the message of this chat that it answers.

    Raises:
        Missing: the author never was in the chat, or there is nothing to answer.
        Denied: the author has left it, or calls everybody and may not.
        Invalid: the text is empty or too long, or an attachment (a draft's id) is not there.
        Conflict: `client_id` already names another message.
    """
    text = clean_text(text, may_be_empty=bool(attachments))
    check_client_id(client_id)
    return write_together(
        partial(
            _send,
            author_profile_id,
            chat,
            client_id,
            text,
            reply_to=reply_to,
            attachments=attachments,
        )
    )


def _send(
    author_id: int,
    public_id: str,
    client_id: str,
    text: str,
    *,
    reply_to: str,
    attachments: Sequence[str],
) -> Sent:
    """Within `writing()`."""
    chat = chats_of(author_id).get(public_id)
    first = first_sent(chat, client_id)
    if first is not None:
        return first
    chat.require(Action.WRITE)
    original = message_in(chat, reply_to) if reply_to else None
    called = called_by(chat, text)
    sent = store(
        chat,
        client_id,
        text,
        called,
        reply_to_id=original.id if original is not None else None,
    )
    attach(chat, sent.message_id, attachments)
    return sent


def store(
    chat: OwnChat,
    client_id: str,
    text: str,
    called: Called | None = None,
    *,
    reply_to_id: int | None = None,
    forwarded_from_id: int | None = None,
) -> Sent:
    """Put a message of the chat's owner into it, checked already; within `writing()`."""
    now = clock.now()
    seq, texts = storing.take_number(chat.id, now)
    message_id = storing.insert_text(
        chat_id=chat.id,
        seq=seq,
        author_id=chat.profile_id,
        client_id=client_id,
        text=text,
        created_at=now,
        reply_to_id=reply_to_id,
        forwarded_from_id=forwarded_from_id,
    )
    # Decision: who writes has read: the author's own count becomes zero.
    storing.mark_own_read(chat.id, chat.profile_id, seq, texts)
    if called:
        keep_mentions(chat, message_id, seq, called)
    publish(MessageSent(message_id, chat.id))
    return Sent(message_id, seq, is_first=True)


def first_sent(chat: OwnChat, client_id: str) -> Sent | None:
    """The owner's message of this chat that already bears `client_id`.

    Raises:
        Conflict: somebody else's bears it.
    """
    found = storing.find_stored(chat.id, client_id)
    if found is None:
        return None
    if found.author_id != chat.profile_id:
        # The id is public in the page: nobody may answer to another's message by it.
        raise Conflict(lazy_gettext("Сообщение не отправлено. Обновите страницу и повторите."))
    return Sent(found.id, found.seq, is_first=False)

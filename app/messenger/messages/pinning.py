"""The one message that stands above a chat."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core.db import db
from app.core.transaction import publish, writing
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import Action
from app.messenger.facts import PinChanged
from app.messenger.messages.finding import living
from app.messenger.messages.models import Message
from app.messenger.messages.notices import NoticeEvent, post_notice
from app.messenger.messages.views import MessageView, messages, views_of


def pin(profile_id: int, chat: str, client_id: str) -> None:
    """Put the message above its chat, in the place of another; twice is once.

    Raises:
        Missing: no such chat or message. Denied: it may not.
    """
    with writing():
        own = chats_of(profile_id).get(chat)
        own.require(Action.PIN)
        message = living(own, client_id)
        if own.pinned_seq == message.seq:
            return
        _set(own.id, message.seq)
        # Decision: without the words: deleting the message must leave them nowhere.
        post_notice(own.id, NoticeEvent.PINNED, by=profile_id)


def unpin(profile_id: int, chat: str) -> None:
    """Take it away; twice is once.

    Raises:
        Missing: no such chat. Denied: it may not.
    """
    with writing():
        own = chats_of(profile_id).get(chat)
        own.require(Action.PIN)
        if own.pinned_seq is not None:
            _set(own.id, None)
            post_notice(own.id, NoticeEvent.UNPINNED, by=profile_id)


def unpin_deleted(chat_id: int, seq: int) -> None:
    """A message that is being deleted stands nowhere. Within `writing()`."""
    pinned_seq = db.session.scalar(select(Chat.pinned_seq).where(Chat.id == chat_id))
    if pinned_seq == seq:
        _set(chat_id, None)


def pinned_in(own: OwnChat) -> MessageView | None:
    """The pinned message; None for none and for those who have left."""
    if own.pinned_seq is None or not own.member.is_active:
        return None
    return pinned_now(own.id)


def pinned_now(chat_id: int) -> MessageView | None:
    """The pinned message of a chat, for those who tell of it to its members."""
    found = views_of(messages().where(Chat.id == chat_id, Message.seq == Chat.pinned_seq))
    return found[0] if found else None


def _set(chat_id: int, seq: int | None) -> None:
    db.session.execute(update(Chat).where(Chat.id == chat_id).values(pinned_seq=seq))
    publish(PinChanged(chat_id))

"""Reading messages of a chat: the newest, those before, since and around; a few queries each."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam

from app.core.prepared import Prepared
from app.messenger.chats.lookup import OwnChat
from app.messenger.messages.models import Message
from app.messenger.messages.views import MessageView, messages, views_from, views_of

PAGE = 40
CATCH_UP = 100


def latest(chat: OwnChat, limit: int = PAGE) -> list[MessageView]:
    """The newest `limit` messages, oldest first."""
    return before(chat, chat.readable_seq + 1, limit)


def before(chat: OwnChat, seq: int, limit: int = PAGE) -> list[MessageView]:
    """The `limit` messages that precede number `seq`, oldest first."""
    query = _readable(chat).where(Message.seq < seq).order_by(Message.seq.desc()).limit(limit)
    return views_of(query, chat.left_at)[::-1]


def since(chat: OwnChat, seq: int, limit: int = CATCH_UP) -> list[MessageView]:
    """The first `limit` messages after number `seq`, oldest first."""
    query = _readable(chat).where(Message.seq > seq).order_by(Message.seq).limit(limit)
    return views_of(query, chat.left_at)


def around(chat: OwnChat, seq: int, limit: int = PAGE) -> list[MessageView]:
    """Half of `limit` messages before number `seq`, and as many from it on, oldest first."""
    half = limit // 2
    return before(chat, seq, half) + since(chat, seq - 1, half)


def changed_since(chat: OwnChat, change: int, seq: int, limit: int = CATCH_UP) -> list[MessageView]:
    """Messages up to number `seq` changed after change number `change`, in that order."""
    query = (
        _readable(chat)
        .where(Message.changed > change, Message.seq <= seq)
        .order_by(Message.changed)
        .limit(limit)
    )
    return views_of(query, chat.left_at)


def one(message_id: int) -> MessageView:
    """The message with this id; for those who have just stored it or tell of it."""
    return views_from(_one().rows(message_id=message_id))[0]


@cache
def _one() -> Prepared:
    """Built once: every message that is told asks."""
    return Prepared(messages().where(Message.id == bindparam("message_id")))


def _readable(chat: OwnChat) -> Select[*tuple[Any, ...]]:
    return messages().where(Message.chat_id == chat.id, Message.seq <= chat.readable_seq)

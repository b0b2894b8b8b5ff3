"""Reading messages of a chat: the newest, those before and those since; one query each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from app.core.db import db
from app.identity.profiles import Profile
from app.messenger.attachments.viewing import AttachmentView, attachments_of
from app.messenger.chats.lookup import OwnChat
from app.messenger.messages.models import Message, MessageKind
from app.messenger.messages.notices import Notice, notice_from
from app.messenger.people import ConfirmedRole

PAGE = 40
CATCH_UP = 100


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message as anybody in the chat sees it. Holds nothing about who is looking.

    `author` is a profile's public id; `author_role` is «teacher» or «administrator» when a
    school confirmed it, else empty. `deleted` says by whom: «author», «administrator», or empty.
    """

    id: int
    seq: int
    client_id: str
    kind: MessageKind
    text: str
    created_at: dt.datetime
    author: str
    author_name: str
    author_role: str
    changed: int
    deleted: str
    notice: Notice | None = None
    attachments: tuple[AttachmentView, ...] = ()


def latest(chat: OwnChat, limit: int = PAGE) -> list[MessageView]:
    """The newest `limit` messages, oldest first."""
    return before(chat, chat.readable_seq + 1, limit)


def before(chat: OwnChat, seq: int, limit: int = PAGE) -> list[MessageView]:
    """The `limit` messages that precede number `seq`, oldest first."""
    query = _readable(chat).where(Message.seq < seq).order_by(Message.seq.desc()).limit(limit)
    return _views(db.session.execute(query).all())[::-1]


def since(chat: OwnChat, seq: int, limit: int = CATCH_UP) -> list[MessageView]:
    """The first `limit` messages after number `seq`, oldest first."""
    query = _readable(chat).where(Message.seq > seq).order_by(Message.seq).limit(limit)
    return _views(db.session.execute(query).all())


def changed_since(chat: OwnChat, change: int, seq: int, limit: int = CATCH_UP) -> list[MessageView]:
    """Messages up to number `seq` changed after change number `change`, in that order."""
    query = (
        _readable(chat)
        .where(Message.changed > change, Message.seq <= seq)
        .order_by(Message.changed)
        .limit(limit)
    )
    return _views(db.session.execute(query).all())


def one(message_id: int) -> MessageView:
    """The message with this id; for those who have just stored it or tell of it."""
    return _views(db.session.execute(_messages().where(Message.id == message_id)).all())[0]


def _readable(chat: OwnChat) -> Select[*tuple[Any, ...]]:
    return _messages().where(Message.chat_id == chat.id, Message.seq <= chat.readable_seq)


def _messages() -> Select[*tuple[Any, ...]]:
    # Decision: only staff are marked beside their messages; that the others are pupils or
    # parents is said on the members page. Of two roles max() keeps «teacher».
    role = (
        select(func.max(ConfirmedRole.role))
        .where(
            ConfirmedRole.profile_id == Message.author_id,
            ConfirmedRole.role.in_(("teacher", "administrator")),
        )
        .correlate(Message)
        .scalar_subquery()
    )
    query: Select[*tuple[Any, ...]] = select(
        Message.id,
        Message.seq,
        Message.client_id,
        Message.kind,
        Message.text,
        Message.notice,
        Message.created_at,
        Message.changed,
        Message.author_id,
        Message.deleted_at,
        Message.deleted_by_id,
        Message.carries,
        Profile.public_id.label("author"),
        Profile.given_name,
        Profile.patronymic,
        Profile.family_name,
        role.label("author_role"),
    ).outerjoin(Profile, Profile.id == Message.author_id)
    return query


def _views(rows: Sequence[Row[Any]]) -> list[MessageView]:
    files = attachments_of([row.id for row in rows if row.carries])
    return [
        MessageView(
            id=row.id,
            seq=row.seq,
            client_id=row.client_id,
            kind=row.kind,
            text=row.text,
            created_at=row.created_at,
            author=row.author or "",
            author_name=" ".join(
                part for part in (row.given_name, row.patronymic, row.family_name) if part
            ),
            author_role=row.author_role or "",
            changed=row.changed,
            deleted=_deleted(row),
            notice=notice_from(row.notice),
            attachments=files.get(row.id, ()),
        )
        for row in rows
    ]


def _deleted(row: Row[Any]) -> str:
    if row.deleted_at is None:
        return ""
    return "author" if row.deleted_by_id == row.author_id else "administrator"

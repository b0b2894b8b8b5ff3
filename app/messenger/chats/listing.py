"""The list of chats on the left: one row a chat, the newest on top, by one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, and_, func, select

from app.core import clock
from app.core.db import db
from app.core.errors import Missing
from app.identity.profiles import Profile
from app.messenger.calls.lookup import has_live_call
from app.messenger.chats.lookup import NO_CHAT
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind
from app.messenger.chats.titles import Peer, is_peer, shown_title
from app.messenger.messages.carried import carried_word
from app.messenger.messages.models import Message
from app.messenger.messages.notice_words import notice_sentence
from app.messenger.messages.notices import notice_from
from app.messenger.people import ConfirmedRole

PREVIEW_LENGTH = 160


@dataclass(frozen=True, kw_only=True)
class ChatRow:
    """One row of the list. `at` is the moment of its last message; `author` is empty when unknown,
    and for what the system tells; `face` is what the colour of the picture comes from.

    `order` sorts rows: the greater stands above. Pinned ones are on top, the last pinned first.
    """

    public_id: str
    face: str
    title: str
    label: str
    photo_key: str | None
    is_direct: bool
    is_active: bool
    has_call: bool
    unread: int
    is_called: bool
    is_marked_unread: bool
    is_muted: bool
    is_pinned: bool
    order: str
    at: dt.datetime
    text: str
    author: str
    is_own: bool
    is_deleted: bool

    @property
    def has_message(self) -> bool:
        return bool(self.text)


def rows_of(profile_id: int, search: str = "") -> list[ChatRow]:
    """All chats of a profile, left ones too; `search` keeps titles that contain it.

    Titles are filtered here: SQLite knows no upper and lower case of Cyrillic letters, and a
    person has tens of chats, not thousands.
    """
    wanted = _folded(search)
    rows = [_row(found, profile_id) for found in db.session.execute(_query(profile_id)).all()]
    return [row for row in rows if wanted in _folded(f"{row.title} {row.label}")]


def row_of(profile_id: int, public_id: str) -> ChatRow:
    """The row of one chat.

    Raises:
        Missing: the profile never was in such a chat.
    """
    found = db.session.execute(_query(profile_id).where(Chat.public_id == public_id)).one_or_none()
    if found is None:
        raise Missing(NO_CHAT)
    return _row(found, profile_id)


def has_confirmed_role(profile_id: int) -> bool:
    """Some school has confirmed a role of this profile."""
    return bool(
        db.session.scalar(select(select(1).where(ConfirmedRole.profile_id == profile_id).exists()))
    )


def _query(profile_id: int) -> Select[*tuple[Any, ...]]:
    last = and_(
        Message.chat_id == Chat.id,
        Message.seq == func.coalesce(Member.left_seq, Chat.last_seq),
    )
    moment = func.coalesce(Message.created_at, Member.joined_at)
    return (
        select(
            Chat.public_id,
            Chat.kind,
            Peer.public_id.label("peer"),
            shown_title().label("title"),
            Chat.label,
            Chat.photo_key,
            Member.shows_label,
            Member.left_at,
            Member.unread,
            Member.unread_mentions,
            Member.joined_at,
            Member.pinned_at,
            Member.muted_until,
            Member.is_marked_unread,
            Message.created_at.label("sent_at"),
            func.substr(Message.text, 1, PREVIEW_LENGTH).label("text"),
            Message.carries,
            Message.notice,
            Message.author_id,
            Message.deleted_at,
            Profile.given_name,
            Profile.family_name,
            has_live_call().label("has_call"),
        )
        .select_from(Member)
        .join(Chat, Chat.id == Member.chat_id)
        .outerjoin(Peer, is_peer(Member.profile_id))
        .outerjoin(Message, last)
        .outerjoin(Profile, Profile.id == Message.author_id)
        # Decision: a direct chat is in the lists from its first message on.
        .where(
            Member.profile_id == profile_id, (Chat.kind != ChatKind.DIRECT) | (Chat.last_seq > 0)
        )
        .order_by(Member.pinned_at.desc().nulls_last(), moment.desc(), Chat.title, Chat.id)
    )


def _row(found: SqlRow[Any], profile_id: int) -> ChatRow:
    notice = notice_from(found.notice)
    at = found.sent_at or found.joined_at
    is_active = found.left_at is None
    return ChatRow(
        public_id=found.public_id,
        face=found.peer or found.public_id,
        is_direct=found.kind is ChatKind.DIRECT,
        title=found.title,
        label=found.label if found.shows_label else "",
        photo_key=found.photo_key,
        is_active=is_active,
        has_call=found.has_call and is_active,
        unread=found.unread if is_active else 0,
        is_called=found.unread_mentions > 0 and is_active,
        is_marked_unread=found.is_marked_unread and is_active,
        is_muted=found.muted_until is not None and found.muted_until > clock.now(),
        is_pinned=found.pinned_at is not None,
        order=f"2 {found.pinned_at.isoformat()}" if found.pinned_at else f"1 {at.isoformat()}",
        at=at,
        text=notice_sentence(notice) if notice else found.text or carried_word(found.carries),
        author=_short([found.given_name, found.family_name]),
        is_own=found.author_id == profile_id,
        is_deleted=found.deleted_at is not None,
    )


def _short(names: Sequence[str | None]) -> str:
    """«Анна Иванова»: a row has no room for the patronymic."""
    return " ".join(name for name in names if name)


def _folded(text: str) -> str:
    """Without case, and with «ё» as «е»: people type it either way."""
    return " ".join(text.casefold().replace("ё", "е").split())

"""A message as it is shown, and the one select that reads it. Paging lives in `history`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.core.db import ask
from app.core.names import joined
from app.identity.profiles import Profile
from app.messenger.attachments.viewing import AttachmentView, attachments_of
from app.messenger.chats.models import Chat
from app.messenger.messages.mentions import MentionView, mentions_in
from app.messenger.messages.models import Message, MessageKind, Reaction
from app.messenger.messages.notices import Notice, notice_from
from app.messenger.messages.reactions import ReactionView, reactions_to
from app.messenger.people import ConfirmedRole
from app.messenger.polls.viewing import POLL, PollView, polls_of

QUOTE_LENGTH = 160
Original = aliased(Message)
OriginalAuthor = aliased(Profile)
Source = aliased(Profile)


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The message that this one answers. `text` is empty when it is deleted or withheld;
    `carries` is what it has besides, as the table says it.
    """

    client_id: str
    seq: int
    author: str
    author_name: str
    text: str
    carries: str
    is_deleted: bool


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message as anybody in the chat sees it. Holds nothing about who is looking.

    `chat` and `author` are public ids; `author_role` is «teacher» or «administrator» when a
    school confirmed it, else empty. `deleted` says by whom: «author», «administrator» (of a chat),
    «school», or empty. `forwarded_from` names the first author of a forwarded one. `is_withheld`:
    it was changed after an ex-member left, who may not read the new words.
    """

    id: int
    seq: int
    client_id: str
    chat: str
    kind: MessageKind
    text: str
    created_at: dt.datetime
    author: str
    author_name: str
    author_role: str
    changed: int
    deleted: str
    notice: Notice | None = None
    quote: Quote | None = None
    forwarded_from: str = ""
    is_edited: bool = False
    is_withheld: bool = False
    mentions: tuple[MentionView, ...] = ()
    mentions_all: bool = False
    attachments: tuple[AttachmentView, ...] = ()
    reactions: tuple[ReactionView, ...] = ()
    poll: PollView | None = None


def messages() -> Select[*tuple[Any, ...]]:
    """The select of what `views_of` needs; add where, order and limit."""
    # Decision: only staff are marked beside their messages; that the others are pupils or
    # parents is said on the members page. Of two roles max() keeps «teacher».
    role = (
        select(func.max(ConfirmedRole.role))
        .where(
            ConfirmedRole.profile_id == Message.author_id,
            or_(ConfirmedRole.role == "teacher", ConfirmedRole.role == "administrator"),
        )
        .correlate(Message)
        .scalar_subquery()
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            Message.id,
            Message.seq,
            Message.client_id,
            Message.kind,
            Message.text,
            Message.notice,
            Message.created_at,
            Message.changed,
            Message.edited_at,
            Message.author_id,
            Message.deleted_at,
            Message.deleted_by_id,
            Message.mentions_all,
            Message.reply_to_id,
            Message.carries,
            Chat.public_id.label("chat"),
            Profile.public_id.label("author"),
            *_names(Profile, ""),
            role.label("author_role"),
            exists()
            .where(Reaction.message_id == Message.id)
            .correlate(Message)
            .label("has_reactions"),
            Original.client_id.label("quote_client_id"),
            Original.seq.label("quote_seq"),
            func.substr(Original.text, 1, QUOTE_LENGTH).label("quote_text"),
            Original.carries.label("quote_carries"),
            Original.edited_at.label("quote_edited_at"),
            Original.deleted_at.label("quote_deleted_at"),
            OriginalAuthor.public_id.label("quote_author"),
            *_names(OriginalAuthor, "quote_"),
            *_names(Source, "source_"),
        )
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Profile, Profile.id == Message.author_id)
        .outerjoin(Original, Original.id == Message.reply_to_id)
        .outerjoin(OriginalAuthor, OriginalAuthor.id == Original.author_id)
        .outerjoin(Source, Source.id == Message.forwarded_from_id)
    )
    return query


def views_of(
    query: Select[*tuple[Any, ...]], left_at: dt.datetime | None = None
) -> list[MessageView]:
    """The messages of a `messages()` query, with what belongs to them: one query for all, one
    more when somebody reacted, one when somebody is called, one when there are files, three when
    there are polls.

    `left_at` is when an ex-member who reads left the chat.
    """
    return views_from(ask(query).all(), left_at)


def views_from(rows: Sequence[Row[Any]], left_at: dt.datetime | None = None) -> list[MessageView]:
    """`views_of` for rows that are there already."""
    if not rows:
        return []
    reactions = reactions_to([row.id for row in rows if row.has_reactions], left_at)
    mentions = mentions_in([row.id for row in rows if "@" in row.text])
    files = attachments_of([row.id for row in rows if row.carries not in (None, POLL)])
    polls = polls_of([row.id for row in rows if row.carries == POLL])
    return [
        _view(
            row,
            left_at,
            mentions=mentions.get(row.id, ()),
            reactions=reactions.get(row.id, ()),
            attachments=files.get(row.id, ()),
            poll=polls.get(row.id),
        )
        for row in rows
    ]


def _view(
    row: Row[Any],
    left_at: dt.datetime | None,
    *,
    mentions: tuple[MentionView, ...],
    reactions: tuple[ReactionView, ...],
    attachments: tuple[AttachmentView, ...],
    poll: PollView | None,
) -> MessageView:
    is_withheld = _is_later(row.edited_at, left_at)
    return MessageView(
        id=row.id,
        seq=row.seq,
        client_id=row.client_id,
        chat=row.chat,
        kind=row.kind,
        text="" if is_withheld else row.text,
        created_at=row.created_at,
        author=row.author or "",
        author_name=_name(row, ""),
        author_role=row.author_role or "",
        changed=row.changed,
        deleted=_deleted(row),
        notice=notice_from(row.notice),
        quote=_quote(row, left_at) if row.reply_to_id else None,
        forwarded_from=_name(row, "source_"),
        is_edited=row.edited_at is not None,
        is_withheld=is_withheld,
        mentions=mentions,
        mentions_all=row.mentions_all,
        attachments=attachments,
        reactions=reactions,
        poll=poll,
    )


def _quote(row: Row[Any], left_at: dt.datetime | None) -> Quote:
    return Quote(
        client_id=row.quote_client_id,
        seq=row.quote_seq,
        author=row.quote_author or "",
        author_name=_name(row, "quote_"),
        text="" if _is_later(row.quote_edited_at, left_at) else row.quote_text,
        carries=row.quote_carries or "",
        is_deleted=row.quote_deleted_at is not None,
    )


def _is_later(edited_at: dt.datetime | None, left_at: dt.datetime | None) -> bool:
    return edited_at is not None and left_at is not None and edited_at > left_at


def _deleted(row: Row[Any]) -> str:
    if row.deleted_at is None:
        return ""
    if row.deleted_by_id is None:
        return "school"
    return "author" if row.deleted_by_id == row.author_id else "administrator"


def _names(profile: Any, prefix: str) -> tuple[Any, ...]:
    return (
        profile.given_name.label(f"{prefix}given_name"),
        profile.patronymic.label(f"{prefix}patronymic"),
        profile.family_name.label(f"{prefix}family_name"),
    )


def _name(row: Row[Any], prefix: str) -> str:
    """«Анна Петровна Иванова»."""
    parts = (getattr(row, prefix + part) for part in ("given_name", "patronymic", "family_name"))
    return joined(*parts)

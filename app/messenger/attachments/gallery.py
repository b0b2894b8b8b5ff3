"""«Вложения»: what was sent to a chat, kind by kind, to those who may read it; newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, or_, select

from app.core.db import db
from app.core.names import joined
from app.identity.profiles import Profile
from app.messenger.attachments.models import Attachment, AttachmentKind
from app.messenger.attachments.viewing import AttachmentView, may_see_files, shown, views
from app.messenger.chats.lookup import OwnChat
from app.messenger.messages.models import Message, MessageKind
from app.messenger.messages.rendering import addresses_in

PAGE = 30


class Shelf(StrEnum):
    """What is shown together."""

    MEDIA = "media"
    DOCUMENTS = "documents"
    VOICE = "voice"
    LINKS = "links"


KINDS: dict[Shelf, tuple[AttachmentKind, ...]] = {
    Shelf.MEDIA: (AttachmentKind.PHOTO, AttachmentKind.VIDEO),
    Shelf.DOCUMENTS: (AttachmentKind.DOCUMENT, AttachmentKind.AUDIO),
    Shelf.VOICE: (AttachmentKind.VOICE,),
}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An attachment, or the links of a message, with where it was sent."""

    cursor: int
    client_id: str
    author_name: str
    at: dt.datetime
    file: AttachmentView | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Some of them; `further` is the cursor of the next ones, None when these are the last."""

    kept: tuple[Kept, ...]
    further: int | None


def kept_in(own: OwnChat, shelf: Shelf, before: int | None = None) -> Page:
    """PAGE of them, older than the cursor `before`; one query.

    As everywhere, an ex-member sees what was sent until leaving; without a role in any school
    nobody sees files.
    """
    if shelf is Shelf.LINKS:
        rows = db.session.execute(_links(own, before))
        return _page([_kept(row, links=addresses_in(row.text)) for row in rows])
    if not may_see_files(own):
        return Page((), None)
    rows = db.session.execute(_files(own, shelf, before))
    return _page([_kept(row, file=shown(row)) for row in rows])


def _page(found: list[Kept]) -> Page:
    return Page(tuple(found[:PAGE]), found[PAGE - 1].cursor if len(found) > PAGE else None)


def _files(own: OwnChat, shelf: Shelf, before: int | None) -> Select[*tuple[Any, ...]]:
    query = (
        views()
        .add_columns(Attachment.id.label("cursor"), *_SENT)
        .join(Message, Message.id == Attachment.message_id)
        .outerjoin(Profile, Profile.id == Message.author_id)
        .where(
            Attachment.chat_id == own.id,
            Attachment.kind.in_(KINDS[shelf]),
            Message.seq <= own.readable_seq,
        )
        .order_by(Attachment.id.desc())
        .limit(PAGE + 1)
    )
    return query.where(Attachment.id < before) if before is not None else query


def _links(own: OwnChat, before: int | None) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(Message.text, Message.seq.label("cursor"), *_SENT)
        .outerjoin(Profile, Profile.id == Message.author_id)
        .where(
            Message.chat_id == own.id,
            Message.kind == MessageKind.TEXT,
            Message.seq <= own.readable_seq,
            or_(Message.text.contains("http://"), Message.text.contains("https://")),
        )
        .order_by(Message.seq.desc())
        .limit(PAGE + 1)
    )
    if own.left_at is not None:  # what was changed later is not for who had left
        query = query.where(or_(Message.edited_at.is_(None), Message.edited_at <= own.left_at))
    return query.where(Message.seq < before) if before is not None else query


_SENT = (
    Message.client_id,
    Message.created_at.label("at"),
    Profile.given_name,
    Profile.family_name,
)


def _kept(row: Any, *, file: AttachmentView | None = None, links: tuple[str, ...] = ()) -> Kept:
    return Kept(
        cursor=row.cursor,
        client_id=row.client_id,
        author_name=joined(row.given_name, row.family_name),
        at=row.at,
        file=file,
        links=links,
    )

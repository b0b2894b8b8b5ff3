"""Attachments and their message: joined when it is sent, copied when it is forwarded, gone with it.

All three work inside the caller's `writing()`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import delete, insert, or_, select, update

from app.core import clock, files, tokens
from app.core.db import db
from app.core.errors import Invalid
from app.core.transaction import publish, writing
from app.messenger.attachments.models import (
    DRAFT_AGE,
    MAX_IN_MESSAGE,
    Attachment,
    AttachmentKind,
)
from app.messenger.chats.lookup import OwnChat
from app.messenger.facts import FilesForgotten
from app.messenger.messages.models import Message

COPIED = (
    "kind", "name", "content_type", "size", "key", "thumb_key",
    "width", "height", "duration", "peaks", "position",
)  # fmt: skip


def attach(own: OwnChat, message_id: int, drafts: Sequence[str]) -> None:
    """Give these drafts (public ids, in order) of this member to its new message.

    Raises:
        Invalid: one of them is not there, is another's, or is sent already; more than ten.
    """
    wanted = list(dict.fromkeys(drafts))
    if not wanted:
        return
    if len(wanted) > MAX_IN_MESSAGE:
        raise Invalid(
            lazy_gettext(
                "К сообщению прикрепляют не больше %(limit)s файлов.", limit=MAX_IN_MESSAGE
            )
        )
    kinds = {}
    for position, public_id in enumerate(wanted):
        kinds[public_id] = db.session.scalar(
            update(Attachment)
            .where(
                Attachment.public_id == public_id,
                Attachment.chat_id == own.id,
                Attachment.author_id == own.profile_id,
                Attachment.message_id.is_(None),
            )
            .values(message_id=message_id, position=position)
            .returning(Attachment.kind)
        )
    if None in kinds.values():
        raise Invalid(lazy_gettext("Файл не дождался отправки. Прикрепите его ещё раз."))
    _mark(message_id, kinds[wanted[0]])


def keep_drafts(own: OwnChat, drafts: Sequence[str]) -> None:
    """These drafts of this member wait for a message that is sent later: a day from now on.

    Raises:
        Invalid: as `attach`.
    """
    wanted = set(drafts)
    found = db.session.execute(
        update(Attachment)
        .where(
            Attachment.public_id.in_(wanted),
            Attachment.chat_id == own.id,
            Attachment.author_id == own.profile_id,
            Attachment.message_id.is_(None),
        )
        .values(created_at=clock.now())
        .returning(Attachment.id)
    ).all()
    if len(found) < len(wanted) or len(wanted) > MAX_IN_MESSAGE:
        raise Invalid(lazy_gettext("Файл не дождался отправки. Прикрепите его ещё раз."))


def copy_attachments(source_id: int, own: OwnChat, message_id: int) -> None:
    """Forwarding: `message_id` in the chat `own` shows the same files as message `source_id`.

    The bytes are not copied. That the forwarding member may read the source is asked by the caller.
    """
    columns = [getattr(Attachment, name) for name in COPIED]
    rows = db.session.execute(
        select(*columns).where(Attachment.message_id == source_id).order_by(Attachment.position)
    ).all()
    if not rows:
        return
    db.session.execute(
        insert(Attachment),
        [
            dict(row._mapping)
            | {
                "public_id": tokens.public_id(),
                "chat_id": own.id,
                "author_id": own.profile_id,
                "message_id": message_id,
                "created_at": clock.now(),
            }
            for row in rows
        ],
    )
    _mark(message_id, rows[0].kind)


def forget(message_id: int) -> None:
    """The message is deleted: its files are nobody's, and their bytes go after the commit."""
    _forget(Attachment.message_id == message_id)


def forget_old_drafts() -> int:
    """Drafts that nobody has sent within a day go; returns how many."""
    with writing():
        return _forget(
            Attachment.message_id.is_(None) & (Attachment.created_at < clock.now() - DRAFT_AGE)
        )


def erase(fact: FilesForgotten) -> None:
    """Remove the bytes that no attachment names any more (after the commit)."""
    for key in set(fact.keys) - set(still_named(fact.keys)):
        files.delete(key)


def still_named(keys: Collection[str]) -> Collection[str]:
    """Of these keys of the store, those that an attachment names."""
    named: set[str] = set()
    wanted = list(keys)
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        rows = db.session.execute(
            select(Attachment.key, Attachment.thumb_key).where(
                or_(Attachment.key.in_(part), Attachment.thumb_key.in_(part))
            )
        )
        named.update(key for row in rows for key in row if key)
    return named & set(wanted)


def install(app: Flask) -> None:
    """Keep the store's sweep from files that attachments name."""
    with app.app_context():
        files.claim(still_named)


def _forget(which: object) -> int:
    rows = db.session.execute(
        delete(Attachment)
        .where(which)  # type: ignore[arg-type]
        .returning(Attachment.key, Attachment.thumb_key)
    ).all()
    keys = tuple(key for row in rows for key in row if key)
    if keys:
        publish(FilesForgotten(keys))
    return len(rows)


def _mark(message_id: int, kind: AttachmentKind | None) -> None:
    """The message says what it carries, so that lists need not look."""
    db.session.execute(
        update(Message).where(Message.id == message_id).values(carries=kind and kind.value)
    )

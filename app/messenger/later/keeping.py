"""Keeping a message until the morning, and sending it then, now, or never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, and_, delete, func, select, update

from app.core import clock
from app.core.config import current_settings
from app.core.db import db
from app.core.errors import Conflict, Missing, Problem
from app.core.quiet import quiet_from
from app.core.transaction import writing
from app.messenger.attachments import attaching
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import Action
from app.messenger.later.models import LaterMessage
from app.messenger.later.morning import morning_after
from app.messenger.messages.finding import message_in
from app.messenger.messages.mentions import called_by
from app.messenger.messages.sending import first_sent, send_message
from app.messenger.messages.text import check_client_id, clean_text

log = structlog.get_logger(__name__)
MOST_IN_CHAT = 20
AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message of one's own that waits. `files` counts them."""

    client_id: str
    text: str
    files: int
    send_at: dt.datetime
    is_refused: bool


def next_morning() -> dt.datetime | None:
    """When the school's quiet hours end, in its time; None when they do not hold now."""
    settings = current_settings()
    now = clock.local(settings.time_zone)
    return morning_after(now, quiet_from(settings.quiet_hours))


def waiting_in(own: OwnChat) -> list[Waiting]:
    """What this member has waiting in the chat, in the order it will be sent; one query."""
    rows = db.session.scalars(
        select(LaterMessage)
        .where(LaterMessage.author_id == own.profile_id, LaterMessage.chat_id == own.id)
        .order_by(LaterMessage.send_at, LaterMessage.id)
    )
    return [
        Waiting(
            client_id=row.client_id,
            text=row.text,
            files=len(row.attachments),
            send_at=row.send_at,
            is_refused=row.is_refused,
        )
        for row in rows
    ]


def keep(
    profile_id: int,
    chat: str,
    client_id: str,
    text: str,
    *,
    reply_to: str = "",
    attachments: Sequence[str] = (),
) -> None:
    """Send it when the quiet hours end; at once when they have ended meanwhile. Twice is once.

    What would be refused now is refused now; in the morning everything is asked again.

    Raises:
        As `send_message`. Conflict: too many wait in this chat already.
    """
    text = clean_text(text, may_be_empty=bool(attachments))
    check_client_id(client_id)
    send_at = next_morning()
    if send_at is None:
        send_message(profile_id, chat, client_id, text, reply_to=reply_to, attachments=attachments)
        return
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        own.require(Action.WRITE)
        if first_sent(own, client_id) is not None or _is_kept(own, client_id):
            return
        if reply_to:
            message_in(own, reply_to)
        called_by(own, text)
        attaching.keep_drafts(own, attachments)
        count = session.scalar(select(func.count()).select_from(LaterMessage).where(_mine(own)))
        if (count or 0) >= MOST_IN_CHAT:
            raise Conflict(
                lazy_gettext("Утра ждёт уже слишком много сообщений. Отправьте или удалите часть.")
            )
        session.add(
            LaterMessage(
                chat_id=own.id,
                author_id=profile_id,
                client_id=client_id,
                text=text,
                reply_to=reply_to,
                attachments=list(dict.fromkeys(attachments)),
                send_at=send_at.astimezone(dt.UTC),
            )
        )


def send_now(profile_id: int, chat: str, client_id: str) -> None:
    """Do not wait for the morning.

    Raises:
        Missing: nothing of this member waits there by this id. And as `send_message`.
    """
    own = chats_of(profile_id).get(chat)
    row = db.session.scalar(
        select(LaterMessage).where(_mine(own), LaterMessage.client_id == client_id)
    )
    if row is None:
        raise Missing(lazy_gettext("Этого сообщения здесь уже нет: оно отправлено или удалено."))
    _send(row.id, row, chat)


def cancel(profile_id: int, chat: str, client_id: str) -> None:
    """Say nothing in the morning; twice is once. Its files are swept as any that were not sent."""
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        session.execute(delete(LaterMessage).where(_mine(own), LaterMessage.client_id == client_id))


def send_due() -> int:
    """Send what has waited long enough; how many. One query when there is nothing."""
    rows = db.session.execute(
        select(LaterMessage, Chat.public_id)
        .join(Chat, Chat.id == LaterMessage.chat_id)
        .where(LaterMessage.send_at <= clock.now(), LaterMessage.is_refused.is_(False))
        .order_by(LaterMessage.send_at, LaterMessage.id)
        .limit(AT_ONCE)
    ).all()
    due = [(row.LaterMessage.id, row.public_id) for row in rows]
    sent = 0
    for later_id, chat in due:
        row = db.session.get(LaterMessage, later_id)
        if row is None:
            continue
        try:
            _send(later_id, row, chat)
            sent += 1
        except Problem as problem:
            log.info("a waiting message was refused", reason=type(problem).__name__)
            with writing() as session:
                session.execute(
                    update(LaterMessage).where(LaterMessage.id == later_id).values(is_refused=True)
                )
    return sent


def _send(later_id: int, row: LaterMessage, chat: str) -> None:
    """Send, then forget: a crash in between finds the message sent the next time."""
    send_message(
        row.author_id,
        chat,
        row.client_id,
        row.text,
        reply_to=row.reply_to,
        attachments=row.attachments,
    )
    with writing() as session:
        session.execute(delete(LaterMessage).where(LaterMessage.id == later_id))


def _mine(own: OwnChat) -> ColumnElement[bool]:
    return and_(LaterMessage.chat_id == own.id, LaterMessage.author_id == own.profile_id)


def _is_kept(own: OwnChat, client_id: str) -> bool:
    """Raises Conflict when the id is somebody else's."""
    author = db.session.scalar(
        select(LaterMessage.author_id).where(
            LaterMessage.chat_id == own.id, LaterMessage.client_id == client_id
        )
    )
    if author is not None and author != own.profile_id:
        raise Conflict(lazy_gettext("Сообщение не отправлено. Обновите страницу и повторите."))
    return author is not None

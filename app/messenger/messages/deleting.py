"""Deleting a message for everybody: the words go at once, a trace stays where it stood."""

from __future__ import annotations

from sqlalchemy import delete, update

from app.core import audit, clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.attachments import attaching
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.messages.changing import answers_to, mark_changed
from app.messenger.messages.finding import message_in
from app.messenger.messages.models import Mention, Message, Reaction
from app.messenger.messages.pinning import unpin_deleted
from app.messenger.polls import voting


def deletable(profile_id: int, chat: str, client_id: str) -> Message:
    """The message that this profile may delete: its own, or any where it leads the chat.

    Raises:
        Missing: no such chat or message. Denied: it may not.
    """
    return _deletable(chats_of(profile_id).get(chat), client_id)


def delete_message(profile_id: int, chat: str, client_id: str) -> int:
    """Delete it for everybody; returns its id. A second click finds it deleted.

    Decision: the text is erased, not hidden: what a child regrets must be nowhere, neither in
    the answers that quote it nor above the chat. Who deleted somebody else's words, and where,
    stays in the audit log.

    Raises:
        Missing, Denied: as `deletable`.
    """
    with writing():
        own = chats_of(profile_id).get(chat)
        message = _deletable(own, client_id)
        if message.deleted_at is not None:
            return message.id
        if message.author_id != profile_id:
            audit.note(
                actor=f"profile:{own.profile_id}",
                action="message.deleted",
                subject=f"chat:{own.public_id}",
                seq=message.seq,
                author=message.author.public_id if message.author else "",
            )
        wipe(message, by=profile_id)
        return message.id


def wipe(message: Message, *, by: int | None) -> None:
    """Erase it, within `writing()`. `by` is the profile that did; None: the school decided so."""
    session = db.session
    for kind in (Mention, Reaction):
        session.execute(delete(kind).where(kind.message_id == message.id))
    attaching.forget(message.id)
    voting.forget(message.id)
    unpin_deleted(message.chat_id, message.seq)
    session.execute(
        update(Message)
        .where(Message.id == message.id)
        .values(
            text="",
            carries=None,
            mentions_all=False,
            forwarded_from_id=None,
            reply_to_id=None,
            deleted_at=clock.now(),
            deleted_by_id=by,
        )
    )
    mark_changed(message.chat_id, [message.id])
    mark_changed(message.chat_id, answers_to(message.id), is_quiet=True)


def _deletable(own: OwnChat, client_id: str) -> Message:
    message = message_in(own, client_id)
    own.require(Action.WRITE if message.author_id == own.profile_id else Action.DELETE_ANY)
    return message

"""Editing one's own message: the words change, the place stays, «изменено» stands beside them."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext
from sqlalchemy import update

from app.core import clock
from app.core.errors import Denied
from app.core.transaction import publish, writing
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.facts import PinChanged
from app.messenger.messages.changing import answers_to, mark_changed
from app.messenger.messages.finding import living
from app.messenger.messages.mentions import called_by, keep_mentions
from app.messenger.messages.models import Message
from app.messenger.messages.text import clean_text
from app.messenger.polls.viewing import POLL

# Decision: two days, as people know it from other messengers: what a class has long acted upon
# is corrected by a new message.
EDITABLE_FOR = dt.timedelta(hours=48)


def editable(profile_id: int, chat: str, client_id: str) -> Message:
    """The message that this profile may edit.

    Raises:
        Missing: no such chat or message. Denied: somebody else's, forwarded, a poll, or too old.
    """
    return _editable(chats_of(profile_id).get(chat), client_id)


def edit_message(profile_id: int, chat: str, client_id: str, text: str) -> int:
    """Put these words in the place of the old ones; returns the message's id.

    The same words change nothing. The old ones are not kept.

    Raises:
        Missing, Denied: as `editable`; also when it calls everybody and may not.
        Invalid: the text is empty or too long.
    """
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        message = _editable(own, client_id)
        text = clean_text(text, may_be_empty=message.carries is not None)
        called = called_by(own, text)
        if text == message.text:
            return message.id
        session.execute(
            update(Message).where(Message.id == message.id).values(text=text, edited_at=clock.now())
        )
        keep_mentions(own, message.id, message.seq, called)
        mark_changed(own.id, [message.id])
        if own.pinned_seq == message.seq:
            publish(PinChanged(own.id))
        mark_changed(own.id, answers_to(message.id), is_quiet=True)
        return message.id


def _editable(own: OwnChat, client_id: str) -> Message:
    message = living(own, client_id)
    own.require(Action.WRITE)
    if message.author_id != own.profile_id:
        raise Denied(lazy_gettext("Изменить можно только своё сообщение."))
    if message.forwarded_from_id is not None:
        raise Denied(lazy_gettext("Пересланное сообщение не изменить: это чужие слова."))
    if message.carries == POLL:
        raise Denied(lazy_gettext("Опрос не изменить: голоса отданы за то, что в нём написано."))
    if clock.now() - message.created_at > EDITABLE_FOR:
        raise Denied(lazy_gettext("Изменить сообщение можно в течение двух суток. Напишите новое."))
    return message

"""Forwarding: the words and their first author go to another chat; of where they were said nothing
goes along.
"""

from __future__ import annotations

from app.core.errors import Missing
from app.core.transaction import writing
from app.messenger.attachments.attaching import copy_attachments
from app.messenger.chats.lookup import NO_CHAT, chats_of
from app.messenger.chats.rights import Action
from app.messenger.messages.finding import living
from app.messenger.messages.models import Message
from app.messenger.messages.sending import Sent, first_sent, store
from app.messenger.messages.text import check_client_id


def forwardable(profile_id: int, chat: str, client_id: str) -> Message:
    """The message that this profile may forward: any that it may read.

    Raises:
        Missing: no such chat or message.
    """
    return living(chats_of(profile_id).get(chat), client_id)


def forward_message(
    profile_id: int, chat: str, client_id: str, *, to: str, new_client_id: str
) -> Sent:
    """Send what the message says now into chat `to`; a resend of `new_client_id` finds the first.

    Decision: a forwarded message calls nobody, whatever «@» stands in it: the first author
    did not speak to this chat.

    Raises:
        Missing: no such message, or no such chat to send it to. Denied: it may not write there.
        Conflict: `new_client_id` already names another message.
    """
    check_client_id(new_client_id)
    if not to:
        raise Missing(NO_CHAT)
    with writing():
        message = forwardable(profile_id, chat, client_id)
        target = chats_of(profile_id).get(to)
        first = first_sent(target, new_client_id)
        if first is not None:
            return first
        target.require(Action.WRITE)
        sent = store(
            target,
            new_client_id,
            message.text,
            forwarded_from_id=message.forwarded_from_id or message.author_id,
        )
        copy_attachments(message.id, target, sent.message_id)
        return sent

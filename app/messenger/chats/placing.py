"""How a chat stands in one member's own list: pinned, without sound, marked unread.

Nobody else sees it, and it asks for no right: it is the member's own shelf.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import update

from app.core import clock
from app.core.errors import Invalid
from app.core.transaction import publish, writing
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Member
from app.messenger.chats.rights import Action
from app.messenger.facts import ChatPlaced

FOREVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


class Placing(StrEnum):
    """What the menu of a row offers."""

    PIN = "pin"
    UNPIN = "unpin"
    MUTE_HOUR = "mute_hour"
    MUTE_8_HOURS = "mute_8_hours"
    MUTE = "mute"
    UNMUTE = "unmute"
    MARK_UNREAD = "mark_unread"
    READ = "read"


QUIET: Mapping[Placing, dt.timedelta] = {
    Placing.MUTE_HOUR: dt.timedelta(hours=1),
    Placing.MUTE_8_HOURS: dt.timedelta(hours=8),
}


def placing_from(value: str) -> Placing:
    """A choice that came from outside.

    Raises:
        Invalid: there is no such choice.
    """
    try:
        return Placing(value)
    except ValueError:
        raise Invalid(lazy_gettext("Выберите действие в меню чата.")) from None


def place_chat(profile_id: int, chat: str, how: Placing) -> None:
    """Change where and how the chat stands in this profile's list. Twice is the same as once.

    Raises:
        Missing: the profile never was in the chat.
        Denied: it has left, and asks for what only members have (sound, unread).
    """
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        if how not in (Placing.PIN, Placing.UNPIN):
            own.require(Action.SEE_MEMBERS)
        session.execute(
            update(Member)
            .where(Member.chat_id == own.id, Member.profile_id == profile_id)
            .values(_values(how, own))
        )
        publish(ChatPlaced(own.id, profile_id))


def _values(how: Placing, own: OwnChat) -> dict[str, Any]:
    now = clock.now()
    if how in QUIET:
        return {"muted_until": now + QUIET[how]}
    values: dict[Placing, dict[str, Any]] = {
        Placing.PIN: {"pinned_at": now},
        Placing.UNPIN: {"pinned_at": None},
        Placing.MUTE: {"muted_until": FOREVER},
        Placing.UNMUTE: {"muted_until": None},
        Placing.MARK_UNREAD: {"is_marked_unread": True},
        Placing.READ: {
            "is_marked_unread": False,
            "texts_read": Member.texts_read + own.unread,
            "read_seq": own.last_seq,
        },
    }
    return values[how]

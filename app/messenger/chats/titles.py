"""How a chat is called. A direct chat bears the name of the other person, different for each."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.identity.profiles import Profile
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import ChatKind

Peer = aliased(Profile, name="peer")
"""The other one of a direct chat: outer-join it by `is_peer`."""


def is_peer(profile_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """`Peer` is the one of the chat's pair who is not `profile_id`."""
    return Peer.id == Chat.pair_low_id + Chat.pair_high_id - profile_id


def shown_title() -> ColumnElement[str]:
    """«Анна Петровна Иванова» for a direct chat, the chat's own title for others."""
    name = Peer.given_name + " " + Peer.patronymic + " " + Peer.family_name
    return case(
        (Chat.kind == ChatKind.DIRECT, func.coalesce(func.replace(name, "  ", " "), Chat.title)),
        else_=Chat.title,
    )

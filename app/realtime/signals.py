"""What is never stored: who is typing and who is here. Heard from sockets, told to those who have
the chat open.
"""

from __future__ import annotations

import time
from collections.abc import Set
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.core.language import LANGUAGES
from app.identity.profiles import Profile
from app.messenger.chats.lookup import OwnChat
from app.messenger.chats.seen import direct_chats_of
from app.messenger.presence import presence
from app.realtime.channels import chat_room
from app.realtime.server import is_anyone_in, socketio

TYPING_EVERY = 2.0
KEPT = 5_000
_typed: dict[tuple[int, str], float] = {}
_whose: dict[str, int] = {}


def tell_typing(own: OwnChat, sid: str) -> None:
    """Others who have the chat open see it for some seconds; at most once in TYPING_EVERY."""
    key, now = (own.profile_id, own.public_id), time.monotonic()
    if now - _typed.get(key, -TYPING_EVERY) < TYPING_EVERY:
        return
    _typed.pop(key, None)  # put last: the oldest is forgotten first
    _typed[key] = now
    if len(_typed) > KEPT:
        del _typed[next(iter(_typed))]
    row = db.session.execute(
        select(Profile.public_id, Profile.given_name, Profile.family_name).where(
            Profile.id == own.profile_id
        )
    ).one()
    told = {
        "chat": own.public_id,
        "by": row.public_id,
        "name": f"{row.given_name} {row.family_name}",
    }
    _emit("typing", told, own.public_id, skip_sid=sid)


def forget_all() -> None:
    """A new server: nobody is here yet."""
    _whose.clear()
    _typed.clear()
    presence.forget_all()


def came(profile_id: int, sid: str) -> None:
    """A socket of this profile was opened."""
    _whose[sid] = profile_id
    if presence.came(profile_id):
        _tell_presence(profile_id)


def went(sid: str) -> None:
    """This socket was closed."""
    profile_id = _whose.pop(sid, None)
    if profile_id is not None and presence.went(profile_id):
        _tell_presence(profile_id)


def windows_of(profile_ids: Set[int], *, but: Set[str]) -> list[str]:
    """Open sockets of these profiles, without those in `but`."""
    return [sid for sid in _whose.keys() - but if _whose[sid] in profile_ids]


def windows_count() -> int:
    """How many sockets are open."""
    return len(_whose)


def _tell_presence(profile_id: int) -> None:
    # Decision: at once only between two: in a chat of five hundred it would cost 500 x 500.
    # A page of a bigger chat asks again every minute (templates/messenger/_chat.html).
    for public_id in direct_chats_of(profile_id):
        _emit("presence", {"chat": public_id}, public_id)


def _emit(event: str, told: dict[str, Any], public_id: str, skip_sid: str | None = None) -> None:
    here = [room for language in LANGUAGES if is_anyone_in(room := chat_room(public_id, language))]
    if here:  # an empty list of rooms would mean everybody
        socketio.emit(event, told, to=here, skip_sid=skip_sid)

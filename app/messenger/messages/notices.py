"""What the system tells in a chat («Иванова А. присоединилась к чату»): stored as data, put into
words in the reader's language (`notice_words`). It has no author and is never unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from app.core import clock, tokens
from app.core.db import db
from app.core.transaction import publish
from app.identity.profiles import Profile
from app.messenger.chats.models import Chat
from app.messenger.facts import MessageSent
from app.messenger.messages.models import Message, MessageKind

NAMED = 3
MAX_WORD = 200


class NoticeEvent(StrEnum):
    """What happened to a chat. The sentence of each is in `notice_words`."""

    CREATED = "created"
    JOINED = "joined"
    CAME_BY_LINK = "came_by_link"
    INVITED = "invited"
    LEFT = "left"
    GONE = "gone"
    REMOVED = "removed"
    RENAMED = "renamed"
    PHOTO_CHANGED = "photo_changed"
    INFO_CHANGED = "info_changed"
    APPEARANCE_CHANGED = "appearance_changed"
    RIGHTS_CHANGED = "rights_changed"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    APPOINTED = "appointed"
    DISMISSED = "dismissed"
    HANDED_OVER = "handed_over"
    ARCHIVED = "archived"
    RESTORED = "restored"
    CALL_STARTED = "call_started"
    CALL_ENDED = "call_ended"
    POLL_CLOSED = "poll_closed"


@dataclass(frozen=True)
class Named:
    """«Иванова А.» as she was called then; `gender` is «f», «m» or empty when the name hides it."""

    name: str
    gender: str = ""


@dataclass(frozen=True)
class Notice:
    """A stored notice. `count` is of all whom it is about; `whom` names the first of them."""

    event: NoticeEvent
    by: Named | None
    whom: tuple[Named, ...]
    count: int
    words: tuple[tuple[str, str], ...]


def post_notice(
    chat_id: int,
    event: NoticeEvent,
    *,
    by: int | None = None,
    whom: Sequence[int] = (),
    about: int | None = None,
    **words: str,
) -> int:
    """Tell it in the chat, within an open `writing()`; returns the message's id.

    `by` did it, `whom` it is about (profile ids; many make one notice); `words` are what else
    the sentence of `event` needs, such as `title`. `about` is the id of a message of this chat that
    the notice leads to: its words are quoted as long as they stand there.
    """
    names = _names({*whom[:NAMED], *([] if by is None else [by])})
    data = {
        "event": event.value,
        "by": names.get(by) if by is not None else None,
        "whom": [names[profile] for profile in whom[:NAMED] if profile in names],
        "count": len(whom),
        "words": {name: _short(word) for name, word in words.items()},
    }
    now = clock.now()
    session = db.session
    seq = session.execute(
        update(Chat)
        .where(Chat.id == chat_id)
        .values(last_seq=Chat.last_seq + 1, last_message_at=now)
        .returning(Chat.last_seq)
    ).scalar_one()
    message_id = session.execute(
        insert(Message)
        .values(
            chat_id=chat_id,
            seq=seq,
            client_id=tokens.public_id(),
            kind=MessageKind.SYSTEM,
            text="",
            notice=data,
            reply_to_id=about,
            created_at=now,
        )
        .returning(Message.id)
    ).scalar_one()
    publish(MessageSent(message_id, chat_id))
    return message_id


def notice_from(data: Mapping[str, Any] | None) -> Notice | None:
    """A stored notice as a value; None for what a person wrote."""
    if not data:
        return None
    by = data["by"]
    return Notice(
        event=NoticeEvent(data["event"]),
        by=Named(**by) if by else None,
        whom=tuple(Named(**one) for one in data["whom"]),
        count=data["count"],
        words=tuple(sorted(data["words"].items())),
    )


def gender_of(family: str, patronymic: str) -> str:
    """«f» or «m» as a Russian patronymic or family name shows it; else empty."""
    rules = (
        (patronymic.lower(), ("вна", "чна", "шна", "кызы", "қызы"), ("ич", "оглы", "улы", "ұлы")),
        (family.lower(), ("ова", "ева", "ёва", "ина", "ына", "ская", "цкая"), MALE_FAMILY),
    )
    for name, female, male in rules:
        if name.endswith(female):
            return "f"
        if name.endswith(male):
            return "m"
    return ""


MALE_FAMILY = ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий")


def _names(profile_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    rows = db.session.execute(
        select(Profile.id, Profile.family_name, Profile.given_name, Profile.patronymic).where(
            Profile.id.in_(list(profile_ids))
        )
    )
    return {
        row.id: {
            "name": f"{row.family_name} {row.given_name[:1]}.",
            "gender": gender_of(row.family_name, row.patronymic),
        }
        for row in rows
    }


def _short(word: str) -> str:
    return word if len(word) <= MAX_WORD else f"{word[: MAX_WORD - 1]}…"

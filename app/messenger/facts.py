"""Facts of the messenger that other rooms react to (after commit)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class MessageSent:
    """A new message is stored."""

    message_id: int
    chat_id: int


@dataclass(frozen=True)
class MessageChanged:
    """A message that was sent before is another now (edited, deleted, reacted to).

    `is_quiet`: nothing changed that the list of chats shows.
    """

    message_id: int
    chat_id: int
    is_quiet: bool = False


@dataclass(frozen=True)
class PinChanged:
    """Another message stands above the chat now, or none."""

    chat_id: int


@dataclass(frozen=True)
class MembersChanged:
    """Profiles (ids) joined or left this chat; their lists and sockets must follow."""

    chat_id: int
    joined: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True)
class ChatChanged:
    """The chat's head or rules are others now: title, photo, theme, settings, roles, archive."""

    chat_id: int


@dataclass(frozen=True)
class FilesForgotten:
    """Rows that named these keys of the file store are gone; the bytes may follow them."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class DirectChanged:
    """A direct chat was closed for new words, or opened again; both must see it at once."""

    chat_id: int
    profile_ids: tuple[int, int]


@dataclass(frozen=True)
class ChatRead:
    """A member read the chat up to message number `seq`."""

    chat_id: int
    profile_id: int
    seq: int


@dataclass(frozen=True)
class ChatPlaced:
    """A member pinned, muted or marked a chat in their own list."""

    chat_id: int
    profile_id: int


@dataclass(frozen=True)
class PollEnded:
    """The poll that this message carries has ended without its author's doing."""

    message_id: int


@dataclass(frozen=True)
class CaseDecided:
    """The school has decided about a message that these profiles complained of."""

    profile_ids: tuple[int, ...]


class CallNews(StrEnum):
    """What is new about a call: `STATE` is how people are in it (muted, hand raised, away)."""

    BEGAN = "began"
    PEOPLE = "people"
    STATE = "state"
    ENDED = "ended"


@dataclass(frozen=True)
class CallChanged:
    """A call began or ended, or its people are others now."""

    call_id: int
    chat_id: int
    news: CallNews


class PutOutWhy(StrEnum):
    """Why a window is no longer in a call, though nobody there has left it."""

    ELSEWHERE = "elsewhere"
    REMOVED = "removed"


@dataclass(frozen=True)
class PutOut:
    """The window (a socket) has lost its seat in the call of this public id."""

    window: str
    call: str
    why: PutOutWhy

"""Who has read what. A member has read a message when their reading mark stands at it or below,
and they were in the chat when it was said.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import exists, func, select

from app.core.db import db
from app.core.errors import Denied
from app.identity.profiles import Profile
from app.messenger.chats.lookup import OwnChat
from app.messenger.chats.models import Member
from app.messenger.chats.rights import Action
from app.messenger.messages.models import Message


@dataclass(frozen=True)
class Reader:
    """A member, and whether they have read the message."""

    public_id: str
    name: str
    has_read: bool


@dataclass(frozen=True)
class Readers:
    """Members of now who were there when the message was said, its author apart."""

    read: tuple[Reader, ...]
    unread: tuple[Reader, ...]

    @property
    def total(self) -> int:
        return len(self.read) + len(self.unread)


def read_by_others(own: OwnChat) -> int:
    """The number of the newest message that somebody else has read (0: none); one query."""
    return (
        db.session.scalar(
            select(func.max(Member.read_seq)).where(
                Member.chat_id == own.id,
                Member.profile_id != own.profile_id,
                Member.left_at.is_(None),
                Member.read_seq > Member.joined_seq,
            )
        )
        or 0
    )


def first_reader(chat_id: int, profile_id: int, seq: int) -> str:
    """The reader's public id when nobody else but the author has read message `seq`; else empty."""
    author = select(Message.author_id).where(Message.chat_id == chat_id, Message.seq == seq)
    others = exists().where(
        Member.chat_id == chat_id,
        Member.profile_id.not_in((profile_id,)),
        Member.profile_id != func.coalesce(author.scalar_subquery(), 0),
        Member.left_at.is_(None),
        Member.read_seq >= seq,
        Member.joined_seq < seq,
    )
    query = select(Profile.public_id).where(Profile.id == profile_id, ~others)
    return db.session.scalar(query) or ""


def readers_of(own: OwnChat, message: Message) -> Readers:
    """Who has read the message and who has not yet, by family name; one query.

    How many is for its author; who they are is for those who lead the chat (SEE_READERS), whom
    the page shows the names.

    Raises:
        Denied: neither.
    """
    own.require(Action.SEE_MEMBERS)
    if message.author_id != own.profile_id and not own.can(Action.SEE_READERS):
        raise Denied(lazy_gettext("Кто прочитал сообщение, видят его автор и ведущие чата."))
    rows = db.session.execute(
        select(
            Profile.public_id,
            Profile.given_name,
            Profile.patronymic,
            Profile.family_name,
            Member.read_seq,
        )
        .join(Profile, Profile.id == Member.profile_id)
        .where(
            Member.chat_id == own.id,
            Member.left_at.is_(None),
            Member.profile_id != message.author_id,
            Member.joined_seq < message.seq,
        )
        .order_by(Profile.family_name, Profile.given_name, Profile.id)
    )
    people = [
        Reader(
            row.public_id,
            " ".join(p for p in (row.given_name, row.patronymic, row.family_name) if p),
            row.read_seq >= message.seq,
        )
        for row in rows
    ]
    return Readers(
        tuple(one for one in people if one.has_read),
        tuple(one for one in people if not one.has_read),
    )

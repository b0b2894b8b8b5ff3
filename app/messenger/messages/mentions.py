"""Mentions: stored with the message, counted for those who are called, and suggestions of names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import delete, exists, func, insert, or_, select, update

from app.core.db import db
from app.core.errors import Denied
from app.identity.profiles import Profile
from app.messenger.chats.lookup import OwnChat
from app.messenger.chats.models import Member
from app.messenger.chats.rights import Action
from app.messenger.messages.calling import Called, Person, called_in, calls_everybody
from app.messenger.messages.models import Mention, Message

NOT_EVERYBODY = lazy_gettext(
    "Упоминать всех в этом чате вам не разрешено. Уберите «@все» и отправьте ещё раз."
)


@dataclass(frozen=True)
class MentionView:
    """A called person (public id) and the name as it stands in the text."""

    public_id: str
    name: str


def called_by(own: OwnChat, text: str) -> Called:
    """Whom this member calls by this text among the members of now; names of others call nobody.

    Raises:
        Denied: it calls everybody, and this member may not.
    """
    if "@" not in text:
        return Called()
    if calls_everybody(text) and not own.can(Action.MENTION_ALL):
        raise Denied(NOT_EVERYBODY)
    return called_in(text, _people(own))


def keep_mentions(own: OwnChat, message_id: int, seq: int, called: Called) -> None:
    """Store who is called by the message (instead of those before), and count it for those who
    have not read it yet. Within `writing()`.
    """
    session = db.session
    before = set(
        session.scalars(
            delete(Mention).where(Mention.message_id == message_id).returning(Mention.profile_id)
        )
    )
    was_everybody = session.scalar(select(Message.mentions_all).where(Message.id == message_id))
    if called.people:
        rows = [
            {"message_id": message_id, "profile_id": profile, "name": name}
            for profile, name in called.people.items()
        ]
        session.execute(insert(Mention), rows)
    if called.everybody != was_everybody:
        session.execute(
            update(Message).where(Message.id == message_id).values(mentions_all=called.everybody)
        )
    fresh = called.people.keys() - before
    if was_everybody or not (fresh or called.everybody):
        return
    unread = update(Member).where(
        Member.chat_id == own.id,
        Member.left_at.is_(None),
        Member.read_seq < seq,
        Member.profile_id != own.profile_id,
    )
    if called.everybody:
        unread = unread.where(Member.profile_id.not_in(before))
    else:
        unread = unread.where(Member.profile_id.in_(fresh))
    session.execute(unread.values(unread_mentions=Member.unread_mentions + 1))


def unread_mentions(chat_id: int, profile_id: int, read_seq: int) -> int:
    """How many messages after number `read_seq` call this member."""
    called = exists().where(Mention.message_id == Message.id, Mention.profile_id == profile_id)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Message)
            .where(
                Message.chat_id == chat_id,
                Message.seq > read_seq,
                Message.author_id != profile_id,
                or_(Message.mentions_all, called),
            )
        )
        or 0
    )


def mentions_in(message_ids: Collection[int]) -> dict[int, tuple[MentionView, ...]]:
    """Who is called by each of these messages; one query."""
    if not message_ids:
        return {}
    found: dict[int, list[MentionView]] = {}
    for row in db.session.execute(
        select(Mention.message_id, Mention.name, Profile.public_id)
        .join(Profile, Profile.id == Mention.profile_id)
        .where(Mention.message_id.in_(message_ids))
        .order_by(Mention.message_id, Mention.profile_id)
    ):
        found.setdefault(row.message_id, []).append(MentionView(row.public_id, row.name))
    return {message_id: tuple(called) for message_id, called in found.items()}


@dataclass(frozen=True)
class Suggestion:
    """A member of the chat whom the composer offers after «@»."""

    public_id: str
    name: str


def suggestions(own: OwnChat) -> list[Suggestion]:
    """Everybody in the chat but the one who asks, by family name; one query.

    Raises:
        Denied: the asking member has left the chat.
    """
    own.require(Action.WRITE)
    rows = db.session.execute(
        select(Profile.public_id, Profile.given_name, Profile.patronymic, Profile.family_name)
        .join(Member, Member.profile_id == Profile.id)
        .where(
            Member.chat_id == own.id,
            Member.left_at.is_(None),
            Member.profile_id != own.profile_id,
        )
        .order_by(Profile.family_name, Profile.given_name, Profile.id)
    )
    return [
        Suggestion(
            row.public_id,
            " ".join(p for p in (row.given_name, row.patronymic, row.family_name) if p),
        )
        for row in rows
    ]


def _people(own: OwnChat) -> Sequence[Person]:
    rows = db.session.execute(
        select(Profile.id, Profile.given_name, Profile.patronymic, Profile.family_name)
        .join(Member, Member.profile_id == Profile.id)
        .where(Member.chat_id == own.id, Member.left_at.is_(None))
    )
    return [Person(row.id, row.given_name, row.patronymic, row.family_name) for row in rows]

"""Looking for messages and people, only in what the person may read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, case, column, func, or_, select, table, text

from app.core.db import db
from app.core.names import joined
from app.identity.profiles import Profile
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind
from app.messenger.messages.models import Message, MessageKind
from app.messenger.messages.search_index import VECTOR
from app.messenger.messages.words import Part, Wanted, excerpt, folded

PAGE = 20
MOST_PEOPLE = 8
FURTHEST = 500


@dataclass(frozen=True, kw_only=True)
class FoundMessage:
    """A message in the results, with a piece of its text."""

    chat: str
    title: str
    label: str
    client_id: str
    author: str
    author_name: str
    is_own: bool
    at: dt.datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class FoundPerson:
    """Somebody of the person's own chats, and where they meet: in a chat of two if there is one."""

    public_id: str
    name: str
    chat: str
    chat_title: str
    chat_label: str
    is_direct: bool


def find_messages(
    profile_id: int, looked_for: Wanted, *, chat_id: int | None = None, skip: int = 0
) -> list[FoundMessage]:
    """The newest PAGE + 1 messages (one more than is shown) with all the words, by one query.

    An ex-member finds what was said until leaving; the deleted is nowhere.
    """
    if not looked_for:
        return []
    query = _readable(profile_id).where(_match(looked_for)).limit(PAGE + 1)
    if chat_id is not None:
        query = query.where(Message.chat_id == chat_id)
    found = db.session.execute(query.offset(min(skip, FURTHEST))).all()
    return [_message(row, profile_id, looked_for) for row in found]


def _readable(profile_id: int) -> Select[*tuple[Any, ...]]:
    own = and_(
        Member.chat_id == Message.chat_id,
        Member.profile_id == profile_id,
        Message.seq <= func.coalesce(Member.left_seq, Message.seq),
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            Message.client_id,
            Message.text,
            Message.created_at,
            Message.author_id,
            Chat.public_id.label("chat"),
            Chat.title,
            Chat.label,
            Member.shows_label,
            Profile.public_id.label("author"),
            Profile.given_name,
            Profile.family_name,
        )
        .join(Member, own)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Profile, Profile.id == Message.author_id)
        .where(Message.kind == MessageKind.TEXT, Message.deleted_at.is_(None))
        .order_by(Message.id.desc())
    )
    return query


def _match(looked_for: Wanted) -> Any:
    """All the words, each quoted: what is typed never becomes an operator."""
    if db.engine.dialect.name == "sqlite":
        words = [f'"{_doubled(stem, chr(34))}"' for stem in looked_for.stems]
        if looked_for.start:
            words.append(f'"{_doubled(looked_for.start, chr(34))}" *')
        index = table("fts_messages", column("rowid"))
        match = text("fts_messages MATCH :words").bindparams(words=" ".join(words))
        return Message.id.in_(select(index.c.rowid).where(match))
    words = [f"'{_doubled(stem, chr(39))}'" for stem in looked_for.stems]
    if looked_for.start:
        words.append(f"'{_doubled(looked_for.start, chr(39))}':*")
    condition = text(f"{VECTOR} @@ CAST(:words AS tsquery)")
    return condition.bindparams(words=" & ".join(words))


def _doubled(word: str, quote: str) -> str:
    return word.replace(quote, quote * 2).replace("\\", "")


def _message(row: Row[Any], profile_id: int, looked_for: Wanted) -> FoundMessage:
    return FoundMessage(
        chat=row.chat,
        title=row.title,
        label=row.label if row.shows_label else "",
        client_id=row.client_id,
        author=row.author or "",
        author_name=joined(row.given_name, row.family_name),
        is_own=row.author_id == profile_id,
        at=row.created_at,
        parts=tuple(excerpt(row.text, looked_for)),
    )


def find_people(profile_id: int, typed: str) -> list[FoundPerson]:
    """People of the profile's chats whose names begin with all the typed words; one query.

    SQLite knows no upper and lower case of Cyrillic: it keeps those with the right first letter,
    the rest is looked at here.
    """
    words = folded(typed).split()
    if not words:
        return []
    rows = db.session.execute(_people(profile_id, words[0][0])).all()
    found = [_person(row) for row in rows if _is_called(row, words)]
    return sorted(found, key=lambda person: folded(person.name))[:MOST_PEOPLE]


def _people(profile_id: int, letter: str) -> Select[*tuple[Any, ...]]:
    mine = select(Member.chat_id).where(Member.profile_id == profile_id, Member.left_at.is_(None))
    letters = {letter, letter.upper()} | ({"ё", "Ё"} if letter == "е" else set())
    names = (Profile.family_name, Profile.given_name, Profile.patronymic)
    met = (
        select(
            Profile.id,
            func.coalesce(
                func.max(case((Chat.kind == ChatKind.DIRECT, Chat.id))), func.min(Chat.id)
            ).label("chat_id"),
        )
        .join(Member, Member.profile_id == Profile.id)
        .join(Chat, Chat.id == Member.chat_id)
        .where(
            Member.chat_id.in_(mine),
            Member.left_at.is_(None),
            Profile.id != profile_id,
            or_(*(func.substr(name, 1, 1).in_(sorted(letters)) for name in names)),
        )
        .group_by(Profile.id)
        .subquery()
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            Profile.public_id,
            *names,
            Chat.public_id.label("chat"),
            Chat.title,
            Chat.label,
            Chat.kind,
        )
        .join(met, met.c.id == Profile.id)
        .join(Chat, Chat.id == met.c.chat_id)
    )
    return query


def _is_called(row: Row[Any], words: list[str]) -> bool:
    names = folded(f"{row.family_name} {row.given_name} {row.patronymic}").split()
    return all(any(name.startswith(word) for name in names) for word in words)


def _person(row: Row[Any]) -> FoundPerson:
    names = (row.family_name, row.given_name, row.patronymic)
    return FoundPerson(
        public_id=row.public_id,
        name=" ".join(name for name in names if name),
        chat=row.chat,
        chat_title=row.title,
        chat_label=row.label,
        is_direct=row.kind is ChatKind.DIRECT,
    )

"""Storing told chats by bulk inserts: messages, then what refers to them by their ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core import clock, tokens
from app.demo.talk.casting import Stage
from app.demo.talk.enclosures import Enclosure, Shelf
from app.demo.talk.telling import CLOSED_AFTER, Said
from app.messenger.attachments.models import Attachment
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Mention, Message, MessageKind, Reaction
from app.messenger.polls.models import Poll, PollOption, PollVote
from app.messenger.polls.viewing import POLL

OPEN_FOR = dt.timedelta(days=6)


@dataclass
class History:
    """A chat and all that was said in it. `unread` says how many of the newest messages a profile
    has not read yet; who is not named has read all.
    """

    stage: Stage
    said: Sequence[Said]
    unread: Mapping[int, int] = field(default_factory=dict)


def write(session: Session, histories: Sequence[History]) -> None:
    """Everything of these chats, which were empty."""
    shelf = Shelf()
    session.execute(
        insert(Message),
        [
            _message(history.stage.chat_id, seq, one)
            for history in histories
            for seq, one in enumerate(history.said, 1)
        ],
    )
    chats = [history.stage.chat_id for history in histories]
    ids = {
        (row.chat_id, row.seq): row.id
        for row in session.execute(
            select(Message.id, Message.chat_id, Message.seq).where(Message.chat_id.in_(chats))
        )
    }
    placed = {
        id(one): ids[history.stage.chat_id, seq]
        for history in histories
        for seq, one in enumerate(history.said, 1)
    }
    everything = [(history, one) for history in histories for one in history.said]
    _insert(
        session,
        Reaction,
        [
            {"message_id": placed[id(one)], "profile_id": who.profile_id, "emoji": emoji, "at": at}
            for _history, one in everything
            for who, emoji, at in one.reactions
        ],
    )
    _insert(
        session,
        Mention,
        [
            {"message_id": placed[id(one)], "profile_id": who.profile_id, "name": who.name}
            for _history, one in everything
            for who in one.mentions
        ],
    )
    session.execute(
        update(Message),
        [
            {"id": placed[id(one)], "reply_to_id": placed[id(one.answers)]}
            for _history, one in everything
            if one.answers and not one.answers.is_deleted
        ],
    )
    _insert(
        session,
        Attachment,
        [
            _attachment(history.stage.chat_id, placed[id(one)], one, file)
            for history, one in everything
            for file in _files(shelf, one)
        ],
    )
    for _history, one in everything:
        if one.line and one.line.poll:
            _write_poll(session, placed[id(one)], one)
    _settle(session, histories)


def _message(chat_id: int, seq: int, one: Said) -> dict[str, Any]:
    carries = None
    if one.line:
        line = one.line
        carries = (
            (POLL if line.poll else None)
            or ("photo" if line.photo else None)
            or ("document" if line.doc else None)
            or ("voice" if line.voice_seconds else None)
        )
    is_edited = bool(one.line and "edited" in one.line.marks)
    soon = one.at + dt.timedelta(seconds=50)
    return {
        "chat_id": chat_id,
        "seq": seq,
        "author_id": one.author.profile_id if one.author else None,
        "client_id": tokens.public_id(),
        "kind": MessageKind.SYSTEM if one.notice else MessageKind.TEXT,
        "text": "" if one.is_deleted else one.text,
        "notice": one.notice,
        "mentions_all": "@все" in one.text,
        "created_at": one.at,
        "edited_at": soon if is_edited else None,
        "deleted_at": soon if one.is_deleted else None,
        "deleted_by_id": one.author.profile_id if one.is_deleted and one.author else None,
        "carries": carries,
    }


def _files(shelf: Shelf, one: Said) -> list[Enclosure]:
    line = one.line
    if line is None:
        return []
    found = []
    if line.photo:
        found.append(shelf.photo(line.photo))
    if line.doc:
        found.append(shelf.document(line.doc))
    if line.voice_seconds:
        found.append(shelf.voice(line.voice_seconds))
    return found


def _attachment(chat_id: int, message_id: int, one: Said, file: Enclosure) -> dict[str, Any]:
    return vars(file) | {
        "public_id": tokens.public_id(),
        "chat_id": chat_id,
        "message_id": message_id,
        "author_id": one.author.profile_id if one.author else None,
        "created_at": one.at,
    }


def _write_poll(session: Session, message_id: int, one: Said) -> None:
    told = one.line.poll if one.line else None
    if told is None:
        return
    poll = Poll(
        message_id=message_id,
        question=told.question,
        is_multiple=False,
        is_anonymous=told.per_child,
        may_revote=True,
        per_child=told.per_child,
        closes_at=one.at + (CLOSED_AFTER if told.is_closed else OPEN_FOR),
        closed_at=one.at + CLOSED_AFTER if told.is_closed else None,
    )
    session.add(poll)
    session.flush()
    options = [
        PollOption(poll_id=poll.id, position=position, text=text)
        for position, (text, _count) in enumerate(told.answers)
    ]
    session.add_all(options)
    session.flush()
    _insert(
        session,
        PollVote,
        [
            {
                "poll_id": poll.id,
                "option_id": options[answer].id,
                "ballot": ballot,
                "profile_id": who.profile_id,
                "voted_at": min(one.at + dt.timedelta(minutes=7 * number + 1), clock.now()),
            }
            for number, (who, ballot, answer) in enumerate(one.votes)
        ],
    )


def _settle(session: Session, histories: Sequence[History]) -> None:
    """What chats and members keep of their messages: newest, pinned, read."""
    chats, members = [], []
    for history in histories:
        said, stage = history.said, history.stage
        pinned = [seq for seq, one in enumerate(said, 1) if one.is_pinned]
        chats.append(
            {
                "id": stage.chat_id,
                "last_seq": len(said),
                "texts_count": sum(one.notice is None for one in said),
                "last_message_at": said[-1].at if said else None,
                "pinned_seq": pinned[-1] if pinned else None,
            }
        )
        rows = dict(
            session.execute(
                select(Member.profile_id, Member.id).where(Member.chat_id == stage.chat_id)
            ).all()
        )
        members += [
            {"id": rows[actor.profile_id], **_reading(history, actor.profile_id, actor.entered)}
            for actor in stage.actors
        ]
    session.execute(update(Chat), chats)
    session.execute(update(Member), members)


def _reading(history: History, profile_id: int, entered: dt.datetime) -> dict[str, Any]:
    """Where the member's reading mark stands: never before what the member wrote or came to."""
    said = history.said
    before = sum(one.at < entered for one in said)
    own = max(
        (
            seq
            for seq, one in enumerate(said, 1)
            if one.author and one.author.profile_id == profile_id
        ),
        default=0,
    )
    read = max(before, own, len(said) - history.unread.get(profile_id, 0))
    news = [one for one in said[read:] if one.notice is None]
    return {
        "joined_at": entered,
        "joined_seq": before,
        "read_seq": read,
        "texts_read": sum(one.notice is None for one in said) - len(news),
        "unread_mentions": sum(
            "@все" in one.text or profile_id in {who.profile_id for who in one.mentions}
            for one in news
        ),
    }


def _insert(session: Session, model: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(model), rows)

"""The end of a poll: by hand, or when its deadline has come."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, select, update

from app.core import clock
from app.core.db import db
from app.core.transaction import publish, writing
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Member
from app.messenger.chats.rights import Action
from app.messenger.facts import PollEnded
from app.messenger.messages.changing import mark_changed
from app.messenger.messages.models import Message
from app.messenger.messages.notices import NoticeEvent, post_notice
from app.messenger.polls.models import Poll, PollVote
from app.messenger.polls.voting import poll_in

AT_ONCE = 50
# Decision: what ended while the site stood still for longer is not told as news.
NEWS_FOR = dt.timedelta(days=1)


def close_poll(profile_id: int, chat: str, client_id: str) -> int:
    """End it now: its author, or who may delete messages here. Twice is no error.

    Returns the message's id.

    Raises:
        Missing: no such poll for this profile. Denied: it may not.
    """
    with writing():
        own = chats_of(profile_id).get(chat)
        poll, message = poll_in(own, client_id)
        own.require(Action.WRITE if message.author_id == profile_id else Action.DELETE_ANY)
        if poll.closed_at is None:
            _end(poll, message, by=profile_id)
        return message.id


def end_due() -> int:
    """End the polls whose deadline has come; how many. One query when there are none."""
    ended = 0
    for poll_id in db.session.scalars(_due().limit(AT_ONCE)).all():
        with writing() as session:
            poll = session.scalar(_due(Poll).where(Poll.id == poll_id).with_for_update())
            if poll is not None:  # no other process was first
                _end(poll, session.get_one(Message, poll.message_id), by=None)
                ended += 1
    return ended


def _due(what: type[Poll] | None = None) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(what if what is not None else Poll.id)
    return query.where(Poll.closed_at.is_(None), Poll.closes_at <= clock.now())


def _end(poll: Poll, message: Message, *, by: int | None) -> None:
    """The poll shows its results, the chat is told, and who asked finds it unread."""
    now = clock.now()
    ended_at = now if by is not None else poll.closes_at or now
    poll.closed_at = ended_at
    mark_changed(message.chat_id, [message.id], is_quiet=True)
    if message.chat.archived_at is not None or now - ended_at > NEWS_FOR:
        return
    votes = db.session.scalar(
        select(func.count(PollVote.ballot.distinct())).where(PollVote.poll_id == poll.id)
    )
    post_notice(
        message.chat_id, NoticeEvent.POLL_CLOSED, by=by, about=message.id, votes=str(votes or 0)
    )
    if by != message.author_id and message.author_id is not None:
        # Decision: the end of a poll is news for who asked; the others see it when they look.
        db.session.execute(
            update(Member)
            .where(
                Member.chat_id == message.chat_id,
                Member.profile_id == message.author_id,
                Member.left_at.is_(None),
            )
            .values(texts_read=Member.texts_read - 1)
        )
        publish(PollEnded(message.id))

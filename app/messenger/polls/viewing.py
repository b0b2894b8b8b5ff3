"""Polls as they are seen: by everybody in the message, and by one person beside it.

Decision: results are in the page for all who read the chat, and the page shows them once one has
voted or the poll is over: they should not sway, they are no secret.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.db import db
from app.identity.profiles import Profile
from app.messenger.chats.lookup import OwnChat
from app.messenger.chats.models import Chat
from app.messenger.messages.models import Message
from app.messenger.polls.ballots import ballot_of, is_over
from app.messenger.polls.models import Poll, PollOption, PollVote

POLL = "poll"
"""What a message with a poll says that it carries."""


@dataclass(frozen=True)
class OptionView:
    """An answer with its votes; `percent` of all ballots."""

    position: int
    text: str
    votes: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class PollView:
    """A poll as anybody in the chat sees it. `ballots` counts people, or children."""

    chat: str
    question: str
    options: tuple[OptionView, ...]
    ballots: int
    is_multiple: bool
    is_anonymous: bool
    may_revote: bool
    per_child: bool
    closes_at: dt.datetime | None
    is_over: bool


@dataclass(frozen=True)
class Voter:
    """Who answered so, in an open poll."""

    public_id: str
    name: str


def polls_of(message_ids: Collection[int]) -> Mapping[int, PollView]:
    """Of all these messages, by three queries."""
    if not message_ids:
        return {}
    polls = db.session.execute(
        select(Poll, Chat.public_id)
        .join(Message, Message.id == Poll.message_id)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Poll.message_id.in_(message_ids))
    ).all()
    ids = [poll.id for poll, _ in polls]
    votes = func.count(PollVote.id).label("votes")
    options = db.session.execute(
        select(PollOption.poll_id, PollOption.position, PollOption.text, votes)
        .outerjoin(PollVote, PollVote.option_id == PollOption.id)
        .where(PollOption.poll_id.in_(ids))
        .group_by(PollOption.id, PollOption.poll_id, PollOption.position, PollOption.text)
        .order_by(PollOption.poll_id, PollOption.position)
    ).all()
    ballots: dict[int, int] = {
        row.poll_id: row.ballots
        for row in db.session.execute(
            select(PollVote.poll_id, func.count(PollVote.ballot.distinct()).label("ballots"))
            .where(PollVote.poll_id.in_(ids))
            .group_by(PollVote.poll_id)
        )
    }
    return {
        poll.message_id: PollView(
            chat=chat,
            question=poll.question,
            options=tuple(
                OptionView(
                    row.position,
                    row.text,
                    row.votes,
                    round(100 * row.votes / ballots[poll.id]) if poll.id in ballots else 0,
                )
                for row in options
                if row.poll_id == poll.id
            ),
            ballots=ballots.get(poll.id, 0),
            is_multiple=poll.is_multiple,
            is_anonymous=poll.is_anonymous,
            may_revote=poll.may_revote,
            per_child=poll.per_child,
            closes_at=poll.closes_at,
            is_over=is_over(poll),
        )
        for poll, chat in polls
    }


def own_votes(own: OwnChat, client_ids: Collection[str]) -> Mapping[str, list[int]]:
    """What this member has answered: the message's client id -> positions."""
    rows = db.session.execute(
        select(Message.client_id, PollOption.position)
        .join(Poll, Poll.message_id == Message.id)
        .join(PollVote, PollVote.poll_id == Poll.id)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(
            Message.chat_id == own.id,
            Message.client_id.in_(list(client_ids)[:200]),
            PollVote.ballot == ballot_of(own.profile_id),
        )
        .order_by(PollOption.position)
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.client_id, []).append(row.position)
    return found


def votes_for(poll_id: int, ballot: str) -> set[int]:
    """The positions that stand on one ballot."""
    return set(
        db.session.scalars(
            select(PollOption.position)
            .join(PollVote, PollVote.option_id == PollOption.id)
            .where(PollVote.poll_id == poll_id, PollVote.ballot == ballot)
        )
    )


def voters_of(poll: Poll) -> Mapping[int, list[Voter]]:
    """Who answered what, by position; of an anonymous poll nobody learns it."""
    if poll.is_anonymous:
        return {}
    rows = db.session.execute(
        select(PollOption.position, Profile.public_id, Profile.given_name, Profile.family_name)
        .join(PollVote, PollVote.option_id == PollOption.id)
        .join(Profile, Profile.id == PollVote.profile_id)
        .where(PollOption.poll_id == poll.id)
        .order_by(PollOption.position, Profile.family_name, Profile.given_name, Profile.id)
    )
    found: dict[int, list[Voter]] = {}
    for row in rows:
        voter = Voter(row.public_id, f"{row.given_name} {row.family_name}")
        found.setdefault(row.position, []).append(voter)
    return found

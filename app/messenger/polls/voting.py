"""Voting and changing one's mind."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext
from sqlalchemy import delete, insert, select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid, Missing
from app.core.transaction import writing
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.messages.changing import mark_changed
from app.messenger.messages.models import Message
from app.messenger.polls.ballots import ballot_of, is_over
from app.messenger.polls.children import children_of
from app.messenger.polls.models import Poll, PollOption, PollVote

NO_POLL = lazy_gettext("Такого опроса в этом чате нет.")


def vote(profile_id: int, chat: str, client_id: str, positions: Collection[int]) -> int:
    """This profile answers; without positions it takes its vote back. Returns the message's id.

    Raises:
        Missing: no such poll for this profile. Denied: it has left, or the poll counts children.
        Conflict: the poll is over, or a vote is not to be changed. Invalid: not such answers.
    """
    return _vote(profile_id, chat, client_id, {"": positions})


def vote_for_children(
    profile_id: int, chat: str, client_id: str, answers: Mapping[str, Collection[int]]
) -> int:
    """A guardian answers for children (key -> positions). The last word of any parent counts.

    Raises:
        As `vote`; Missing: a key is not a child of this profile in this chat.
    """
    return _vote(profile_id, chat, client_id, answers)


def poll_in(own: OwnChat, client_id: str) -> tuple[Poll, Message]:
    """The poll that this message of the member's chat carries.

    Raises:
        Missing: there is none that the member may read.
    """
    row = db.session.execute(
        select(Poll, Message)
        .join(Message, Message.id == Poll.message_id)
        .where(
            Message.chat_id == own.id,
            Message.client_id == client_id,
            Message.seq <= own.readable_seq,
        )
    ).one_or_none()
    if row is None:
        raise Missing(NO_POLL)
    return row[0], row[1]


def _vote(
    profile_id: int, chat: str, client_id: str, answers: Mapping[str, Collection[int]]
) -> int:
    with writing():
        own = chats_of(profile_id).get(chat)
        poll, message = poll_in(own, client_id)
        own.require(Action.WRITE)
        if is_over(poll):
            raise Conflict(lazy_gettext("Опрос завершён, голоса больше не принимаются."))
        _check_voter(poll, own, answers)
        options: dict[int, int] = {
            row.position: row.id
            for row in db.session.execute(
                select(PollOption.position, PollOption.id).where(PollOption.poll_id == poll.id)
            )
        }
        changes = [
            _fill(poll, ballot_of(profile_id, child), profile_id, options, positions)
            for child, positions in answers.items()
        ]
        if any(changes):
            mark_changed(own.id, [message.id], is_quiet=True)
        return message.id


def _check_voter(poll: Poll, own: OwnChat, answers: Collection[str]) -> None:
    if not poll.per_child:
        if set(answers) - {""}:
            raise Missing(NO_POLL)
        return
    mine = {child.key for child in children_of(own.id, own.profile_id)}
    if not mine:
        raise Denied(lazy_gettext("В этом опросе голосуют родители: один голос от ребёнка."))
    if set(answers) - mine:
        raise Missing(NO_POLL)


def _fill(
    poll: Poll,
    ballot: str,
    profile_id: int,
    options: Mapping[int, int],
    positions: Collection[int],
) -> bool:
    """Write one ballot anew; whether anything is another now."""
    wanted = set(positions)
    if wanted - set(options) or (len(wanted) > 1 and not poll.is_multiple):
        raise Invalid(lazy_gettext("Выберите ответ из списка."))
    chosen = {options[position] for position in wanted}
    before = set(
        db.session.scalars(
            select(PollVote.option_id).where(PollVote.poll_id == poll.id, PollVote.ballot == ballot)
        )
    )
    if before == chosen:
        return False
    if before and not poll.may_revote:
        raise Conflict(lazy_gettext("Голос уже отдан, в этом опросе его не меняют."))
    db.session.execute(
        delete(PollVote).where(PollVote.poll_id == poll.id, PollVote.ballot == ballot)
    )
    if chosen:
        db.session.execute(
            insert(PollVote),
            [
                {
                    "poll_id": poll.id,
                    "option_id": option,
                    "ballot": ballot,
                    "profile_id": profile_id,
                    "voted_at": clock.now(),
                }
                for option in sorted(chosen)
            ],
        )
    return True


def forget(message_id: int) -> None:
    """The message is deleted: the question, the answers and every vote go."""
    polls = select(Poll.id).where(Poll.message_id == message_id)
    db.session.execute(delete(PollVote).where(PollVote.poll_id.in_(polls)))
    db.session.execute(delete(PollOption).where(PollOption.poll_id.in_(polls)))
    db.session.execute(delete(Poll).where(Poll.message_id == message_id))

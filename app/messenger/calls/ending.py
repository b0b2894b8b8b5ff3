"""Ending calls: for all by who may, by itself when nobody is left, and following the chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, func, select, update

from app.core import clock
from app.core.db import db
from app.core.transaction import publish, writing
from app.messenger.calls.engine import engine_of_site
from app.messenger.calls.lookup import calls_of, live_call, may_talk, shown_length
from app.messenger.calls.models import Call, CallSeat
from app.messenger.chats.models import Chat
from app.messenger.facts import (
    CallChanged,
    CallNews,
    ChatChanged,
    DirectChanged,
    MembersChanged,
    PutOut,
    PutOutWhy,
)
from app.messenger.messages.notices import NoticeEvent, post_notice

GRACE = dt.timedelta(seconds=20)
"""How long a lost connection may come back."""
UNENTERED = dt.timedelta(minutes=3)
"""How long a call waits for the first one to come in: a browser asks about the camera first."""


def end_call(profile_id: int, call: str) -> str:
    """«Завершить для всех»; twice is once. Returns the chat's public id.

    Raises:
        Missing: no such call for this profile. Denied: it may not.
    """
    with writing():
        own = calls_of(profile_id).get(call)
        own.require_end()
        _end(own.id, own.chat.id)
        return own.chat.public_id


def give_up(seat_id: int, call_id: int, chat_id: int) -> None:
    """This seat is left; the last one ends the call. Within `writing()`."""
    left = db.session.execute(
        update(CallSeat)
        .where(CallSeat.id == seat_id, CallSeat.left_at.is_(None))
        .values(left_at=clock.now(), mic=False, camera=False, screen=False, hand=False)
        .returning(CallSeat.id)
    ).one_or_none()
    if left is None:
        return
    present = db.session.scalar(
        select(func.count())
        .select_from(CallSeat)
        .where(CallSeat.call_id == call_id, CallSeat.left_at.is_(None))
    )
    if present:
        publish(CallChanged(call_id, chat_id, CallNews.PEOPLE))
    else:
        _end(call_id, chat_id)


def sweep(is_open: Callable[[str], bool]) -> int:
    """Leave the seats whose window is gone for longer than GRACE, and end calls that nobody has
    entered, or whose two people may no longer be alone in one (FLOWS 8); returns how many calls
    still go on. `is_open` tells whether a window's socket lives.

    What a crash or a lost disconnect has left behind is put right here.
    """
    now = clock.now()
    calls = db.session.execute(
        select(Call.id, Call.chat_id, Call.started_at, Chat.pair_low_id, Chat.pair_high_id)
        .join(Chat, Chat.id == Call.chat_id)
        .where(Call.ended_at.is_(None))
    ).all()
    seats = db.session.execute(
        select(CallSeat.id, CallSeat.call_id, CallSeat.window, CallSeat.missed_at).where(
            CallSeat.call_id.in_([call.id for call in calls]), CallSeat.left_at.is_(None)
        )
    ).all()
    apart = {
        call.id
        for call in calls
        if call.pair_low_id is not None and not may_talk(call.pair_low_id, call.pair_high_id)
    }
    db.session.rollback()
    chats = {call.id: call.chat_id for call in calls}
    taken = {seat.call_id for seat in seats}
    for seat in seats:
        if seat.missed_at is None and not is_open(seat.window):
            with writing() as session:
                session.execute(
                    update(CallSeat)
                    .where(CallSeat.id == seat.id, CallSeat.window == seat.window)
                    .values(missed_at=now)
                )
        elif seat.missed_at is not None and now - seat.missed_at >= GRACE:
            _give_up_missed(seat.id, seat.window, seat.call_id, chats[seat.call_id])
    for call in calls:
        is_unentered = call.id not in taken and now - call.started_at >= UNENTERED
        if is_unentered or call.id in apart:
            with writing():
                _end(call.id, call.chat_id)
    return db.session.scalar(select(func.count(Call.id)).where(Call.ended_at.is_(None))) or 0


def _give_up_missed(seat_id: int, window: str, call_id: int, chat_id: int) -> None:
    with writing() as session:
        still = session.scalar(
            select(CallSeat.id).where(
                CallSeat.id == seat_id,
                CallSeat.window == window,
                CallSeat.missed_at.is_not(None),
            )
        )
        if still is not None:  # not come back in this very moment
            give_up(seat_id, call_id, chat_id)


def on_members(fact: MembersChanged) -> None:
    """Reaction: who is no longer in the chat is no longer in its call (FLOWS 5)."""
    live = live_call(fact.chat_id) if fact.left else None
    if live is not None:
        _put_out(live.id, fact.chat_id, live.public_id, fact.left)


def on_direct(fact: DirectChanged) -> None:
    """Reaction: two who may no longer talk do not go on in a call."""
    _end_if(fact.chat_id, Chat.frozen.is_not(None))


def on_chat(fact: ChatChanged) -> None:
    """Reaction: an archived chat has no call."""
    _end_if(fact.chat_id, Chat.archived_at.is_not(None))


def _end_if(chat_id: int, is_closed: ColumnElement[bool]) -> None:
    live = live_call(chat_id)
    if live is None:
        return
    if db.session.scalar(select(Chat.id).where(Chat.id == chat_id, is_closed)) is not None:
        with writing():
            _end(live.id, chat_id)


def _put_out(call_id: int, chat_id: int, call: str, profile_ids: Collection[int]) -> None:
    with writing() as session:
        seats = session.execute(
            select(CallSeat.id, CallSeat.window).where(
                CallSeat.call_id == call_id,
                CallSeat.profile_id.in_(profile_ids),
                CallSeat.left_at.is_(None),
            )
        ).all()
        for seat in seats:
            publish(PutOut(seat.window, call, PutOutWhy.REMOVED))
            give_up(seat.id, call_id, chat_id)


def _end(call_id: int, chat_id: int) -> None:
    """Within `writing()`; twice is once."""
    now = clock.now()
    ended = db.session.execute(
        update(Call)
        .where(Call.id == call_id, Call.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Call.started_at, Call.public_id)
    ).one_or_none()
    if ended is None:
        return
    db.session.execute(
        update(CallSeat)
        .where(CallSeat.call_id == call_id, CallSeat.left_at.is_(None))
        .values(left_at=now, mic=False, camera=False, screen=False, hand=False)
    )
    engine_of_site().ended(ended.public_id)
    post_notice(
        chat_id,
        NoticeEvent.CALL_ENDED,
        length=shown_length(int((now - ended.started_at).total_seconds())),
    )
    publish(CallChanged(call_id, chat_id, CallNews.ENDED))

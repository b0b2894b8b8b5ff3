"""Who is in a call: entering, coming back after a lost connection, leaving, and what is shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import select, update

from app.core import clock, tokens
from app.core.db import db
from app.core.errors import Conflict, Missing
from app.core.names import joined
from app.core.transaction import publish, writing
from app.identity.profiles import Profile
from app.messenger.calls import ending
from app.messenger.calls.engine import engine_of_site
from app.messenger.calls.lookup import OwnCall, calls_of
from app.messenger.calls.models import Call, CallSeat
from app.messenger.facts import CallChanged, CallNews, PutOut, PutOutWhy

FULL = lazy_gettext("Звонок заполнен: больше людей он не вмещает. Войдите, когда кто-то выйдет.")
NOT_IN = lazy_gettext("Вы не в этом звонке. Войдите в него ещё раз.")


@dataclass(frozen=True)
class Shown:
    """What a person has switched on, as the others see it."""

    mic: bool = False
    camera: bool = False
    screen: bool = False
    hand: bool = False


@dataclass(frozen=True, kw_only=True)
class Seated:
    """A person in a call. `is_away`: the connection is lost, and may come back."""

    key: str
    profile_id: int
    public_id: str
    name: str
    window: str
    shown: Shown
    is_away: bool


@dataclass(frozen=True)
class Way:
    """Where a signal goes, and from whom."""

    sender: str
    window: str


def enter(profile_id: int, call: str, window: str, *, key: str = "") -> str:
    """Take the profile's seat for this window; returns the seat's key. With its former `key` a
    page comes back after a lost connection, and the others notice nothing.

    Another window that held the seat is put out: a person is in a call once.

    Raises:
        Missing: no such call for this profile.
        Denied: it may not talk in the chat.
        Conflict: the call is over, or full.
    """
    with writing() as session:
        own = calls_of(profile_id).get(call)
        session.execute(select(Call.id).where(Call.id == own.id).with_for_update())
        own.require_open()
        seats = session.scalars(select(CallSeat).where(CallSeat.call_id == own.id)).all()
        others = [seat for seat in seats if seat.left_at is None and seat.profile_id != profile_id]
        if len(others) >= engine_of_site().capacity:
            raise Conflict(FULL)
        seat = next((seat for seat in seats if seat.profile_id == profile_id), None)
        if seat is None:
            seat = CallSeat(call_id=own.id, profile_id=profile_id, window=window)
            session.add(seat)
        elif seat.left_at is not None or not key or seat.key != key:
            if seat.left_at is None and seat.window != window:
                publish(PutOut(seat.window, own.public_id, PutOutWhy.ELSEWHERE))
            _sit_anew(seat)
        seat.window, seat.left_at, seat.missed_at = window, None, None
        session.flush()
        publish(CallChanged(own.id, own.chat.id, CallNews.PEOPLE))
        return seat.key


def _sit_anew(seat: CallSeat) -> None:
    seat.key = tokens.public_id()
    seat.joined_at = clock.now()
    seat.mic = seat.camera = seat.screen = seat.hand = False


def leave(profile_id: int, call: str, window: str) -> None:
    """Give the seat up; the last one to leave ends the call. Only the window that holds it does.

    Raises:
        Missing: no such call for this profile.
    """
    with writing():
        own = calls_of(profile_id).get(call)
        seat = _own_seat(own, window)
        if seat is not None:
            ending.give_up(seat.id, own.id, own.chat.id)


def show(profile_id: int, call: str, window: str, shown: Shown) -> None:
    """Tell the others what this person has switched on.

    Raises:
        Missing: no such call, or this window is not in it. Denied, Conflict: no way in any more.
    """
    with writing() as session:
        own, seat = _held(profile_id, call, window)
        session.execute(
            update(CallSeat)
            .where(CallSeat.id == seat.id)
            .values(mic=shown.mic, camera=shown.camera, screen=shown.screen, hand=shown.hand)
        )
        publish(CallChanged(own.id, own.chat.id, CallNews.STATE))


def way_to(profile_id: int, call: str, window: str, key: str) -> Way:
    """How a signal of this window reaches the seat `key` of the same call.

    Raises:
        Missing: no such call, this window is not in it, or nobody has that seat (any more).
        Denied, Conflict: no way in any more.
    """
    own, seat = _held(profile_id, call, window)
    to = db.session.scalar(
        select(CallSeat.window).where(
            CallSeat.call_id == own.id, CallSeat.key == key, CallSeat.left_at.is_(None)
        )
    )
    if to is None or key == seat.key:
        raise Missing(NOT_IN)
    return Way(seat.key, to)


def lose(window: str, *, for_good: bool) -> None:
    """The socket of a window is gone: `for_good` when the page was closed or signed out, else it
    may come back within `ending.GRACE`.
    """
    row = db.session.execute(
        select(CallSeat.id, CallSeat.call_id, Call.chat_id)
        .join(Call, Call.id == CallSeat.call_id)
        .where(CallSeat.window == window, CallSeat.left_at.is_(None))
    ).one_or_none()
    if row is None:
        return
    with writing() as session:
        if for_good:
            ending.give_up(row.id, row.call_id, row.chat_id)
            return
        session.execute(
            update(CallSeat)
            .where(CallSeat.id == row.id, CallSeat.window == window)
            .values(missed_at=clock.now())
        )
        publish(CallChanged(row.call_id, row.chat_id, CallNews.STATE))


def people_of(call_id: int) -> list[Seated]:
    """Who is in the call, in the order of coming; one query."""
    rows = db.session.execute(
        select(
            CallSeat.key,
            CallSeat.profile_id,
            CallSeat.window,
            CallSeat.missed_at,
            CallSeat.mic,
            CallSeat.camera,
            CallSeat.screen,
            CallSeat.hand,
            Profile.public_id,
            Profile.given_name,
            Profile.family_name,
        )
        .join(Profile, Profile.id == CallSeat.profile_id)
        .where(CallSeat.call_id == call_id, CallSeat.left_at.is_(None))
        .order_by(CallSeat.joined_at, CallSeat.id)
    )
    return [
        Seated(
            key=row.key,
            profile_id=row.profile_id,
            public_id=row.public_id,
            name=joined(row.given_name, row.family_name),
            window=row.window,
            shown=Shown(row.mic, row.camera, row.screen, row.hand),
            is_away=row.missed_at is not None,
        )
        for row in rows
    ]


def _held(profile_id: int, call: str, window: str) -> tuple[OwnCall, CallSeat]:
    own = calls_of(profile_id).get(call)
    own.require_open()
    seat = _own_seat(own, window)
    if seat is None:
        raise Missing(NOT_IN)
    return own, seat


def _own_seat(own: OwnCall, window: str) -> CallSeat | None:
    return db.session.scalar(
        select(CallSeat).where(
            CallSeat.call_id == own.id,
            CallSeat.profile_id == own.chat.profile_id,
            CallSeat.window == window,
            CallSeat.left_at.is_(None),
        )
    )

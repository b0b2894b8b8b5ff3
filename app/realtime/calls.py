"""Calls over sockets: entering and leaving, what is switched on, signals from browser to browser,
and telling everybody how a call stands.

A signal goes to the one window that holds the addressed seat, and only after the sender was looked
up as somebody in the same call who may talk there (`seats.way_to`).
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, current_app
from flask_babel import gettext
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Invalid, Missing
from app.core.language import LANGUAGES
from app.core.names import tone_of
from app.core.pace import Pace
from app.messenger.calls import ending, seats
from app.messenger.calls.bar import render_bar
from app.messenger.calls.engine import engine_of_site
from app.messenger.calls.lookup import live_call
from app.messenger.calls.models import Call
from app.messenger.calls.ringing import ring_of
from app.messenger.calls.seats import NOT_IN, Seated, Shown
from app.messenger.chats.people import audience_of
from app.messenger.facts import CallChanged, CallNews, PutOut
from app.realtime.channels import call_room, chat_room, person_room
from app.realtime.server import NAMESPACE, is_anyone_in, socketio

Answer = dict[str, Any]
SIGNALS = Pace(burst=200, per_second=20)
STATES = Pace(burst=20, per_second=2)
ENTRANCES = Pace(burst=20, per_second=0.5)
EVERY = 5
FOR_GOOD = ("client disconnect", "server disconnect")
log = structlog.get_logger(__name__)


class _Watch:
    """One look in EVERY seconds after calls that nobody holds any more, while there are calls."""

    is_on = False


def enter(profile_id: int, window: str, call: object = None, key: object = None) -> Answer:
    """Take a seat; answers its key, who is there, and what the browser's engine needs."""
    public_id = _word(call)
    ENTRANCES.keep(profile_id)
    own_key = seats.enter(profile_id, public_id, window, key=_word(key))
    socketio.server.enter_room(window, call_room(public_id))
    # Asked after the joining: what has changed in between is told to the room by then.
    call_id = db.session.scalar(select(Call.id).where(Call.public_id == public_id)) or 0
    people = seats.people_of(call_id)
    if own_key not in {one.key for one in people}:
        socketio.server.leave_room(window, call_room(public_id))
        raise Missing(NOT_IN)
    socketio.emit("ring_over", {"call": public_id}, to=person_room(profile_id))
    watch()
    return {
        "ok": True,
        "key": own_key,
        "people": _told(people),
        "ticket": engine_of_site().ticket(public_id, own_key),
    }


def leave(profile_id: int, window: str, call: object = None) -> Answer:
    """Give the seat up."""
    socketio.server.leave_room(window, call_room(_word(call)))
    seats.leave(profile_id, _word(call), window)
    return {"ok": True}


def state(profile_id: int, window: str, call: object = None, shown: object = None) -> Answer:
    """Tell what is switched on: {mic, camera, screen, hand}."""
    STATES.keep(profile_id)
    now = shown if isinstance(shown, dict) else {}
    flags = {name: now.get(name) is True for name in ("mic", "camera", "screen", "hand")}
    seats.show(profile_id, _word(call), window, Shown(**flags))
    return {"ok": True}


def signal(
    profile_id: int, window: str, call: object = None, to: object = None, what: object = None
) -> Answer:
    """Pass it to the seat `to` of the same call."""
    SIGNALS.keep(profile_id)
    if not engine_of_site().accepts(what):
        raise Invalid(gettext("Сигнал звонка не понят. Войдите в звонок ещё раз."))
    way = seats.way_to(profile_id, _word(call), window, _word(to))
    told = {"call": _word(call), "from": way.sender, "what": what}
    socketio.emit("call_signal", told, to=way.window)
    return {"ok": True}


def went(window: str, reason: object) -> None:
    """A socket was closed: for good when the page did it, or the session has ended."""
    seats.lose(window, for_good=reason in FOR_GOOD)


def show_call(fact: CallChanged) -> None:
    """Reaction: those in the call see who is there, those in the chat see that it goes on.

    Lists need no nudge: the beginning and the end are told in the chat, which moves its row.
    """
    call = db.session.execute(select(Call.public_id).where(Call.id == fact.call_id)).scalar_one()
    if fact.news is CallNews.ENDED:
        socketio.emit("call_ended", {"call": call}, to=call_room(call))
        socketio.close_room(call_room(call))
        _stop_ringing(fact.chat_id, call)
    elif fact.news is not CallNews.BEGAN:
        people = _told(seats.people_of(fact.call_id))
        socketio.emit("call_people", {"call": call, "people": people}, to=call_room(call))
    if fact.news is CallNews.BEGAN:
        _ring(fact.call_id)
    if fact.news is not CallNews.STATE:
        _show_bar(fact.chat_id)
    watch()


def put_out(fact: PutOut) -> None:
    """Reaction: this window is out of the call, and learns why."""
    socketio.server.leave_room(fact.window, call_room(fact.call))
    socketio.emit("call_out", {"call": fact.call, "why": fact.why.value}, to=fact.window)


def _ring(call_id: int) -> None:
    ring = ring_of(call_id)
    if ring is not None:
        letters = "".join(word[0] for word in ring.name.split())
        told: dict[str, Any] = {"call": ring.call, "name": ring.name}
        told |= {"letters": letters.upper(), "tone": tone_of(ring.caller)}
        socketio.emit("ring", told, to=person_room(ring.profile_id))


def _stop_ringing(chat_id: int, call: str) -> None:
    """Between two; nothing rings in a chat of many."""
    people = audience_of(chat_id).profile_ids
    for profile_id in people if len(people) == 2 else ():
        socketio.emit("ring_over", {"call": call}, to=person_room(profile_id))


def _show_bar(chat_id: int) -> None:
    public_id, live = audience_of(chat_id).public_id, live_call(chat_id)
    for language in LANGUAGES:
        room = chat_room(public_id, language)
        if is_anyone_in(room):
            told = {"chat": public_id, "html": str(render_bar(live, language))}
            socketio.emit("call", told, to=room)


def _told(people: list[Seated]) -> list[dict[str, Any]]:
    """What a page may know of those in the call."""
    return [
        {
            "key": one.key,
            "id": one.public_id,
            "name": one.name,
            "tone": tone_of(one.public_id),
            "mic": one.shown.mic,
            "camera": one.shown.camera,
            "screen": one.shown.screen,
            "hand": one.shown.hand,
            "away": one.is_away,
        }
        for one in people
    ]


def watch() -> None:
    """Look after the calls from now on, until there are none. In tests they look themselves."""
    if _Watch.is_on or socketio.server.async_mode != "gevent":
        return
    _Watch.is_on = True
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask types the proxy
    socketio.start_background_task(_look, app)


def _look(app: Flask) -> None:
    try:
        while True:
            socketio.sleep(EVERY)
            with app.app_context():
                if not ending.sweep(is_open):
                    return
    except Exception:
        log.exception("looking after calls failed")
    finally:
        _Watch.is_on = False


def is_open(window: str) -> bool:
    """Whether this socket is connected."""
    return bool(socketio.server.manager.is_connected(window, NAMESPACE))


EVENTS = {"call_enter": enter, "call_leave": leave, "call_state": state, "call_signal": signal}
"""Events of a browser in a call; the gateway adds who asks, and from which window."""


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 40 else ""

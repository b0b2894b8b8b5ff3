"""Events in: who may open a socket, and which chats it hears.

The profile session is looked up anew at every event: a socket outlives the page that opened it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from flask import request
from flask_babel import gettext
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import join_room, leave_room
from werkzeug.http import parse_cookie

from app.core.errors import Denied, Missing, Problem
from app.core.language import LANGUAGES, choose_language, chosen_in, spoken
from app.core.together import write_together
from app.identity import sessions
from app.identity.sessions import SessionIds
from app.messenger.chats.lookup import NO_CHAT, OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.messages.sending import Sent, send_message
from app.realtime import calls, signals
from app.realtime.channels import chat_room, person_room, session_room
from app.realtime.server import NAMESPACE, socketio

log = structlog.get_logger(__name__)
Answer = dict[str, Any]
COOKIES = "svyazka.cookies"
"""Where the environment of a socket that sends keeps the cookies of its handshake."""


def install() -> None:
    """Hear these events. Called after every `server.install`, which makes a new server."""
    signals.forget_all()
    socketio.on_event("connect", connect)
    socketio.on_event("open", open_chat)
    socketio.on_event("close", close_chat)
    socketio.server.on("send", _without_request(send), namespace=NAMESPACE)
    socketio.on_event("typing", typing)
    socketio.on_event("disconnect", disconnect)
    for event, act in calls.EVENTS.items():
        socketio.on_event(event, _by_person(act))
    socketio.on_error_default(explain)


def connect(_auth: object = None) -> None:
    """Let in a browser that is signed in to the messenger; the journal alone opens no socket."""
    session = _session()
    if session is None:
        raise Refused("sign-in")
    join_room(person_room(session.profile_id))
    join_room(session_room(session.session_id))
    signals.came(session.profile_id, _sid())
    calls.watch()


def disconnect(reason: object = None) -> None:
    """A window was closed."""
    signals.went(_sid())
    calls.went(_sid(), reason)


def open_chat(public_id: object = None) -> Answer:
    """From now on this socket hears the chat. Answers the number of its newest message."""
    session = _session()
    if session is None:
        raise Denied(gettext("Войдите в мессенджер ещё раз."))
    _listenable(session.profile_id, public_id)
    room = chat_room(str(public_id), choose_language())
    join_room(room)
    try:
        # Asked again: the member may have left between the question and the joining, and then
        # nobody else would take this socket out of the room.
        chat = _listenable(session.profile_id, public_id)
    except Problem:
        leave_room(room)
        raise
    return {"ok": True, "last_seq": chat.last_seq}


def typing(public_id: object = None) -> Answer:
    """This member is writing in the chat: a signal, never stored."""
    session = _session()
    if session is None:
        raise Denied(gettext("Войдите в мессенджер ещё раз."))
    signals.tell_typing(_listenable(session.profile_id, public_id), _sid())
    return {"ok": True}


def close_chat(public_id: object = None) -> Answer:
    """This socket no longer shows the chat."""
    for language in LANGUAGES:
        leave_room(chat_room(str(public_id), language))
    return {"ok": True}


def send(token: str, public_id: object = None, form: object = None) -> Answer:
    """Store a message as the chat's page does; the answer comes when it is on disk.

    `form` has the fields of the composer: `client_id`, `text`, `reply_to`.
    """
    fields = form if isinstance(form, dict) else {}
    message = partial(
        send_message,
        chat=_word(public_id),
        client_id=_word(fields.get("client_id")),
        text=_word(fields.get("text")),
        reply_to=_word(fields.get("reply_to")),
    )
    sent = write_together(partial(_send_as, token, message))
    return {"ok": True, "seq": sent.seq}


def _send_as(token: str, message: Callable[[int], Sent]) -> Sent:
    """The session is looked up in the transaction that stores the message."""
    session = sessions.find_ids(token)
    if session is None:
        raise Denied(gettext("Войдите в мессенджер ещё раз."))
    return message(session.profile_id)


def explain(error: Exception) -> Answer:
    """The answer to an event that went wrong: a sentence for people, never a trace."""
    if isinstance(error, Problem):
        return {"ok": False, "status": error.status, "message": str(error.message)}
    log.error("socket event failed", exc_info=error)
    return {"ok": False, "status": 500, "message": gettext("Ошибка на сервере")}


def _by_person(act: Callable[..., Answer]) -> Callable[..., Answer]:
    """`act` with the profile and the socket before what the browser says."""

    def handle(*said: object) -> Answer:
        session = _session()
        if session is None:
            raise Denied(gettext("Войдите в мессенджер ещё раз."))
        return act(session.profile_id, _sid(), *said)

    return handle


def _without_request(act: Callable[..., Answer]) -> Callable[..., Answer]:
    """`act` with the session's token before what the browser says.

    For what is said often: a request of Flask's costs 0.3 ms, as much as the fragment of a message
    (bench/fanout.py).
    """

    def handle(sid: str, *said: object) -> Answer:
        environ = socketio.server.get_environ(sid, namespace=NAMESPACE)
        cookies = environ.get(COOKIES)
        if cookies is None:
            cookies = environ[COOKIES] = parse_cookie(environ).to_dict()
        with environ["flask.app"].app_context(), spoken(chosen_in(cookies)):
            try:
                return act(cookies.get(sessions.COOKIE, ""), *said)
            except Exception as error:
                return explain(error)

    return handle


def _word(value: object) -> str:
    """A string from outside; anything else is as good as none."""
    return value if isinstance(value, str) else ""


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]  # set by Flask-SocketIO
    return sid


def _session() -> SessionIds | None:
    return sessions.find_ids(request.cookies.get(sessions.COOKIE, ""))


def _listenable(profile_id: int, public_id: object) -> OwnChat:
    if not isinstance(public_id, str):
        raise Missing(NO_CHAT)
    chat = chats_of(profile_id).get(public_id)
    chat.require(Action.WRITE)
    return chat

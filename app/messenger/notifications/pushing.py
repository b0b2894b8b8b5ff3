"""Push: whom a new message or a call wakes, and sending it to the push services of their browsers.

Sending waits for foreign servers, so it happens beside the requests (`core.background`), with no
transaction open. What is lost there is no message: the chat has it, the badge shows it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import requests
import structlog
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush
from sqlalchemy import ColumnElement, func, or_, select

from app.core import clock
from app.core.background import run_soon
from app.core.config import current_settings
from app.core.db import db
from app.core.prepared import Prepared
from app.core.quiet import quiet_from
from app.identity.sessions import ProfileSession
from app.messenger.calls.models import Call
from app.messenger.calls.ringing import ring_of
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.titles import Peer, is_peer, shown_title
from app.messenger.facts import CallChanged, CallNews, MessageSent, PollEnded
from app.messenger.messages.models import Message, MessageKind
from app.messenger.notifications.choosing import own_quiet
from app.messenger.notifications.keys import own_key
from app.messenger.notifications.models import NotificationChoice, PushSubscription
from app.messenger.notifications.quiet import is_quiet
from app.messenger.notifications.subscribing import forget, is_push_service
from app.messenger.people import ConfirmedRole

log = structlog.get_logger(__name__)
SECONDS = 5
HANDFUL = 25
DAY = 24 * 3600
RINGING = 45
"""Seconds for which a push service keeps the news of a call: later it would wake for nothing."""
GONE = (404, 410)
_ANYBODY = Prepared(select(PushSubscription.id).limit(1))


@dataclass(frozen=True)
class Wake:
    """A browser to wake, and what it may show."""

    subscription_id: int
    endpoint: str
    p256dh: str
    auth: str
    chat: str
    title: str
    is_call: bool = False


def on_message(fact: MessageSent) -> Iterator[None]:
    """Reaction: a new message is stored."""
    yield from _soon(push, fact.message_id)


def on_poll_ended(fact: PollEnded) -> Iterator[None]:
    """Reaction: a poll has come to its end by itself."""
    yield from _soon(push_to_author, fact.message_id)


def on_call(fact: CallChanged) -> Iterator[None]:
    """Reaction: a call has begun."""
    if fact.news is CallNews.BEGAN:
        yield from _soon(push_call, fact.call_id)


def _soon(task: Callable[[int], None], about: int) -> Iterator[None]:
    """After the commit, and only where anybody has asked for push."""
    is_anybody = _ANYBODY.value() is not None
    yield
    if is_anybody:
        run_soon(task, about)


def push_call(call_id: int) -> None:
    """Wake whom the call rings for."""
    send_all(call_wakes(call_id))


def push_to_author(message_id: int) -> None:
    """Wake who wrote this message: there is news of it."""
    send_all(author_wakes(message_id))


def push(message_id: int) -> None:
    """Wake everybody whom this message may wake."""
    wakes = wakes_of(message_id)
    for begin in range(HANDFUL, len(wakes), HANDFUL):
        run_soon(send_all, wakes[begin : begin + HANDFUL])
    send_all(wakes[:HANDFUL])


def send_all(wakes: Sequence[Wake]) -> None:
    """Hand them to their push services, one after another."""
    db.session.remove()  # nothing of the database is held while others are waited for
    if not wakes:
        return
    key = own_key()
    with requests.Session() as http:
        http.max_redirects = 0
        http.trust_env = False
        gone = [wake.subscription_id for wake in wakes if not _send(wake, key, http)]
    for subscription_id in gone:
        forget(subscription_id)


def wakes_of(message_id: int) -> list[Wake]:
    """Members of now, not the author, with unread messages, without «mute» and quiet hours, in
    browsers that are still signed in; one query.
    """
    return _wakes(
        Message,
        *_of_living(message_id),
        Message.kind != MessageKind.SYSTEM,
        Member.profile_id != Message.author_id,
        Member.read_seq < Message.seq,
    )


def author_wakes(message_id: int) -> list[Wake]:
    """The author of the message by the same rules, when something there is unread; one query."""
    return _wakes(Message, *_of_living(message_id), Member.profile_id == Message.author_id)


def call_wakes(call_id: int) -> list[Wake]:
    """The browsers of the one for whom the call rings (`calls.ringing`)."""
    ring = ring_of(call_id)
    if ring is None:
        return []
    wakes = _wakes(Call, Call.id == call_id, Member.profile_id == ring.profile_id)
    return [replace(wake, is_call=True) for wake in wakes]


def _of_living(message_id: int) -> tuple[ColumnElement[bool], ...]:
    return Message.id == message_id, Message.deleted_at.is_(None), Member.unread > 0


def _wakes(what: type[Message] | type[Call], *whom: ColumnElement[bool]) -> list[Wake]:
    """Browsers of the members that `whom` names by `what` has happened in their chat."""
    pupil = (
        select(func.count())
        .select_from(ConfirmedRole)
        .where(ConfirmedRole.profile_id == Member.profile_id, ConfirmedRole.role == "pupil")
        .correlate(Member)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            PushSubscription.id,
            PushSubscription.endpoint,
            PushSubscription.p256dh,
            PushSubscription.auth,
            Chat.public_id,
            shown_title().label("title"),
            Chat.label,
            Member.shows_label,
            NotificationChoice.quiet_from,
            NotificationChoice.quiet_until,
            pupil.label("is_pupil"),
        )
        .select_from(what)
        .join(Chat, Chat.id == what.chat_id)
        .join(Member, Member.chat_id == Chat.id)
        .join(PushSubscription, PushSubscription.profile_id == Member.profile_id)
        .join(ProfileSession, ProfileSession.id == PushSubscription.session_id)
        .outerjoin(NotificationChoice, NotificationChoice.profile_id == Member.profile_id)
        .outerjoin(Peer, is_peer(Member.profile_id))
        .where(
            *whom,
            Member.left_at.is_(None),
            or_(Member.muted_until.is_(None), Member.muted_until <= clock.now()),
            ProfileSession.ended_at.is_(None),
        )
        .order_by(PushSubscription.id)
    ).all()
    settings = current_settings()
    now = clock.local(settings.time_zone)
    school = quiet_from(settings.quiet_hours)
    return [
        Wake(
            row.id,
            row.endpoint,
            row.p256dh,
            row.auth,
            row.public_id,
            f"{row.title} · {row.label}" if row.shows_label and row.label else row.title,
        )
        for row in rows
        if not is_quiet(
            now,
            own=own_quiet(row.quiet_from, row.quiet_until),
            school=school,
            is_pupil=bool(row.is_pupil),
        )
    ]


def _subject() -> str:
    """Whom a push service may ask about us (RFC 8292, 2.1): a site without https has no address."""
    settings = current_settings()
    return settings.base_url if settings.is_secure else "mailto:admin@localhost"


def _send(wake: Wake, key: Vapid02, http: requests.Session) -> bool:
    """Hand it to the push service; False when that browser is gone for good.

    Decision: neither the words of a message nor its author leave the school, even encrypted: a
    locked telephone shows them to whoever passes by. The chat's name is all.
    """
    if not is_push_service(wake.endpoint):
        return False
    told = {"chat": wake.chat, "title": wake.title} | ({"call": True} if wake.is_call else {})
    try:
        webpush(
            {"endpoint": wake.endpoint, "keys": {"p256dh": wake.p256dh, "auth": wake.auth}},
            json.dumps(told, ensure_ascii=False),
            vapid_private_key=key,
            vapid_claims={"sub": _subject()},
            ttl=RINGING if wake.is_call else DAY,
            timeout=SECONDS,
            headers={"Urgency": "high" if wake.is_call else "normal"},
            requests_session=http,
        )
    except WebPushException as problem:
        status = problem.response.status_code if problem.response is not None else 0
        log.info("push refused", status=status)
        return status not in GONE
    except (requests.RequestException, ValueError) as problem:
        log.info("push failed", reason=type(problem).__name__)
    return True

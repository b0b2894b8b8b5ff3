"""Browsers that ask for push, and stop asking.

The address comes from a browser, so anybody could name any: the server sends only to the push
services of known browsers, over https, and never follows them elsewhere (SSRF).
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlsplit

from flask_babel import lazy_gettext
from sqlalchemy import delete, func, select

from app.core import clock
from app.core.config import current_settings
from app.core.db import db
from app.core.errors import Invalid
from app.core.transaction import writing
from app.identity.sessions import ProfileSession
from app.messenger.notifications.models import PushSubscription

SERVICES = re.compile(
    r"(fcm\.googleapis\.com|[a-z0-9-]+\.push\.apple\.com|[a-z0-9.-]+\.notify\.windows\.com"
    r"|(updates|[a-z0-9-]+)\.push\.services\.mozilla\.com)"
)
"""Chrome, Edge, Yandex (Google); Safari; Edge on Windows; Firefox."""
MOST = 10
REFUSED = lazy_gettext("Этот браузер не даёт уведомлений, которые можно принять безопасно.")


def subscribe(session: ProfileSession, *, endpoint: str, p256dh: str, auth: str) -> None:
    """From now on this browser hears of new messages. A repeat renews.

    Raises:
        Invalid: the address is of no known push service, or the keys are no keys.
    """
    if not is_push_service(endpoint) or not _is_key(p256dh, 65) or not _is_key(auth, 16):
        raise Invalid(REFUSED)
    with writing() as session_:
        session_.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint))
        old = session_.scalars(
            select(PushSubscription.id)
            .where(PushSubscription.profile_id == session.profile_id)
            .order_by(PushSubscription.id.desc())
            .offset(MOST - 1)
        ).all()
        session_.execute(delete(PushSubscription).where(PushSubscription.id.in_(old)))
        session_.add(
            PushSubscription(
                profile_id=session.profile_id,
                session_id=session.id,
                endpoint=endpoint,
                p256dh=p256dh,
                auth=auth,
                created_at=clock.now(),
            )
        )


def unsubscribe(session: ProfileSession) -> None:
    """This browser no longer wants to hear."""
    with writing() as session_:
        session_.execute(delete(PushSubscription).where(PushSubscription.session_id == session.id))


def forget(subscription_id: int) -> None:
    """The push service says that it is gone (404, 410)."""
    with writing() as session:
        session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


def is_subscribed(session: ProfileSession) -> bool:
    """Whether this browser hears of new messages by push."""
    return bool(
        db.session.scalar(
            select(PushSubscription.id).where(PushSubscription.session_id == session.id).limit(1)
        )
    )


def browsers_of(profile_id: int) -> int:
    """How many browsers of this profile hear of new messages by push."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(PushSubscription)
            .where(PushSubscription.profile_id == profile_id)
        )
        or 0
    )


def is_push_service(endpoint: str) -> bool:
    """Whether the server may send to this address."""
    if len(endpoint) > 600 or not endpoint.isascii() or "\\" in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if parts.netloc in current_settings().push_hosts:  # a service of the school's own, a test's
        return True
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        return False
    return SERVICES.fullmatch(parts.hostname or "") is not None


def _is_key(text: str, length: int) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) == length
    except (binascii.Error, ValueError):
        return False

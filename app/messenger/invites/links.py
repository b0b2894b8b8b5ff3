"""The address of an invite: an id that the database knows, and a mark that only this site can
make of it.

Decision: the link must be shown again and printed, so a digest alone would not do. The mark is
worked out from the site's key: a stolen database opens no chat. A new key voids all links.
"""

from __future__ import annotations

import datetime as dt

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core import throttle, tokens
from app.core.config import current_settings
from app.core.db import db
from app.core.errors import TooMany
from app.core.throttle import Limit
from app.messenger.invites.models import Invite

ID_LENGTH = 16
MARK_LENGTH = 24
MISSES = Limit(30, dt.timedelta(minutes=10))


def token_of(invite: Invite) -> str:
    """The secret part of the link."""
    return invite.public_id + _mark(invite.public_id)


def address_of(invite: Invite) -> str:
    """The whole link, as people send and print it."""
    path = url_for("join.door", token=token_of(invite))
    return current_settings().base_url + path


def find_invite(token: str, address: str) -> Invite | None:
    """The invite of a link; None when there is none.

    Raises:
        TooMany: this address has tried too many wrong links.
    """
    key = f"invite:miss:{address}"
    wait = throttle.seconds_to_wait(key, MISSES)
    if wait:
        raise TooMany(
            lazy_gettext("Слишком много неверных ссылок. Подождите и откройте ещё раз."),
            retry_after=wait,
        )
    public_id, mark = token[:ID_LENGTH], token[ID_LENGTH:]
    if tokens.is_same(mark, _mark(public_id)):
        invite = db.session.scalar(select(Invite).where(Invite.public_id == public_id))
        if invite is not None:
            return invite
    throttle.record(key)
    return None


def _mark(public_id: str) -> str:
    key = current_settings().secret_key
    return tokens.keyed_digest(f"invite:{public_id}", key=key)[:MARK_LENGTH]

"""A call between two rings in the other one's open pages; that of a chat of many is only shown.

Decision: where nothing may ring (the chat is muted, quiet hours of the school or one's own), the
call is seen in the list and in the chat, silently.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from app.core import clock
from app.core.config import current_settings
from app.core.db import db
from app.core.names import joined
from app.core.quiet import quiet_from
from app.identity.profiles import Profile
from app.messenger.calls.models import Call
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.people import roles_of
from app.messenger.chats.rights import ChatKind
from app.messenger.notifications.choosing import own_quiet
from app.messenger.notifications.models import NotificationChoice
from app.messenger.notifications.quiet import is_quiet


@dataclass(frozen=True)
class Ring:
    """Whom it rings for, and who calls (public id and name)."""

    profile_id: int
    call: str
    caller: str
    name: str


def ring_of(call_id: int) -> Ring | None:
    """The ring of a call that has just begun; None where nothing rings. Two queries."""
    row = db.session.execute(
        select(
            Call.public_id,
            Member.profile_id,
            Profile.public_id.label("caller"),
            Profile.given_name,
            Profile.family_name,
            NotificationChoice.quiet_from,
            NotificationChoice.quiet_until,
        )
        .select_from(Call)
        .join(Chat, and_(Chat.id == Call.chat_id, Chat.kind == ChatKind.DIRECT))
        .join(Profile, Profile.id == Call.started_by_id)
        .join(
            Member,
            and_(
                Member.chat_id == Chat.id,
                Member.profile_id != Call.started_by_id,
                Member.left_at.is_(None),
                or_(Member.muted_until.is_(None), Member.muted_until <= clock.now()),
            ),
        )
        .outerjoin(NotificationChoice, NotificationChoice.profile_id == Member.profile_id)
        .where(Call.id == call_id, Call.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    settings = current_settings()
    quiet = is_quiet(
        clock.local(settings.time_zone),
        own=own_quiet(row.quiet_from, row.quiet_until),
        school=quiet_from(settings.quiet_hours),
        is_pupil="pupil" in roles_of(row.profile_id),
    )
    name = joined(row.given_name, row.family_name)
    return None if quiet else Ring(row.profile_id, row.public_id, row.caller, name)

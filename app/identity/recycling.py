"""Numbers that change hands: operators give a number to somebody else after months of silence.

Decision: an SMS alone does not open a profile that nobody has used for half a year. Whoever holds
the number now must also name the profile's owner; who cannot begins a profile of their own, and
the number leaves the old one, which stays closed to them with everything in it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from app.core import audit, clock, throttle
from app.core.db import db
from app.core.throttle import Limit
from app.core.transaction import writing
from app.identity.profiles import Profile, VkId
from app.identity.sessions import ProfileSession

DORMANT = dt.timedelta(days=183)
CONFIRMATIONS = Limit(3, dt.timedelta(hours=24))


def is_dormant(vk_id: VkId) -> bool:
    """Nobody has used any profile of this phone for six months."""
    last_use = db.session.scalar(
        select(func.max(ProfileSession.last_seen_at))
        .join(Profile, Profile.id == ProfileSession.profile_id)
        .where(Profile.vk_id_id == vk_id.id)
    )
    return clock.now() - max(last_use or vk_id.created_at, vk_id.created_at) > DORMANT


def seconds_to_wait(phone: str) -> int:
    """How long until the owner of a dormant profile may be named again (0: now)."""
    return throttle.seconds_to_wait(f"confirm:{phone}", CONFIRMATIONS)


def is_owner(vk_id: VkId, *, family: str, given: str) -> bool:
    """Do these names belong to the VK ID or a profile of it? A wrong answer is counted.

    Case and ё do not matter. Call it inside `writing()`.
    """
    named = (_plain(family), _plain(given))
    owners = {(_plain(vk_id.family_name), _plain(vk_id.given_name))}
    owners |= {(_plain(row.family_name), _plain(row.given_name)) for row in vk_id.profiles}
    if named in owners:
        return True
    throttle.record(f"confirm:{vk_id.phone}")
    return False


def release(vk_id: VkId) -> None:
    """The number belongs to somebody else now: the old profiles lose it."""
    with writing():
        vk_id.phone = None
        audit.note(
            actor="system",
            action="phone.released",
            subject=f"vk_id:{vk_id.id}",
            profiles=[profile.public_id for profile in vk_id.profiles],
        )


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())

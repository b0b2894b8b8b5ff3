"""Several people of a family under one phone: whose profile a fresh proof opens, and one more.

Decision: whoever has just proved the phone may choose among its profiles and add another. An old
session of one of them is no key to the profiles of the others.
"""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext
from sqlalchemy import select

from app.core import audit, clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.transaction import writing
from app.identity import sessions
from app.identity.profiles import Profile, VkId
from app.identity.sessions import ProfileSession

FRESH_PROOF = dt.timedelta(minutes=15)
MOST_PROFILES = 6


def is_fresh(session_row: ProfileSession) -> bool:
    """The phone was proved a short while ago in this very browser."""
    return clock.now() - session_row.created_at <= FRESH_PROOF


def has_several(profile_id: int) -> bool:
    """The phone of this profile has other profiles too."""
    vk_id = select(Profile.vk_id_id).where(Profile.id == profile_id).scalar_subquery()
    others = select(Profile.id).where(Profile.vk_id_id == vk_id, Profile.id != profile_id)
    return db.session.scalar(others.limit(1)) is not None


def within_reach(session_row: ProfileSession) -> list[Profile]:
    """The profiles to choose from, the oldest first: all of the phone, or the open one alone."""
    if not is_fresh(session_row):
        return [session_row.profile]
    return list(
        db.session.scalars(
            select(Profile)
            .where(Profile.vk_id_id == session_row.profile.vk_id_id)
            .order_by(Profile.id)
        )
    )


def switch(
    session_row: ProfileSession, profile: Profile, *, address: str, user_agent: str, device: str
) -> str:
    """Open another profile of the phone instead; returns the browser's new token.

    The proof does not grow younger by it: switching again and again buys no time.
    """
    with writing():
        token = sessions.start_session(
            profile.id,
            address=address,
            user_agent=user_agent,
            device=device,
            proved_at=session_row.created_at,
        )
        sessions.end_one(session_row)
    return token


def add_profile(
    session_row: ProfileSession, *, family: str, given: str, patronymic: str
) -> Profile:
    """«Создать другой учебный профиль». A double click finds the one just made.

    Raises:
        Conflict: the proof is too old, or the phone has `MOST_PROFILES` already.
    """
    if not is_fresh(session_row):
        raise Conflict(gettext("Подтвердите номер телефона ещё раз: войдите заново."))
    with writing() as session:
        # Two clicks at once: the second waits here and sees the first one's profile.
        vk_id = session.scalars(
            select(VkId).where(VkId.id == session_row.profile.vk_id_id).with_for_update()
        ).one()
        own = session.scalars(select(Profile).where(Profile.vk_id_id == vk_id.id)).all()
        for profile in own:
            if (profile.family_name, profile.given_name, profile.patronymic) == (
                family,
                given,
                patronymic,
            ):
                return profile
        if len(own) >= MOST_PROFILES:
            raise Conflict(gettext("С этим номером больше профилей создать нельзя."))
        profile = Profile(
            vk_id_id=vk_id.id, family_name=family, given_name=given, patronymic=patronymic
        )
        session.add(profile)
        session.flush()
        audit.note(
            actor=f"profile:{session_row.profile.public_id}",
            action="profile.created",
            subject=f"profile:{profile.public_id}",
        )
        return profile

"""Browsers signed in to a learning profile: their rows, and one look-up for pages and sockets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    bindparam,
    false,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model, db
from app.core.prepared import Prepared
from app.core.transaction import publish, writing
from app.identity.facts import SessionEnded
from app.identity.profiles import Profile

COOKIE = "svyazka_profile"
IDLE = dt.timedelta(days=30)
SEEN_STEP = dt.timedelta(minutes=5)


class ProfileSession(Model):
    """One browser signed in to a profile; the browser holds the secret, we its digest."""

    __tablename__ = "profile_sessions"
    __table_args__ = (Index("ix_profile_sessions_profile_id", "profile_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    last_seen_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    address: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    device_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    # Signed in from a device not seen before; the owner has not said «это я» yet.
    is_new_device: Mapped[bool] = mapped_column(default=False, server_default=false())

    profile: Mapped[Profile] = relationship()


# Built once: they are asked at every request and event, and cost more to build than to ask.
_IS_LIVE = (
    ProfileSession.token_digest == bindparam("digest"),
    ProfileSession.ended_at.is_(None),
    ProfileSession.last_seen_at > bindparam("since"),
)
_LIVE_WITH_PROFILE = (
    select(ProfileSession)
    .options(joinedload(ProfileSession.profile).joinedload(Profile.vk_id))
    .where(*_IS_LIVE)
)
_LIVE_IDS = Prepared(select(ProfileSession.id, ProfileSession.profile_id).where(*_IS_LIVE))


def start_session(
    profile_id: int,
    *,
    address: str,
    user_agent: str,
    device: str = "",
    proved_at: dt.datetime | None = None,
) -> str:
    """Open a session; returns the token for the browser's cookie (a new one at every sign-in).

    `device` is the browser's device token (`core.devices`); `proved_at` is when the phone was
    proved, if not just now.
    """
    token = tokens.secret()
    digest = tokens.digest(device) if device else ""
    with writing() as session:
        known = set(
            session.scalars(
                select(ProfileSession.device_digest).where(
                    ProfileSession.profile_id == profile_id,
                    ProfileSession.device_digest != "",
                    ProfileSession.is_new_device.is_(False),
                )
            )
        )
        session.add(
            ProfileSession(
                token_digest=tokens.digest(token),
                profile_id=profile_id,
                created_at=proved_at or clock.now(),
                address=address[:45],
                user_agent=user_agent[:300],
                device_digest=digest,
                is_new_device=bool(digest and known) and digest not in known,
            )
        )
    return token


def find_session(token: str | None) -> ProfileSession | None:
    """The live session of this token with its profile and VK ID, by one query."""
    if not token:
        return None
    return db.session.scalar(_LIVE_WITH_PROFILE, _live(token))


@dataclass(frozen=True)
class SessionIds:
    """A live session and whose it is."""

    session_id: int
    profile_id: int


def find_ids(token: str | None) -> SessionIds | None:
    """The live session of this token; the quick question, for every event of a socket."""
    if not token:
        return None
    row = _LIVE_IDS.row(**_live(token))
    return SessionIds(row.id, row.profile_id) if row is not None else None


def _live(token: str) -> dict[str, object]:
    return {"digest": tokens.digest(token), "since": clock.now() - IDLE}


def touch(session_row: ProfileSession) -> None:
    """Remember that the browser is in use, at most once in five minutes."""
    if clock.now() - session_row.last_seen_at < SEEN_STEP:
        return
    with writing():
        session_row.last_seen_at = clock.now()


def end_session(token: str | None) -> None:
    """End the session of this token, if it lives."""
    if token:
        _end(ProfileSession.token_digest == tokens.digest(token))


def end_one(session_row: ProfileSession) -> None:
    """End this session; its device stays as known as it was."""
    _end(ProfileSession.id == session_row.id)


def end_named(profile_id: int, public_id: str) -> bool:
    """End one session of this profile and forget its device: back again, it is asked about.

    False when there is nothing to end and nothing to answer (`new_devices` lists ended ones too).
    """
    with writing() as session:
        row = session.scalar(
            select(ProfileSession).where(
                ProfileSession.profile_id == profile_id,
                ProfileSession.public_id == public_id,
                or_(ProfileSession.ended_at.is_(None), ProfileSession.is_new_device.is_(True)),
            )
        )
        if row is None:
            return False
        session.execute(
            update(ProfileSession)
            .where(
                ProfileSession.profile_id == profile_id,
                ProfileSession.device_digest == row.device_digest,
            )
            .values(device_digest="", is_new_device=False)
        )
        _end(ProfileSession.id == row.id)
    return True


def end_others(profile_id: int, *, keep: ProfileSession) -> int:
    """End every other session of the profile; returns how many. It answers for new devices too."""
    others = (ProfileSession.profile_id == profile_id, ProfileSession.id != keep.id)
    with writing() as session:
        session.execute(
            update(ProfileSession)
            .where(*others, ProfileSession.is_new_device.is_(True))
            .values(device_digest="", is_new_device=False)
        )
        return _end(*others)


def end_all(profile: str) -> int:
    """End every session of the profile with this public id; returns how many."""
    own = select(Profile.id).where(Profile.public_id == profile).scalar_subquery()
    return _end(ProfileSession.profile_id == own)


def _end(*conditions: ColumnElement[bool]) -> int:
    """End the live sessions that fit; their sockets are closed after the commit."""
    with writing() as session:
        ended = session.scalars(
            update(ProfileSession)
            .where(*conditions, ProfileSession.ended_at.is_(None))
            .values(ended_at=clock.now())
            .returning(ProfileSession.id)
        ).all()
        for session_id in ended:
            publish(SessionEnded(session_id))
    return len(ended)


def sessions_of(profile_id: int) -> list[ProfileSession]:
    """Live sessions of a profile, the latest used first."""
    return list(
        db.session.scalars(
            select(ProfileSession)
            .where(
                ProfileSession.profile_id == profile_id,
                ProfileSession.ended_at.is_(None),
                ProfileSession.last_seen_at > clock.now() - IDLE,
            )
            .order_by(ProfileSession.last_seen_at.desc())
        )
    )


def new_devices(profile_id: int, here: ProfileSession) -> list[ProfileSession]:
    """Sign-ins of the last 30 days on devices not seen before, that another device may answer for.

    Ended ones too: who came, looked and left is worth knowing of.
    """
    return list(
        db.session.scalars(
            select(ProfileSession)
            .where(
                ProfileSession.profile_id == profile_id,
                ProfileSession.is_new_device.is_(True),
                ProfileSession.device_digest != here.device_digest,
                ProfileSession.created_at > clock.now() - IDLE,
            )
            .order_by(ProfileSession.id.desc())
        )
    )


def recognise(here: ProfileSession, public_id: str) -> None:
    """«Да, это я»: the device is known from now on. No device vouches for itself."""
    with writing() as session:
        session.execute(
            update(ProfileSession)
            .where(
                ProfileSession.profile_id == here.profile_id,
                ProfileSession.public_id == public_id,
                ProfileSession.device_digest != here.device_digest,
            )
            .values(is_new_device=False)
        )

"""Browsers signed in to a learning profile: their rows, and one look-up for pages and sockets."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model, db
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

    profile: Mapped[Profile] = relationship()


def start_session(profile_id: int, *, address: str, user_agent: str) -> str:
    """Open a session; returns the token for the browser's cookie (a new one at every sign-in)."""
    token = tokens.secret()
    with writing() as session:
        session.add(
            ProfileSession(
                token_digest=tokens.digest(token),
                profile_id=profile_id,
                address=address[:45],
                user_agent=user_agent[:300],
            )
        )
    return token


def find_session(token: str | None) -> ProfileSession | None:
    """The live session of this token with its profile and VK ID, by one query."""
    if not token:
        return None
    return db.session.scalar(
        select(ProfileSession)
        .options(joinedload(ProfileSession.profile).joinedload(Profile.vk_id))
        .where(
            ProfileSession.token_digest == tokens.digest(token),
            ProfileSession.ended_at.is_(None),
            ProfileSession.last_seen_at > clock.now() - IDLE,
        )
    )


def touch(session_row: ProfileSession) -> None:
    """Remember that the browser is in use, at most once in five minutes."""
    if clock.now() - session_row.last_seen_at < SEEN_STEP:
        return
    with writing():
        session_row.last_seen_at = clock.now()


def end_session(token: str | None) -> None:
    """End the session of this token, if it lives."""
    if not token:
        return
    with writing() as session:
        ended = session.scalars(
            update(ProfileSession)
            .where(
                ProfileSession.token_digest == tokens.digest(token),
                ProfileSession.ended_at.is_(None),
            )
            .values(ended_at=clock.now())
            .returning(ProfileSession.id)
        ).all()
        for session_id in ended:
            publish(SessionEnded(session_id))


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

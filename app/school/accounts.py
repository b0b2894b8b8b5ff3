"""Journal accounts (login + password, given by the school) and their browser sessions: tables.

Signing in lives in `signing_in.py`, first sign-in slips in `slips.py`.
"""

from __future__ import annotations

import datetime as dt

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model
from app.school.people import Person


class Account(UserMixin, Model):  # type: ignore[misc]  # flask_login has no types
    """The journal account of one person: Flask-Login's user.

    `password_hash` is argon2id, empty until the first slip is printed. `must_change_password`
    holds from the slip to the first own password.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(default=True)
    first_signed_in_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    # How the person likes the site (`core.language`); empty until they have chosen.
    language: Mapped[str] = mapped_column(String(5), default="", server_default="")
    theme: Mapped[str] = mapped_column(String(10), default="", server_default="")

    person: Mapped[Person] = relationship()


class JournalSession(Model):
    """One browser signed in to the journal; the browser holds the secret, we its digest."""

    __tablename__ = "journal_sessions"
    __table_args__ = (Index("ix_journal_sessions_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    last_seen_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    address: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    device_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    # Signed in from a device not seen before; the owner has not said «это я» yet.
    is_new_device: Mapped[bool] = mapped_column(default=False, server_default=false())

    account: Mapped[Account] = relationship()

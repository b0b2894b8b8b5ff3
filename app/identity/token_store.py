"""What the provider has issued: codes, access tokens, refresh tokens, all kept as digests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin
from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model, db
from app.core.transaction import writing
from app.identity.profiles import Profile

TOKEN_LIFE = dt.timedelta(minutes=10)
REFRESH_LIFE = dt.timedelta(days=90)


class AuthorizationCode(AuthorizationCodeMixin, Model):  # type: ignore[misc]  # authlib: no types
    """A single-use code, kept as a digest. `used_at` is set by the first exchange that shows it."""

    __tablename__ = "authorization_codes"
    __table_args__ = (Index("ix_authorization_codes_client_nonce", "client_id", "nonce"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[str] = mapped_column(String(60))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    session_key: Mapped[str] = mapped_column(String(24))
    redirect_uri: Mapped[str] = mapped_column(String(300))
    scope: Mapped[str] = mapped_column(String(200))
    nonce: Mapped[str] = mapped_column(String(200))
    code_challenge: Mapped[str] = mapped_column(String(128))
    code_challenge_method: Mapped[str] = mapped_column(String(10))
    # When the person proved the phone for the session that this code stands on.
    auth_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    profile: Mapped[Profile] = relationship()

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int((self.auth_at or self.created_at).timestamp())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> list[str]:
        return ["sms"]


class AccessToken(Model):
    """A bearer token for userinfo, kept as a digest; `code_id` lets a replayed code revoke it."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("authorization_codes.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    profile: Mapped[Profile] = relationship()
    code: Mapped[AuthorizationCode] = relationship()

    def check_client(self, client: Any) -> bool:
        return bool(self.code.client_id == client.get_client_id())


class RefreshToken(Model):
    """A token that brings new access tokens: used once, then replaced (RFC 9700, §4.14.2).

    All that came from one authorization code is one family: a used token shown again means that
    two parties hold it, and the whole family is revoked.
    """

    __tablename__ = "refresh_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("authorization_codes.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    profile: Mapped[Profile] = relationship()
    code: Mapped[AuthorizationCode] = relationship()

    def check_client(self, client: Any) -> bool:
        return bool(self.code.client_id == client.get_client_id())

    def get_scope(self) -> str:
        return self.scope


def revoke_family(code_id: int) -> None:
    """Nothing that came from this authorization code works any more."""
    with writing() as session:
        for table in (AccessToken, RefreshToken):
            session.execute(
                update(table)
                .where(table.code_id == code_id, table.revoked_at.is_(None))
                .values(revoked_at=clock.now())
            )


def revoke_all(profile_id: int, client_id: str) -> None:
    """Nothing that this profile ever gave to the client works any more."""
    with writing() as session:
        codes = select(AuthorizationCode.id).where(
            AuthorizationCode.profile_id == profile_id, AuthorizationCode.client_id == client_id
        )
        for table in (AccessToken, RefreshToken):
            session.execute(
                update(table)
                .where(table.code_id.in_(codes), table.revoked_at.is_(None))
                .values(revoked_at=clock.now())
            )


def live_refresh_token(value: str) -> RefreshToken | None:
    """The refresh token behind a string, claimed: a second showing revokes its family."""
    with writing() as session:
        row = session.scalar(
            select(RefreshToken)
            .where(RefreshToken.token_digest == tokens.digest(value))
            .with_for_update()
        )
        if row is None or row.revoked_at is not None:
            return None
        if row.used_at is not None:
            revoke_family(row.code_id)
            return None
        if clock.now() - row.created_at > REFRESH_LIFE:
            return None
        row.used_at = clock.now()
    return row


def any_token(value: str) -> AccessToken | RefreshToken | None:
    """The token behind a string, of whichever kind."""
    digest = tokens.digest(value)
    return db.session.scalar(
        select(AccessToken).where(AccessToken.token_digest == digest)
    ) or db.session.scalar(select(RefreshToken).where(RefreshToken.token_digest == digest))


def bearer(token: str) -> AccessToken | None:
    """The live access token behind a bearer string."""
    row = db.session.scalar(
        select(AccessToken).where(AccessToken.token_digest == tokens.digest(token))
    )
    if row is None or row.revoked_at is not None or clock.now() - row.created_at > TOKEN_LIFE:
        return None
    return row

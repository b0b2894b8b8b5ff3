"""The OpenID provider: authorization code with PKCE S256 for every client, built on Authlib.

Sources: OpenID Connect Core 1.0; RFC 7636 (PKCE), RFC 9207 (issuer in the response), RFC 9700.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, current_app
from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.config import Settings, current_settings
from app.core.db import UTC, Model, db
from app.core.transaction import writing
from app.identity import clients, keys
from app.identity.phones import masked_phone
from app.identity.profiles import Profile

CODE_LIFE = dt.timedelta(seconds=60)
TOKEN_LIFE = dt.timedelta(minutes=10)
EXTENSION_KEY = "svyazka.provider"


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
        return int(self.created_at.timestamp())

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


def claims_of(profile: Profile, scope: str) -> UserInfo:
    """What a client learns. The full phone is never told: the journal shows its mask only."""
    claims = UserInfo(sub=profile.public_id)
    if "profile" in scope.split():
        claims.update(
            name=profile.name,
            family_name=profile.family_name,
            given_name=profile.given_name,
            middle_name=profile.patronymic,
            phone_masked=masked_phone(profile.vk_id.phone),
        )
    return claims


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no types
    """Authorization code, confidential clients only."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        profile, session_key = request.user
        with writing() as session:
            session.add(
                AuthorizationCode(
                    code_digest=tokens.digest(code),
                    client_id=request.client.client_id,
                    profile_id=profile.id,
                    session_key=session_key,
                    redirect_uri=request.payload.redirect_uri,
                    scope=request.client.get_allowed_scope(request.payload.scope),
                    nonce=data["nonce"],
                    code_challenge=data["code_challenge"],
                    code_challenge_method=data["code_challenge_method"],
                )
            )

    def query_authorization_code(self, code: str, client: Any) -> AuthorizationCode | None:
        """Burn the code at its first showing; a second one revokes what the first brought."""
        with writing() as session:
            row = session.scalar(
                select(AuthorizationCode)
                .where(
                    AuthorizationCode.code_digest == tokens.digest(code),
                    AuthorizationCode.client_id == client.client_id,
                )
                .with_for_update()
            )
            if row is None:
                return None
            if row.used_at is not None:
                session.execute(
                    update(AccessToken)
                    .where(AccessToken.code_id == row.id)
                    .values(revoked_at=clock.now())
                )
                return None
            row.used_at = clock.now()
        return row if clock.now() - row.created_at <= CODE_LIFE else None

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """Nothing to do: the code was burnt when it was shown, and is kept to notice a replay."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> Profile:
        return authorization_code.profile


class OpenId(OpenIDCode):  # type: ignore[misc]  # authlib has no types
    """The id_token of the code flow."""

    def resolve_client_private_key(self, client: Any) -> Any:
        return keys.signing_key()

    def get_client_algorithm(self, client: Any) -> str:
        return keys.ALGORITHM

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": current_settings().issuer, "aud": client.get_client_id()}

    def get_encode_header(self, client: Any) -> dict[str, Any]:
        return {"alg": keys.ALGORITHM, "kid": keys.signing_key().kid}

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        found = db.session.scalar(
            select(AuthorizationCode.id).where(
                AuthorizationCode.client_id == request.payload.client_id,
                AuthorizationCode.nonce == nonce,
            )
        )
        return found is not None

    def generate_user_info(self, user: Profile, scope: str) -> UserInfo:
        return UserInfo(sub=user.public_id)

    def get_authorization_code_claims(self, authorization_code: Any) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return {**claims, "sid": authorization_code.session_key}


class Pkce(CodeChallenge):  # type: ignore[misc]  # authlib has no types
    """S256 for every client: Authlib's `required` covers public clients only."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError(
                "PKCE with S256 is required",
                redirect_uri=redirect_uri,
                state=grant.request.payload.state,
            )
        super().validate_code_challenge(grant, redirect_uri)


class Issuer(IssuerParameter):  # type: ignore[misc]  # authlib has no types
    """`iss` in the authorization response (RFC 9207)."""

    def get_issuer(self) -> str:
        return current_settings().issuer


def _save_token(token: dict[str, Any], request: Any) -> None:
    code: AuthorizationCode = request.authorization_code
    with writing() as session:
        session.add(
            AccessToken(
                token_digest=tokens.digest(token["access_token"]),
                code_id=code.id,
                profile_id=code.profile_id,
                scope=token.get("scope") or code.scope,
            )
        )


def install(app: Flask, settings: Settings) -> None:
    """Make the provider of this application."""
    if not settings.is_secure:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": int(TOKEN_LIFE.total_seconds())}
    server = AuthorizationServer(app, query_client=clients.find_client, save_token=_save_token)
    server.register_grant(CodeGrant, [Pkce(required=True), OpenId(require_nonce=True)])
    server.register_extension(Issuer())
    app.extensions[EXTENSION_KEY] = server


def server() -> Any:
    """The Authlib server of the application at work."""
    return current_app.extensions[EXTENSION_KEY]


def discovery() -> dict[str, Any]:
    """OpenID Connect Discovery 1.0, §3."""
    issuer = current_settings().issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(clients.SCOPES),
        "authorization_response_iss_parameter_supported": True,
    }


def bearer(token: str) -> AccessToken | None:
    """The live access token behind a bearer string."""
    row = db.session.scalar(
        select(AccessToken).where(AccessToken.token_digest == tokens.digest(token))
    )
    if row is None or row.revoked_at is not None or clock.now() - row.created_at > TOKEN_LIFE:
        return None
    return row

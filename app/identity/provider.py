"""The OpenID provider: authorization code with PKCE S256 for every client, built on Authlib.

Sources: OpenID Connect Core 1.0; RFC 7636 (PKCE), RFC 9207 (issuer in the response), RFC 9700.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, current_app
from sqlalchemy import select

from app.core import clock, tokens
from app.core.config import Settings, current_settings
from app.core.db import db
from app.core.transaction import writing
from app.identity import clients, keys
from app.identity.phones import masked_phone
from app.identity.profiles import Profile
from app.identity.token_store import (
    TOKEN_LIFE,
    AccessToken,
    AuthorizationCode,
    RefreshToken,
    any_token,
    live_refresh_token,
    revoke_family,
)

CODE_LIFE = dt.timedelta(seconds=60)
EXTENSION_KEY = "svyazka.provider"


@dataclass(frozen=True)
class SignedIn:
    """Whose consent a code stands on: the profile, its session, and when its phone was proved."""

    profile_id: int
    session_key: str
    auth_at: dt.datetime


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
        user: SignedIn = request.user
        with writing() as session:
            session.add(
                AuthorizationCode(
                    code_digest=tokens.digest(code),
                    client_id=request.client.client_id,
                    profile_id=user.profile_id,
                    session_key=user.session_key,
                    auth_at=user.auth_at,
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
                revoke_family(row.id)
                return None
            row.used_at = clock.now()
        return row if clock.now() - row.created_at <= CODE_LIFE else None

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """Nothing to do: the code was burnt when it was shown, and is kept to notice a replay."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> Profile:
        return authorization_code.profile

    def generate_token(self, *args: Any, **kwargs: Any) -> Any:
        """A refresh token only for `offline_access` (OpenID Connect Core 1.0, §11)."""
        wants_it = "offline_access" in (kwargs.get("scope") or "").split()
        kwargs["include_refresh_token"] = kwargs.get("include_refresh_token", False) and wants_it
        return super().generate_token(*args, **kwargs)


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # authlib has no types
    """A new access token and a new refresh token for the old one."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshToken | None:
        return live_refresh_token(refresh_token)

    def authenticate_user(self, refresh_token: RefreshToken) -> Profile:
        return refresh_token.profile

    def revoke_old_credential(self, refresh_token: RefreshToken) -> None:
        """Nothing to do: it was used up when it was shown, and is kept to notice a replay."""


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # authlib has no types
    """RFC 7009."""

    CLIENT_AUTH_METHODS = ["client_secret_basic"]
    SUPPORTED_TOKEN_TYPES = ["access_token", "refresh_token"]

    def query_token(self, token_string: str, token_type_hint: str | None) -> Any:
        return any_token(token_string)

    def revoke_token(self, token: Any, request: Any) -> None:
        """A refresh token takes its access tokens along (§2.1); an access token goes alone."""
        if isinstance(token, RefreshToken):
            revoke_family(token.code_id)
        else:
            with writing():
                token.revoked_at = clock.now()


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
    refreshed: RefreshToken | None = getattr(request, "refresh_token", None)
    code: AuthorizationCode = refreshed.code if refreshed else request.authorization_code
    issued = {"code_id": code.id, "profile_id": code.profile_id}
    scope = token.get("scope") or code.scope
    with writing() as session:
        digest = tokens.digest(token["access_token"])
        session.add(AccessToken(token_digest=digest, scope=scope, **issued))
        if token.get("refresh_token"):
            # Narrowing the scope of one access token does not narrow the right to ask again.
            kept = refreshed.scope if refreshed else scope
            digest = tokens.digest(token["refresh_token"])
            session.add(RefreshToken(token_digest=digest, scope=kept, **issued))


def install(app: Flask, settings: Settings) -> None:
    """Make the provider of this application."""
    if not settings.is_secure:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    life = int(TOKEN_LIFE.total_seconds())
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": life, "refresh_token": life}
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(app, query_client=clients.find_client, save_token=_save_token)
    server.register_grant(CodeGrant, [Pkce(required=True), OpenId(require_nonce=True)])
    server.register_grant(RefreshGrant)
    server.register_endpoint(Revocation)
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
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "revocation_endpoint": f"{issuer}/revoke",
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic"],
        "end_session_endpoint": f"{issuer}/logout",
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "response_modes_supported": ["query"],
        "claims_supported": ["sub", "name", "family_name", "given_name", "middle_name"],
        "prompt_values_supported": ["none", "login", "consent"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(clients.SCOPES),
        "authorization_response_iss_parameter_supported": True,
    }

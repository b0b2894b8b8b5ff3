"""Whether an id_token is the provider's own, for us, for this attempt, and fresh."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from flask import current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, RSAKey

from app.core import clock
from app.core.openid.client import Provider, Untrusted, ask_json, metadata_of, unavailable

ALGORITHMS = ["RS256"]
CLOCK_SKEW = 60  # seconds
KEYS_LIFE = dt.timedelta(hours=1)  # a key that was withdrawn is believed no longer than that
MAX_SUBJECT = 200  # as the column; OpenID Connect Core 1.0 §2 allows 255

log = structlog.get_logger(__name__)


def verified_subject(provider: Provider, id_token: str, *, nonce: str) -> str:
    """Check the token (OpenID Connect Core 1.0, §3.1.3.7) and give its subject.

    Raises:
        Untrusted: a check fails; which one is only logged.
        Unavailable: the provider's keys cannot be read.
    """
    try:
        token = _decode(provider, id_token)
        _registry(provider, nonce).validate(token.claims)
        return _subject(provider, token.claims)
    except (JoseError, ValueError) as error:
        log.warning("sign-in provider is not trusted", reason=str(error)[:300])
        raise Untrusted from error


def _decode(provider: Provider, id_token: str) -> jwt.Token:
    """Verify the signature; an unknown key id makes the keys be read anew, once (rotation)."""
    try:
        return jwt.decode(id_token, _keys(provider), algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        return jwt.decode(id_token, _keys(provider, anew=True), algorithms=ALGORITHMS)


def _registry(provider: Provider, nonce: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=CLOCK_SKEW,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _subject(provider: Provider, claims: dict[str, Any]) -> str:
    audience = claims["aud"]
    is_shared = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if is_shared else provider.client_id) != provider.client_id:
        raise ValueError("the token was made for another client")
    subject: str = claims["sub"]
    if not 0 < len(subject) <= MAX_SUBJECT:
        raise ValueError("the subject has no usable length")
    return subject


def _keys(provider: Provider, *, anew: bool = False) -> KeySet:
    cache: dict[str, tuple[dt.datetime, KeySet]] = current_app.extensions.setdefault(
        "svyazka.openid.keys", {}
    )
    known = cache.get(provider.issuer)
    if anew or known is None or clock.now() - known[0] > KEYS_LIFE:
        known = cache[provider.issuer] = (clock.now(), _read_keys(provider))
    return known[1]


def _read_keys(provider: Provider) -> KeySet:
    document = ask_json(provider, "jwks", "GET", metadata_of(provider).jwks_uri)
    found = document.get("keys")
    rsa = [
        key
        for key in (found if isinstance(found, list) else [])
        if isinstance(key, dict) and key.get("kty") == "RSA" and key.get("use") != "enc"
    ]
    try:
        keys = KeySet([RSAKey.import_key(key) for key in rsa])
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise unavailable("jwks", error) from error
    if not keys:
        raise unavailable("jwks", "no RSA key")
    return keys

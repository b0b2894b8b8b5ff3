"""An OpenID client: discovery, authorization address, code exchange, userinfo.

Nothing here touches tables. Never call this module inside `writing()`: the provider may be slow,
and when it is our own, its request writes through its own connection and would wait for our lock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import structlog
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import current_app
from flask_babel import lazy_gettext

from app.core import clock
from app.core.errors import Unavailable

METADATA_LIFE = dt.timedelta(hours=1)
TIMEOUT = httpx.Timeout(10, connect=3)
SCOPE = "openid profile"
MAX_ANSWER = 256 * 1024
_BEARER = re.compile(r"[\x21-\x7e]+")  # RFC 6750, appendix A.12, without the space

log = structlog.get_logger(__name__)


class CodeRefused(Exception):
    """The provider does not accept the code: used, old, or of another client."""


class Untrusted(Exception):
    """The answer fails a check; which one is only logged."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider, and how our client proves itself there."""

    issuer: str
    client_id: str
    client_secret: str
    open_http: Callable[[], httpx.Client]


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The part of the discovery document that we use (OpenID Connect Discovery 1.0, §3)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    names_itself: bool  # puts `iss` into the callback (RFC 9207, §3)
    read_at: dt.datetime


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gave for a code."""

    access_token: str
    id_token: str


def open_http_outside() -> httpx.Client:
    """A client for a provider elsewhere: no redirects, no proxies from the environment."""
    return httpx.Client(timeout=TIMEOUT, trust_env=False)


def unavailable(step: str, reason: object) -> Unavailable:
    """The problem to raise when the provider fails at `step`; the reason goes to the log only."""
    log.warning("sign-in provider failed", step=step, reason=str(reason)[:300])
    return Unavailable(
        lazy_gettext(
            "Сервис входа в Сферум сейчас не отвечает. Ничего не изменилось, журнал работает "
            "как обычно. Попробуйте ещё раз через несколько минут."
        )
    )


def metadata_of(provider: Provider) -> Metadata:
    """The provider's discovery document, read at most once an hour.

    Raises:
        Unavailable: it does not answer, or speaks for another issuer.
    """
    cache: dict[str, Metadata] = current_app.extensions.setdefault("svyazka.openid.metadata", {})
    known = cache.get(provider.issuer)
    if known is None or clock.now() - known.read_at > METADATA_LIFE:
        known = cache[provider.issuer] = _read_metadata(provider)
    return known


def _read_metadata(provider: Provider) -> Metadata:
    address = f"{provider.issuer}/.well-known/openid-configuration"
    document = ask_json(provider, "discovery", "GET", address)
    if document.get("issuer") != provider.issuer:
        raise unavailable("discovery", "another issuer")
    endpoints = {
        name: _address(document.get(name))
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    }
    return Metadata(
        **endpoints,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        read_at=clock.now(),
    )


def _address(value: object) -> str:
    try:
        if isinstance(value, str) and urlsplit(value).scheme in {"http", "https"}:
            return value
    except ValueError as error:
        raise unavailable("discovery", error) from error
    raise unavailable("discovery", "an endpoint is missing")


def authorization_url(
    provider: Provider,
    *,
    redirect_uri: str,
    state: str,
    nonce: str,
    code_verifier: str,
    extra: Mapping[str, str],
) -> str:
    """Where to send the browser (RFC 6749 §4.1.1, RFC 7636 with S256)."""
    endpoint = metadata_of(provider).authorization_endpoint
    query = urlencode(
        {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(code_verifier),
            "code_challenge_method": "S256",
            **extra,
        }
    )
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"


def exchange_code(
    provider: Provider, *, code: str, redirect_uri: str, code_verifier: str
) -> Tokens:
    """Trade a code for tokens (client_secret_basic).

    Raises:
        CodeRefused: the provider does not accept the code (used, old, foreign).
        Unavailable: it does not answer, or not with tokens.
    """
    response = _ask(
        provider,
        "token",
        "POST",
        metadata_of(provider).token_endpoint,
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        },
        # RFC 6749 §2.3.1: both halves are form-encoded first.
        auth=(quote(provider.client_id, safe=""), quote(provider.client_secret, safe="")),
    )
    answer = _json("token", response)
    if response.status_code == 400 and answer.get("error") == "invalid_grant":
        raise CodeRefused
    access_token, id_token = answer.get("access_token"), answer.get("id_token")
    is_bearer = str(answer.get("token_type", "")).lower() == "bearer"
    if (
        response.status_code != 200
        or not is_bearer
        or not isinstance(access_token, str)
        or not _BEARER.fullmatch(access_token)
        or not isinstance(id_token, str)
    ):
        raise unavailable("token", f"{response.status_code} {answer.get('error')}")
    return Tokens(access_token, id_token)


def read_userinfo(provider: Provider, access_token: str, *, subject: str) -> Mapping[str, Any]:
    """Claims about `subject` (OpenID Connect Core 1.0, §5.3).

    Raises:
        Untrusted: the answer is about somebody else.
        Unavailable: no answer.
    """
    answer = ask_json(
        provider,
        "userinfo",
        "GET",
        metadata_of(provider).userinfo_endpoint,
        headers={"Authorization": f"Bearer {access_token}"},
    )
    if answer.get("sub") != subject:
        log.warning("sign-in provider is not trusted", reason="userinfo of another subject")
        raise Untrusted
    return answer


def ask_json(
    provider: Provider, step: str, method: str, url: str, **options: Any
) -> dict[str, Any]:
    """One request that must be answered with 200 and a JSON object, or the step failed."""
    response = _ask(provider, step, method, url, **options)
    if response.status_code != 200:
        raise unavailable(step, response.status_code)
    return _json(step, response)


def _ask(provider: Provider, step: str, method: str, url: str, **options: Any) -> httpx.Response:
    try:
        with provider.open_http() as http:
            response = http.request(
                method,
                url,
                headers={"Accept": "application/json"} | options.pop("headers", {}),
                **options,
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unavailable(step, repr(error)) from error
    if len(response.content) > MAX_ANSWER:
        raise unavailable(step, "the answer is too long")
    return response


def _json(step: str, response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as error:
        raise unavailable(step, f"{response.status_code}, no JSON") from error
    if not isinstance(answer, dict):
        raise unavailable(step, "no JSON object")
    return answer

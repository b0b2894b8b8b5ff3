"""Whom we ask who somebody is: any OpenID provider by its discovery document, or VK ID."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.config import Settings, SignInKind, current_settings
from app.core.openid.client import (
    Provider,
    Untrusted,
    authorization_url,
    exchange_code,
    metadata_of,
    open_http_outside,
    read_userinfo,
)
from app.core.openid.id_tokens import verified_subject
from app.identity.elsewhere.humans import Human
from app.identity.elsewhere.vk_id import VkIdProvider

LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back in the address; every value is foreign and is never shown."""

    state: str = ""
    code: str = ""
    error: str = ""
    issuer: str = ""
    device_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What binds one attempt together: sent ahead, or kept here until the code is traded."""

    redirect_uri: str
    state: str
    nonce: str
    code_verifier: str


class SignInProvider(Protocol):
    """A provider that people sign in at. `name` is how its button calls it."""

    name: str

    def address(self, secrets: Secrets) -> str:
        """Where to send the browser. Raises Unavailable."""

    def check(self, answer: Answer) -> None:
        """Is it this provider that answers (RFC 9207)? Raises Untrusted."""

    def prove(self, answer: Answer, secrets: Secrets) -> Human:
        """Trade the code. Raises CodeRefused, Untrusted, Unavailable."""


class OpenIdProvider:
    """Any OpenID provider: Keycloak, a city's or a region's single sign-on."""

    def __init__(self, provider: Provider, name: str) -> None:
        self._provider = provider
        self.name = name

    def address(self, secrets: Secrets) -> str:
        """With PKCE, state and nonce.

        Decision: `prompt=login`: at a school's computer the next pupil must not be let in by the
        session that the last one left at the provider.
        """
        return authorization_url(
            self._provider,
            redirect_uri=secrets.redirect_uri,
            state=secrets.state,
            nonce=secrets.nonce,
            code_verifier=secrets.code_verifier,
            extra={"prompt": "login"},
        )

    def check(self, answer: Answer) -> None:
        """`iss`, when given or promised, must be this provider's."""
        if answer.issuer not in {"", self._provider.issuer}:
            raise Untrusted
        if not answer.issuer and metadata_of(self._provider).names_itself:
            raise Untrusted

    def prove(self, answer: Answer, secrets: Secrets) -> Human:
        """By the id_token; names from userinfo."""
        issued = exchange_code(
            self._provider,
            code=answer.code,
            redirect_uri=secrets.redirect_uri,
            code_verifier=secrets.code_verifier,
        )
        subject = verified_subject(self._provider, issued.id_token, nonce=secrets.nonce)
        claims = read_userinfo(self._provider, issued.access_token, subject=subject)
        return Human(
            issuer=self._provider.issuer,
            subject=subject,
            family_name=named(claims, "family_name"),
            given_name=named(claims, "given_name"),
            patronymic=named(claims, "middle_name"),
        )


class VkIdSignIn:
    """VK ID: no discovery, no id_token to rely on, a device id, user info by a form."""

    def __init__(self, provider: VkIdProvider, name: str) -> None:
        self._provider = provider
        self.name = name

    def address(self, secrets: Secrets) -> str:
        """With PKCE and state; VK ID has no nonce."""
        return self._provider.authorization_url(
            redirect_uri=secrets.redirect_uri,
            state=secrets.state,
            code_verifier=secrets.code_verifier,
        )

    def check(self, answer: Answer) -> None:
        """VK ID always brings a device id; without it the code cannot be traded."""
        if not answer.device_id:
            raise Untrusted

    def prove(self, answer: Answer, secrets: Secrets) -> Human:
        """By the access token's own user info."""
        user = self._provider.user_of(
            code=answer.code,
            device_id=answer.device_id,
            redirect_uri=secrets.redirect_uri,
            state=secrets.state,
            code_verifier=secrets.code_verifier,
        )
        return Human(
            issuer=self._provider.host,
            subject=str(user["user_id"]),
            family_name=named(user, "last_name"),
            given_name=named(user, "first_name"),
        )


def named(claims: Mapping[str, Any], name: str) -> str:
    """A name as a claim gives it, without what no form can hold."""
    value = claims.get(name)
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value if sign.isprintable()).strip()[:LONGEST_NAME]


def current() -> SignInProvider | None:
    """The configured provider; None when people sign in here, by phone."""
    settings = current_settings()
    if settings.sign_in is SignInKind.OWN:
        return None
    return _made(settings)


def _made(settings: Settings) -> SignInProvider:
    options = settings.sign_in_options
    client_id = options["SIGN_IN_CLIENT_ID"]
    if settings.sign_in is SignInKind.VKID:
        host = options.get("SIGN_IN_ISSUER") or "https://id.vk.com"
        name = options.get("SIGN_IN_NAME") or "VK ID"
        return VkIdSignIn(VkIdProvider(host.rstrip("/"), client_id, open_http_outside), name)
    issuer = options["SIGN_IN_ISSUER"]
    provider = Provider(
        issuer=issuer,
        client_id=client_id,
        client_secret=options["SIGN_IN_CLIENT_SECRET"],
        open_http=open_http_outside,
    )
    return OpenIdProvider(provider, options.get("SIGN_IN_NAME") or issuer)

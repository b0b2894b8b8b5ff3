"""The addresses of the OpenID provider: what browsers see (consent) and what clients call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.core import clock, devices, throttle
from app.core.config import current_settings
from app.core.headers import lead_forms_to
from app.core.throttle import Limit
from app.core.tokens import digest
from app.identity import consents, keys, provider, sessions, shared_phone, token_store
from app.identity.phones import masked_phone
from app.identity.profiles import Profile
from app.identity.provider import SignedIn
from app.identity.routes import (
    CONSENT_INDEX,
    address,
    agent,
    bp,
    keep_session,
    lead_to,
    standing,
    steps,
)
from app.identity.sessions import ProfileSession

JUST_NOW = dt.timedelta(minutes=2)
WRONG_SECRETS = Limit(20, dt.timedelta(minutes=15))

api = Blueprint("provider", __name__, url_prefix="/id")


@bp.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """FLOWS 1.10: consent. Without a signed-in profile the walk comes first, then this again."""
    session = standing().session
    try:
        grant = provider.server().get_consent_grant(end_user=session and session.profile)
    except OAuth2Error as error:
        return _refused(error)
    prompts = set((grant.request.payload.data.get("prompt") or "").split())
    if session is None or _must_prove_again(grant, session, prompts):
        if "none" in prompts:
            return _tell(grant, "login_required")
        account = _account_of(grant)
        context = digest(repr(sorted(account.items()))) if account else ""
        sessions.end_session(request.cookies.get(sessions.COOKIE))
        return lead_to(f"/id/authorize?{request.query_string.decode()}", context)
    if request.method == "POST":
        return _answer_consent(grant, session)
    client, scope = grant.client, grant.client.get_allowed_scope(grant.request.payload.scope)
    if (
        not client.is_own
        and "consent" not in prompts
        and consents.is_given(session.profile_id, client.client_id, scope)
    ):
        return _answer(grant, session, session.profile)
    if "none" in prompts:
        return _tell(grant, "consent_required")
    return _consent_page(grant, session)


def _must_prove_again(grant: Any, session: ProfileSession, prompts: set[str]) -> bool:
    """`prompt=login` and `max_age` (OpenID Connect Core 1.0, §3.1.2.1).

    A session proved within `JUST_NOW` satisfies both: it is the one that this request led to.
    """
    age = clock.now() - session.created_at
    limits = [JUST_NOW] if "login" in prompts else []
    max_age = grant.request.payload.data.get("max_age", "")
    if max_age.isdecimal() and len(max_age) < 10:
        limits.append(max(JUST_NOW, dt.timedelta(seconds=int(max_age))))
    return any(age > limit for limit in limits)


def _consent_page(grant: Any, session: ProfileSession) -> Response:
    profile = session.profile
    page = make_response(
        render_template(
            "identity/consent.html",
            **steps(CONSENT_INDEX),
            client=grant.client,
            account=_account_of(grant),
            profiles=shared_phone.within_reach(session),
            current=profile,
            signs_in_elsewhere=profile.vk_id.subject is not None,
            may_add=shared_phone.is_fresh(session),
            masked=masked_phone(profile.vk_id.phone),
            here=f"/id/authorize?{request.query_string.decode()}",
        )
    )
    return lead_forms_to(page, grant.client.redirect_uris)


def _answer_consent(grant: Any, session: ProfileSession) -> Response:
    if request.form.get("answer") != "link":
        return _answer(grant, None, None)
    wanted = request.form.get("profile")
    own = shared_phone.within_reach(session)
    chosen = next((row for row in own if row.public_id == wanted), session.profile)
    token = None
    if chosen.id != session.profile_id:
        sessions.end_session(request.cookies.get(sessions.COOKIE))
        token = shared_phone.switch(
            session,
            chosen,
            address=address(),
            user_agent=agent(),
            device=devices.device_token(),
        )
        session = sessions.find_session(token) or session
    response = _answer(grant, session, chosen)
    return keep_session(response, token) if token else response


def _answer(grant: Any, session: ProfileSession | None, profile: Profile | None) -> Response:
    """A code for the client, or «access_denied»: Authlib takes a missing user for that."""
    user = None
    if session is not None and profile is not None:
        user = SignedIn(profile.id, session.public_id, session.created_at)
        if not grant.client.is_own:
            scope = grant.client.get_allowed_scope(grant.request.payload.scope)
            consents.remember(profile, grant.client.client_id, scope)
    response: Response = provider.server().create_authorization_response(
        grant=grant, grant_user=user
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _tell(grant: Any, error: str) -> Response:
    """An error that the client asked to be told instead of showing a page (§3.1.2.6)."""
    payload = grant.request.payload
    answer = {"error": error, "iss": current_settings().issuer}
    if payload.state:
        answer["state"] = payload.state
    address = grant.validate_authorization_redirect_uri(grant.request, grant.client)
    return make_response(redirect(add_params_to_uri(address, answer)))


def _refused(error: OAuth2Error) -> Response:
    """Errors that may be told to the client are; a wrong client or address gets a page."""
    if getattr(error, "redirect_uri", None):
        response: Response = provider.server().handle_error_response(None, error)
        response.location = add_params_to_uri(response.location, {"iss": current_settings().issuer})
        return response
    return make_response(render_template("identity/bad_request.html", error=error.error), 400)


def _account_of(grant: Any) -> dict[str, str] | None:
    """Whose journal account is being linked, as the client signed it for this very request."""
    data = grant.request.payload.data
    token = data.get("account")
    if not token or not grant.client.is_own:
        return None
    key = OctKey.import_key(current_settings().journal_client_secret)
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return None
    if claims.get("state") != data.get("state"):
        return None
    return {name: str(claims.get(name, "")) for name in ("name", "role", "place")}


@api.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """Where everything is."""
    return jsonify(provider.discovery())


@api.get("/jwks")
def jwks() -> Response:
    """Public signing keys."""
    return jsonify(keys.published_keys())


@api.post("/token")
def token() -> Response:
    """A code, or a refresh token, for tokens."""
    return _guarded(lambda: provider.server().create_token_response())


@api.post("/revoke")
def revoke() -> Response:
    """RFC 7009."""
    return _guarded(lambda: provider.server().create_endpoint_response("revocation"))


def _guarded(answer: Callable[[], Response]) -> Response:
    """A program that guesses client secrets is slowed down by its address."""
    key = f"client:address:{request.remote_addr}"
    wait = throttle.seconds_to_wait(key, WRONG_SECRETS)
    if wait:
        response = make_response(jsonify(error="temporarily_unavailable"), 429)
        response.headers["Retry-After"] = str(wait)
        return response
    response = answer()
    if response.status_code == 401:
        throttle.record(key)
    return response


@api.get("/userinfo")
def userinfo() -> Response:
    """What the client may know of the person."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    row = token_store.bearer(value) if scheme.lower() == "bearer" else None
    if row is None:
        response = make_response(jsonify(error="invalid_token"), 401)
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    return jsonify(provider.claims_of(row.profile, row.scope))

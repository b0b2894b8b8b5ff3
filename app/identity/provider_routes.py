"""The addresses of the OpenID provider: what browsers see (consent) and what clients call."""

from __future__ import annotations

from typing import Any

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, jsonify, make_response, render_template, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import select

from app.core import devices
from app.core.db import db
from app.core.tokens import digest
from app.identity import keys, provider, sessions
from app.identity.phones import masked_phone
from app.identity.profiles import Profile
from app.identity.routes import CONSENT_INDEX, STEP_NAMES, bp, keep_session, lead_to, standing

api = Blueprint("provider", __name__, url_prefix="/id")


@bp.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """FLOWS 1.10: consent. Without a signed-in profile the walk comes first, then this again."""
    session = standing().session
    try:
        grant = provider.server().get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return _refused(error)
    if session is None:
        account = _account_of(grant)
        context = digest(repr(sorted(account.items()))) if account else ""
        return lead_to(f"/id/authorize?{request.query_string.decode()}", context)
    profiles = _profiles(session.profile)
    if request.method == "GET":
        return make_response(
            render_template(
                "identity/consent.html",
                step_names=STEP_NAMES,
                step_index=CONSENT_INDEX,
                client=grant.client,
                account=_account_of(grant),
                profiles=profiles,
                current=session.profile,
                masked=masked_phone(session.profile.vk_id.phone),
                here=f"/id/authorize?{request.query_string.decode()}",
            )
        )
    if request.form.get("answer") != "link":
        return _answer(grant, None)
    chosen = next(
        (row for row in profiles if row.public_id == request.form.get("profile")), session.profile
    )
    token = None
    if chosen.id != session.profile_id:
        sessions.end_session(request.cookies.get(sessions.COOKIE))
        token = sessions.start_session(
            chosen.id,
            address=request.remote_addr or "",
            user_agent=request.user_agent.string,
            device=devices.device_token(),
        )
    response = _answer(grant, (chosen, session.public_id))
    return keep_session(response, token) if token else response


def _profiles(profile: Profile) -> list[Profile]:
    """Every learning profile under the same VK ID, to choose from."""
    return list(
        db.session.scalars(
            select(Profile).where(Profile.vk_id_id == profile.vk_id_id).order_by(Profile.id)
        )
    )


def _answer(grant: Any, user: tuple[Profile, str] | None) -> Response:
    # Authlib takes a missing user for «access_denied».
    response: Response = provider.server().create_authorization_response(
        grant=grant, grant_user=user
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(error: OAuth2Error) -> Response:
    """Errors that may be told to the client are; a wrong client or address gets a page."""
    if getattr(error, "redirect_uri", None):
        response: Response = provider.server().handle_error_response(None, error)
        return response
    return make_response(render_template("identity/bad_request.html", error=error.error), 400)


def _account_of(grant: Any) -> dict[str, str] | None:
    """Whose journal account is being linked, as the client signed it for this very request."""
    data = grant.request.payload.data
    token = data.get("account")
    if not token:
        return None
    key = OctKey.import_key(grant.client.client_secret)
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
    """A code for tokens."""
    response: Response = provider.server().create_token_response()
    return response


@api.get("/userinfo")
def userinfo() -> Response:
    """What the client may know of the person."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    row = provider.bearer(value) if scheme.lower() == "bearer" else None
    if row is None:
        response = make_response(jsonify(error="invalid_token"), 401)
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    return jsonify(provider.claims_of(row.profile, row.scope))

"""«Мой профиль»: the card, linked services; and logout at a service's request."""

from __future__ import annotations

from authlib.common.urls import add_params_to_uri
from flask import Response, make_response, redirect, render_template, request, url_for
from joserfc import jwt
from joserfc.errors import JoseError

from app.core.config import JOURNAL_CLIENT_ID, current_settings
from app.core.headers import lead_forms_to
from app.core.pages import go
from app.identity import clients, consents, keys, sessions
from app.identity.clients import Client
from app.identity.phones import masked_phone
from app.identity.routes import bp, standing


@bp.get("/")
def own_profile() -> Response:
    """The profile and the services that know it."""
    session = standing().session
    if session is None:
        return make_response(redirect(url_for("identity.sign_in", next="/id/")))
    profile = session.profile
    return make_response(
        render_template(
            "identity/own_profile.html",
            profile=profile,
            masked=masked_phone(profile.vk_id.phone),
            services=consents.linked_services(profile.id),
        )
    )


@bp.post("/services/disconnect")
def disconnect_service() -> Response:
    """«Отключить»: a second click finds it disconnected."""
    session = standing().session
    if session is None:
        return go(url_for("identity.sign_in", next="/id/"))
    consents.withdraw(session.profile, request.form.get("service", ""))
    return go(url_for("identity.own_profile"))


@bp.route("/logout", methods=["GET", "POST"])
def logout() -> Response:
    """OpenID Connect RP-Initiated Logout 1.0: a service asks to end the profile's session.

    A valid `id_token_hint` of this very session ends it at once; anything else asks the person.
    """
    hint = _claims_of(request.values.get("id_token_hint", ""))
    client = _client_of(hint)
    session = standing().session
    target = _back_to(client)
    if session is None:
        return _signed_out(target)
    if request.method == "GET" and hint.get("sid") != session.public_id:
        page = make_response(
            render_template(
                "identity/logout.html",
                client=client,
                profile=session.profile,
                asked={name: request.args.get(name, "") for name in ASKED},
            )
        )
        return lead_forms_to(page, client.post_logout_redirect_uris if client else ())
    sessions.end_session(request.cookies.get(sessions.COOKIE))
    return _signed_out(target)


ASKED = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


def _claims_of(token: str) -> dict[str, str]:
    """The claims of an id_token of ours, however old (§2: an expired hint is still a hint)."""
    try:
        claims = jwt.decode(token, keys.key_set(), algorithms=[keys.ALGORITHM]).claims
    except (JoseError, ValueError):
        return {}
    return claims if claims.get("iss") == current_settings().issuer else {}


def _client_of(hint: dict[str, str]) -> Client | None:
    named = request.values.get("client_id", "") or hint.get("aud", "")
    if hint and hint.get("aud") != named:
        return None
    return clients.find_client(named) if named != JOURNAL_CLIENT_ID else None


def _back_to(client: Client | None) -> str:
    """The address to return to: registered to the letter, or none."""
    wanted = request.values.get("post_logout_redirect_uri", "")
    if client is None or wanted not in client.post_logout_redirect_uris:
        return ""
    state = request.values.get("state", "")
    return str(add_params_to_uri(wanted, {"state": state})) if state else wanted


def _signed_out(target: str) -> Response:
    response = make_response(
        redirect(target) if target else render_template("identity/signed_out.html")
    )
    response.delete_cookie(sessions.COOKIE)
    return response

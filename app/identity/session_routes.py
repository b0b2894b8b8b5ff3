"""Signing a browser in to the messenger and out of it, and what VK ID is."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext

from app.core.errors import Missing
from app.core.pages import go, is_local
from app.identity import sessions, shared_phone, walks
from app.identity.routes import bp, lead_to, standing


@bp.get("/sign-in")
def sign_in() -> Response:
    """Sign this browser in to the messenger; `profile` asks for one particular profile."""
    target = request.args.get("next", "/im/")
    target = target if is_local(target) else "/im/"
    wanted = request.args.get("profile")
    session = standing().session
    if session is None:
        return lead_to(target)
    if wanted and session.profile.public_id != wanted:
        if any(row.public_id == wanted for row in shared_phone.within_reach(session)):
            return make_response(redirect(url_for("identity.choose_profile", next=target)))
        return make_response(
            render_template("identity/other_profile.html", profile=session.profile, resume=target)
        )
    return make_response(redirect(target))


@bp.post("/sign-out")
def sign_out() -> Response:
    """Sign this browser out of the messenger."""
    sessions.end_session(request.cookies.get(sessions.COOKIE))
    response = go("/")
    response.delete_cookie(sessions.COOKIE)
    response.delete_cookie(walks.COOKIE, path="/id")
    return response


@bp.get("/ended")
def ended() -> Response:
    """The session was ended elsewhere while a page was open: say so, and the way back."""
    target = request.args.get("next", "/im/")
    target = target if is_local(target) else "/im/"
    if standing().session is not None:
        return make_response(redirect(target))
    return make_response(render_template("identity/ended.html", target=target))


@bp.get("/sessions")
def own_sessions() -> Response:
    """Where this profile is signed in."""
    session = standing().session
    if session is None:
        return make_response(redirect(url_for("identity.sign_in", next="/id/sessions")))
    return make_response(
        render_template(
            "identity/sessions.html",
            profile=session.profile,
            here=session,
            sessions=sessions.sessions_of(session.profile_id),
        )
    )


@bp.post("/sessions/end")
def end_session() -> Response:
    """End one other session (`session`), or all others when none is named.

    Raises:
        Missing: it is no live session of this profile.
    """
    here = standing().session
    if here is None:
        return go(url_for("identity.sign_in", next="/id/sessions"))
    named = request.form.get("session")
    if not named:
        sessions.end_others(here.profile_id, keep=here)
    elif not sessions.end_named(here.profile_id, named):
        raise Missing(lazy_gettext("Этот вход уже завершён."))
    return go(_back())


@bp.post("/sessions/known")
def recognise_device() -> Response:
    """«Да, это я»."""
    here = standing().session
    if here is None:
        return go(url_for("identity.sign_in", next="/id/sessions"))
    sessions.recognise(here, request.form.get("session", ""))
    return go(_back())


def _back() -> str:
    target = request.form.get("next", "")
    return target if is_local(target) else url_for("identity.own_sessions")


@bp.get("/about-vk-id")
def about_vk_id() -> Response:
    """«Подробнее о VK ID»."""
    return make_response(render_template("identity/about_vk_id.html"))

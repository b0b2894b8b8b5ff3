"""Signing a browser in to the messenger and out of it, and what VK ID is."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request

from app.core.pages import go, is_local
from app.identity import sessions, walks
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


@bp.get("/about-vk-id")
def about_vk_id() -> Response:
    """«Подробнее о VK ID»."""
    return make_response(render_template("identity/about_vk_id.html"))

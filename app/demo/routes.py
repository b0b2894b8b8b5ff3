"""The demo's own pages: personas, and the telephone that shows every SMS."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template, request, session
from flask_login import login_user, logout_user
from sqlalchemy import select

from app.core.config import current_settings
from app.core.db import db
from app.core.pages import go, page_or_block
from app.demo.loading import PASSWORD
from app.demo.personas import PERSONAS
from app.identity import sessions
from app.identity.phones import shown_phone
from app.identity.profiles import Profile
from app.identity.routes import keep_session
from app.identity.sms import SmsMessage
from app.journal.sign_in import TOKEN_KEY
from app.linking.links import Link
from app.school import signing_in

bp = Blueprint("demo", __name__, url_prefix="/demo")
SHOWN = 30


@bp.before_request
def only_in_demo() -> None:
    """A second lock: the blueprint is not even registered elsewhere."""
    if not current_settings().is_demo:
        abort(404)


@bp.get("/")
def personas() -> Response:
    """Who you can be."""
    return make_response(
        render_template("demo/personas.html", personas=PERSONAS, password=PASSWORD)
    )


@bp.post("/enter")
def enter() -> Response:
    """Sign in to the journal as a persona; to the messenger too when the persona has linked."""
    login = request.form.get("login", "")
    if login not in {persona.login for persona in PERSONAS}:
        abort(404)
    account, token = signing_in.sign_in(
        login,
        PASSWORD,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )
    logout_user()
    session.clear()
    session[TOKEN_KEY] = token
    login_user(account)
    response = go("/")
    profile_id = db.session.scalar(
        select(Profile.id)
        .join(Link, Link.subject == Profile.public_id)
        .where(Link.account_id == account.id, Link.ended_at.is_(None))
    )
    if profile_id is None:
        response.delete_cookie(sessions.COOKIE)
        return response
    address, browser = request.remote_addr or "", request.user_agent.string
    return keep_session(
        response, sessions.start_session(profile_id, address=address, user_agent=browser)
    )


@bp.get("/sms")
def sms() -> Response:
    """The latest texts, as telephones show them."""
    messages = db.session.scalars(
        select(SmsMessage).order_by(SmsMessage.id.desc()).limit(SHOWN)
    ).all()
    return page_or_block("demo/sms.html", "texts", messages=messages, shown_phone=shown_phone)

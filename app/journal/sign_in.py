"""Signing in to and out of the journal, the first own password, and Flask-Login's wiring."""

from __future__ import annotations

from flask import (
    Flask,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from app.core import devices
from app.core.errors import Invalid, TooMany
from app.core.pages import go, is_local, wants_block
from app.journal import taste
from app.journal.blueprint import bp
from app.school import journal_sessions, signing_in
from app.school.accounts import Account, JournalSession

TOKEN_KEY = "journal_token"
OPEN_TO_NEW = {"journal.password", "journal.sign_out"}
REQUIRED = lazy_gettext("Заполните это поле")


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Login and password, given by the school."""

    login = StringField(
        lazy_gettext("Логин"),
        validators=[DataRequired(REQUIRED), Length(max=80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy_gettext("Пароль"),
        validators=[DataRequired(REQUIRED), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """An own password."""

    current = PasswordField(
        lazy_gettext("Текущий пароль"),
        validators=[DataRequired(REQUIRED)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        lazy_gettext("Новый пароль"),
        validators=[DataRequired(REQUIRED), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )


def install(app: Flask) -> None:
    """Make the journal account Flask-Login's user."""
    manager = LoginManager()
    manager.session_protection = None  # sessions are rows of ours
    manager.request_loader(_load_from_token)
    manager.user_loader(lambda _id: _load_from_token(request))
    manager.unauthorized_handler(_unauthorized)
    manager.init_app(app)
    app.before_request(_first_password_first)


def current_session() -> JournalSession | None:
    """The browser's journal session, looked up once a request."""
    if "journal_session" not in g:
        g.journal_session = journal_sessions.find_session(session.get(TOKEN_KEY, ""))
        if g.journal_session is not None:
            journal_sessions.touch(g.journal_session)
    found: JournalSession | None = g.journal_session
    return found


def _load_from_token(_request: object) -> Account | None:
    found = current_session()
    return found.account if found is not None else None


def _unauthorized() -> Response:
    target = request.full_path if request.method == "GET" else "/"
    url = url_for("journal.sign_in", next=target.rstrip("?"))
    return go(url) if wants_block() else make_response(redirect(url))


def _first_password_first() -> Response | None:
    """A one-time password opens one page only: the one that replaces it."""
    if request.endpoint in OPEN_TO_NEW or TOKEN_KEY not in session:
        return None
    if request.blueprint not in ("journal", "linking"):
        return None
    if current_user.is_authenticated and current_user.must_change_password:
        return go(url_for("journal.password"))
    return None


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """The door of the journal. A wrong try keeps the login that was typed."""
    target = request.args.get("next", "")
    target = target if is_local(target) else url_for("journal.home")
    if current_user.is_authenticated:
        return make_response(redirect(target))
    form, status, device = SignInForm(), 200, devices.device_token()
    if form.validate_on_submit():
        try:
            account, token = signing_in.sign_in(
                form.login.data or "",
                form.password.data or "",
                address=request.remote_addr or "",
                user_agent=request.user_agent.string,
                device=device,
            )
        except (Invalid, TooMany) as problem:
            form.password.errors = [str(problem.message)]
            status = problem.status
        else:
            return let_in(account, token, target, device)
    elif request.method == "POST":
        status = 422
    return make_response(render_template("journal/sign_in.html", form=form), status)


def let_in(account: Account, token: str, target: str, device: str) -> Response:
    """This browser holds the journal session `token` from now on, and goes to `target`."""
    session.clear()  # a new session id at the rise of privilege
    session[TOKEN_KEY] = token
    login_user(account)
    return taste.bring(devices.keep_device(go(target), device), account)


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this browser's session; `next` brings the next person where this one was going."""
    target = request.form.get("next", "")
    found = current_session()
    if found is not None:
        journal_sessions.sign_out(found)
    logout_user()
    session.clear()
    return go(url_for("journal.sign_in", next=target if is_local(target) else None))


@bp.route("/password", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def password() -> Response:
    """Set an own password; obligatory after a one-time one."""
    form, status = PasswordForm(), 200
    if form.validate_on_submit():
        try:
            signing_in.change_password(current_user, form.current.data or "", form.new.data or "")
        except (Invalid, TooMany) as problem:
            wrong = form.current if isinstance(problem, signing_in.WrongPassword) else form.new
            wrong.errors = [str(problem.message)]
            status = problem.status
        else:
            keep = current_session()
            if keep is not None:
                journal_sessions.end_other_sessions(current_user, keep=keep)
                session[TOKEN_KEY] = journal_sessions.renew(keep)
            return go(url_for("journal.home"))
    elif request.method == "POST":
        status = 422
    title = (
        gettext("Придумайте свой пароль")
        if current_user.must_change_password
        else gettext("Сменить пароль")
    )
    return make_response(render_template("journal/password.html", form=form, title=title), status)

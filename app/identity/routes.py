"""The pages of the sign-in walk: phone, code, names, learning profile; signing in and out."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext

from app.core import devices
from app.core.config import SignInKind, current_settings
from app.core.errors import Invalid, TooMany
from app.core.headers import lead_forms_to
from app.core.pages import go, is_local
from app.identity import clients, sessions, shared_phone, walks
from app.identity.forms import NamesForm, PhoneForm
from app.identity.sessions import ProfileSession
from app.identity.walks import Walk
from app.identity.wizard import Step, may_show, next_step

bp = Blueprint("identity", __name__, url_prefix="/id")

STEP_NAMES = (
    lazy_gettext("Номер телефона"),
    lazy_gettext("Код из СМС"),
    lazy_gettext("Данные VK ID"),
    lazy_gettext("Учебный профиль"),
    lazy_gettext("Согласие"),
)
ELSEWHERE_NAMES = (lazy_gettext("Вход"), *STEP_NAMES[2:])
STEP_INDEX = {
    Step.ELSEWHERE: 1,
    Step.PHONE: 0,
    Step.CODE: 1,
    Step.CONFIRM: 1,
    Step.ABOUT: 2,
    Step.CREATE: 3,
    Step.PROFILE: 3,
}
CONSENT_INDEX = 4
PAGES = {
    Step.ELSEWHERE: "identity.elsewhere",
    Step.PHONE: "identity.phone",
    Step.CODE: "identity.code",
    Step.CONFIRM: "identity.confirm",
    Step.ABOUT: "identity.about",
    Step.CREATE: "identity.create",
    Step.PROFILE: "identity.profile",
}


class Place(NamedTuple):
    """Where this browser stands."""

    walk: Walk | None
    session: ProfileSession | None


def standing() -> Place:
    """The browser's walk and profile session."""
    return Place(
        walks.find(request.cookies.get(walks.COOKIE)),
        sessions.find_session(request.cookies.get(sessions.COOKIE)),
    )


def lead_to(resume: str, context: str = "") -> Response:
    """Begin (or join) a walk that ends at `resume`, and go to its next step."""
    walk, token = walks.begin(resume, request.cookies.get(walks.COOKIE), context=context)
    known = walks.known_of(walk, has_profile=False)
    return keep_walk(make_response(redirect(url_for(PAGES[next_step(known)]))), token)


def keep_walk(response: Response, token: str) -> Response:
    """Give the browser its walk."""
    response.set_cookie(
        walks.COOKIE,
        token,
        max_age=int(walks.LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_settings().is_secure,
        path="/id",
    )
    return response


def keep_session(response: Response, token: str) -> Response:
    """Give the browser its profile session."""
    response.set_cookie(
        sessions.COOKIE,
        token,
        max_age=int(sessions.IDLE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_settings().is_secure,
    )
    return response


def turned_away(step: Step) -> Response | tuple[Walk, None]:
    """The walk when `step` may be shown now, else where to go instead."""
    walk, session = standing()
    if walk is None:
        target = "/im/" if session is not None else None
        if target:
            return make_response(redirect(target))
        return make_response(render_template("identity/walk_over.html"), 410)
    known = walks.known_of(walk, has_profile=session is not None)
    if may_show(step, known):
        return walk, None
    wanted = next_step(known)
    return make_response(redirect(walk.resume if wanted is Step.READY else url_for(PAGES[wanted])))


def signed_in(walk: Walk, profile_id: int) -> Response:
    """The walk has led to a profile: a session for the browser, and on to where it was going."""
    device = devices.device_token()
    token = sessions.start_session(profile_id, address=address(), user_agent=agent(), device=device)
    resume = walk.resume
    walks.close(walk)
    if shared_phone.has_several(profile_id) and not resume.startswith("/id/authorize"):
        # The consent page has the choice itself.
        resume = url_for("identity.choose_profile", next=resume)
    return devices.keep_device(keep_session(go(resume), token), device)


def steps(index: int) -> dict[str, object]:
    """Where you are and what remains; signing in elsewhere is one step instead of two."""
    if current_settings().sign_in is SignInKind.OWN:
        return {"step_names": STEP_NAMES, "step_index": index}
    return {"step_names": ELSEWHERE_NAMES, "step_index": index - 1}


def show(template: str, step: Step, status: int = 200, **context: object) -> Response:
    """A page of the walk, with where you are and what remains."""
    page = make_response(render_template(template, **steps(STEP_INDEX[step]), **context), status)
    walk = standing().walk
    resume = urlsplit(walk.resume if walk is not None else "")
    client = clients.find_client(dict(parse_qsl(resume.query)).get("client_id", ""))
    if client is None or client.is_own:
        return page
    # The last form of the walk may end at the service that sent the person here.
    return lead_forms_to(page, client.redirect_uris)


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def agent() -> str:
    """What the browser calls itself."""
    return request.user_agent.string


@bp.route("/phone", methods=["GET", "POST"])
def phone() -> Response:
    """FLOWS 1.3. A typed number stays, whatever is said about it."""
    turned = turned_away(Step.PHONE)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    form = PhoneForm(data={"phone": walk.phone_typed}) if request.method == "GET" else PhoneForm()
    status = 200
    if form.validate_on_submit():
        try:
            walks.give_phone(walk, form.phone.data or "", address=address())
        except (Invalid, TooMany) as problem:
            form.phone.errors = [*form.phone.errors, str(problem.message)]
            status = problem.status
        else:
            return go(url_for("identity.code"))
    elif request.method == "POST":
        status = 422
    return show("identity/phone.html", Step.PHONE, status, form=form)


@bp.post("/phone/other")
def change_phone() -> Response:
    """«Изменить номер», «Войти с другим номером»: ends this browser's profile session too."""
    walk, session = standing()
    resume = request.form.get("resume", "")
    if walk is not None:
        walks.change_phone(walk)
        resume = resume or walk.resume
    if not is_local(resume):
        return make_response(render_template("identity/walk_over.html"), 410)
    response = lead_to(resume, walk.context if walk is not None else "")
    if session is not None:
        sessions.end_session(request.cookies.get(sessions.COOKIE))
        response.delete_cookie(sessions.COOKIE)
    return response


@bp.route("/about", methods=["GET", "POST"])
def about() -> Response:
    """FLOWS 1.5–1.6: VK ID data."""
    turned = turned_away(Step.ABOUT)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    form = NamesForm(obj=walk)
    if form.validate_on_submit():
        walks.give_names(
            walk,
            family=form.family_name.data or "",
            given=form.given_name.data or "",
            patronymic=form.patronymic.data or "",
        )
        return go(url_for("identity.create"))
    status = 422 if request.method == "POST" else 200
    return show("identity/about.html", Step.ABOUT, status, form=form)


@bp.route("/create", methods=["GET", "POST"])
def create() -> Response:
    """FLOWS 1.7: «Создать учебный профиль»."""
    turned = turned_away(Step.CREATE)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    if request.method == "POST":
        walks.want_profile(walk)
        return go(url_for("identity.profile"))
    return show("identity/create.html", Step.CREATE, walk=walk)


@bp.route("/profile", methods=["GET", "POST"])
def profile() -> Response:
    """FLOWS 1.8–1.9: the learning profile, prefilled."""
    turned = turned_away(Step.PROFILE)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    form = NamesForm(obj=walk)
    if form.validate_on_submit():
        made = walks.make_profile(
            walk,
            family=form.family_name.data or "",
            given=form.given_name.data or "",
            patronymic=form.patronymic.data or "",
        )
        return signed_in(walk, made.id)
    status = 422 if request.method == "POST" else 200
    return show("identity/profile.html", Step.PROFILE, status, form=form)

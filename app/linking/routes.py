"""The pages of linking: to the provider and back, «Готово», «Отменить привязку профиля»."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask import url_for as url
from flask_babel import gettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as BaseResponse

from app.core.config import current_settings
from app.core.errors import Invalid, TooMany, Unavailable
from app.core.pages import go
from app.linking import flow, unlinking
from app.linking.account_card import leads_a_class
from app.linking.consequences import consequences_of
from app.linking.flow import Callback
from app.linking.forms import OwnerForm, RestoreForm
from app.linking.links import Link, active_link
from app.linking.refusals import WORDS, Refusal, Refused, WayOn
from app.school.accounts import Account, JournalSession
from app.school.journal_sessions import find_session, renew

bp = Blueprint("linking", __name__, url_prefix="/link")

Answer = Response | BaseResponse
HEIR = "heir-"
PLACES = {"direct": "messenger.direct", "notifications": "messenger.notifications"}
LONGEST = {"state": 128, "code": 512, "error": 64, "iss": 200}


@bp.before_request
@login_required  # type: ignore[untyped-decorator]
def only_signed_in() -> None:
    """Every page here is about the signed-in account."""


def _account() -> Account:
    """The signed-in account itself, not Flask-Login's proxy."""
    account: Account = current_user._get_current_object()
    return account


def _journal_session() -> JournalSession:
    """This browser's journal session; an attempt is bound to it."""
    found = find_session(session.get("journal_token", ""))
    if found is None:
        raise Refused(Refusal.OTHER_BROWSER)
    return found


def _redirect_uri() -> str:
    """From the settings: the Host header of a request must not choose where codes go."""
    return f"{current_settings().base_url}/link/callback"


@bp.get("/start")
def start() -> Answer:
    """Go to the provider at once; someone linked already sees «Готово»."""
    account = _account()
    if active_link(account.id) is not None:
        return redirect(url("linking.done"))
    return redirect(
        flow.start(
            account,
            _journal_session(),
            redirect_uri=_redirect_uri(),
        )
    )


@bp.get("/callback")
def callback() -> Answer:
    """The browser is back from the provider."""
    here = _journal_session()
    flow.finish(_account(), here, _read_callback(), redirect_uri=_redirect_uri())
    session["journal_token"] = renew(here)
    return redirect(url("linking.done"))


def _read_callback() -> Callback:
    """Each parameter once, printable and short (RFC 6749 §3.1), or the address is not ours."""
    values = {}
    for name, longest in LONGEST.items():
        found = request.args.getlist(name)
        value = found[0] if found else ""
        if len(found) > 1 or len(value) > longest or not value.isprintable():
            raise Refused(Refusal.UNKNOWN)
        values[name] = value
    if not values["state"] or (values["code"] and values["error"]):
        raise Refused(Refusal.UNKNOWN)
    return Callback(
        state=values["state"], code=values["code"], error=values["error"], issuer=values["iss"]
    )


@bp.get("/done")
def done() -> Answer:
    """«Готово!» (FLOWS 1.11)."""
    account = _account()
    link = active_link(account.id)
    if link is None:
        return _absent(account)
    return make_response(
        render_template("linking/done.html", link=link, leads_a_class=leads_a_class(account.person))
    )


@bp.get("/messenger")
def open_messenger() -> Answer:
    """«Перейти в Сферум»: the messenger, signed in as the linked profile; `to` goes on to
    «Новый диалог» (FLOWS 3) or «Уведомления».
    """
    link = active_link(_account().id)
    if link is None:
        return redirect(url("linking.start"))
    place = PLACES.get(request.args.get("to", ""), "messenger.chats")
    return redirect(url("identity.sign_in", next=url(place), profile=link.subject))


@bp.route("/unlink", methods=["GET", "POST"])
def unlink() -> Answer:
    """«Отменить привязку профиля»: what will happen, then the password (FLOWS 5)."""
    account = _account()
    link = active_link(account.id)
    form = OwnerForm()
    if link is None:
        return _absent(account)
    if not form.validate_on_submit():
        return _unlink_page(account, link, form, status=422 if form.errors else 200)
    try:
        unlinking.unlink(account, form.password.data or "", chosen_heirs())
    except (Invalid, TooMany) as problem:
        form.password.errors = [str(problem.message)]
        return _unlink_page(account, link, form, status=problem.status)
    return go(url("linking.unlink"))


def chosen_heirs() -> dict[str, str]:
    """Who leads which chat from now on, as the form says it."""
    return {
        name.removeprefix(HEIR): value
        for name, value in request.form.items()
        if name.startswith(HEIR)
    }


def _unlink_page(account: Account, link: Link, form: OwnerForm, *, status: int) -> Answer:
    return make_response(
        render_template(
            "linking/unlink.html",
            link=link,
            form=form,
            consequences=consequences_of(account.person_id),
            chosen=chosen_heirs(),
        ),
        status,
    )


@bp.post("/restore")
def restore() -> Answer:
    """«Вернуть привязку» within 14 days after unlinking."""
    unlinking.restore(_account())
    return go(url("linking.done"))


def _absent(account: Account) -> Answer:
    """No link (any more): how to make one, and within 14 days how to bring it back."""
    return make_response(
        render_template(
            "linking/absent.html", ended=unlinking.restorable_link(account), form=RestoreForm()
        )
    )


@bp.errorhandler(Refused)
def show_refusal(problem: Refused) -> Answer:
    """Every refusal has its own page with a way on; the journal goes on as before."""
    words = WORDS[problem.reason]
    return make_response(
        render_template(
            "linking/refused.html",
            title=words.title,
            text=words.text,
            way_on=words.way_on,
            is_calm=problem.reason is Refusal.CANCELLED,
        ),
        words.status,
    )


@bp.errorhandler(Unavailable)
def show_unavailable(problem: Unavailable) -> Answer:
    """The provider is down: nothing is half done, try again."""
    return make_response(
        render_template(
            "linking/refused.html",
            title=gettext("Сферум временно недоступен"),
            text=problem.message,
            way_on=WayOn.RETRY,
            is_calm=False,
        ),
        problem.status,
    )

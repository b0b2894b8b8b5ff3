"""The code step of the walk (FLOWS 1.4): typing it, asking again, ringing, whose number it is."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext, ngettext

from app.core.errors import Invalid, TooMany
from app.core.pages import go
from app.identity import code_delivery, phone_codes, walks
from app.identity.code_delivery import Channel
from app.identity.forms import CodeForm, OwnerForm
from app.identity.phone_codes import Answer, Verdict
from app.identity.phones import shown_phone
from app.identity.routes import PAGES, address, bp, keep_walk, show, signed_in, turned_away
from app.identity.walks import Walk
from app.identity.wizard import Step, next_step


@bp.route("/code", methods=["GET", "POST"])
def code() -> Response:
    """FLOWS 1.4."""
    turned = turned_away(Step.CODE)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    form, status = _form(walk), 200
    if form.validate_on_submit():
        try:
            answer, profile = walks.give_code(walk, form.code.data or "", address=address())
        except TooMany as problem:
            form.code.errors = [str(problem.message)]
            status = problem.status
        else:
            if answer.verdict is Verdict.RIGHT:
                return _go_on(walk) if profile is None else signed_in(walk, profile.id)
            form.code.errors = [_words(answer)]
            status = 422
    elif request.method == "POST":
        status = 422
    return _code_page(walk, form, status)


@bp.get("/code/delivery")
def delivery() -> Response:
    """What became of the code on its way: the page asks while it is not known."""
    turned = turned_away(Step.CODE)
    if isinstance(turned, Response):
        return go(url_for("identity.code"))
    return make_response(render_template("identity/_delivery.html", **_on_its_way(turned[0])))


@bp.post("/code/again")
def resend() -> Response:
    """«Запросить ещё раз»."""
    return _ask_for(Channel.SMS)


@bp.post("/code/call")
def call() -> Response:
    """«Получить код звонком»: the fallback when texts do not come."""
    return _ask_for(Channel.CALL)


@bp.route("/confirm", methods=["GET", "POST"])
def confirm() -> Response:
    """A long unused profile: whoever holds the number now names its owner."""
    turned = turned_away(Step.CONFIRM)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    form = OwnerForm(formdata=None, obj=walk) if request.method == "GET" else OwnerForm()
    status = 200
    if form.validate_on_submit():
        try:
            profile = walks.confirm_owner(
                walk, family=form.family_name.data or "", given=form.given_name.data or ""
            )
        except (Invalid, TooMany) as problem:
            form.given_name.errors = [str(problem.message)]
            status = problem.status
        else:
            return _go_on(walk) if profile is None else signed_in(walk, profile.id)
    elif request.method == "POST":
        status = 422
    return show("identity/confirm.html", Step.CONFIRM, status, form=form)


@bp.post("/confirm/other")
def disown() -> Response:
    """«Это не мой профиль»."""
    turned = turned_away(Step.CONFIRM)
    if isinstance(turned, Response):
        return turned
    walks.disown(turned[0])
    return _go_on(turned[0])


def _ask_for(channel: Channel) -> Response:
    turned = turned_away(Step.CODE)
    if isinstance(turned, Response):
        return turned
    walk = turned[0]
    try:
        walks.resend(walk, address=address(), channel=channel)
    except TooMany as problem:
        form = _form(walk, formdata=None)
        form.code.errors = [str(problem.message)]
        return _code_page(walk, form, problem.status)
    return go(url_for("identity.code"))


def _go_on(walk: Walk) -> Response:
    """The next step of a walk whose phone is proved, under a new cookie."""
    response = go(url_for(PAGES[next_step(walks.known_of(walk, has_profile=False))]))
    return keep_walk(response, walks.renew(walk))


def _form(walk: Walk, **options: object) -> CodeForm:
    form = CodeForm(**options)
    newest = code_delivery.newest_code(walk.id, walk.phone or "")
    form.expect(newest.channel if newest is not None else Channel.SMS)
    return form


def _code_page(walk: Walk, form: CodeForm, status: int = 200) -> Response:
    return show("identity/code.html", Step.CODE, status, form=form, **_on_its_way(walk))


def _on_its_way(walk: Walk) -> dict[str, object]:
    phone = walk.phone or ""
    return {
        "phone": shown_phone(phone),
        "wait": phone_codes.seconds_until_resend(phone),
        "code": code_delivery.newest_code(walk.id, phone),
        "may_call": phone_codes.may_call(phone),
    }


def _words(answer: Answer) -> str:
    if answer.verdict is Verdict.WRONG:
        words: str = ngettext(
            "Неверный код. Осталась %(num)d попытка",
            "Неверный код. Осталось попыток: %(num)d",
            answer.tries_left,
        )
        return words
    if answer.verdict is Verdict.USED_UP:
        return str(gettext("Этот код больше не подходит: попытки закончились. Запросите новый код"))
    if answer.verdict is Verdict.ON_ITS_WAY:
        return str(gettext("Звонка ещё не было. Дождитесь его и введите последние 4 цифры номера"))
    return str(gettext("Срок действия кода истёк. Запросите новый код"))

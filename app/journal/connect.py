"""The second entrance (FLOWS 2): from the messenger's banner to the right diary.

It is opened by a learning profile that has no confirmed role yet; the journal's own sign-in comes
after it, and linking goes on from the right step by itself.
"""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.errors import Conflict, Missing
from app.core.names import clean_line
from app.core.pages import go, page_or_block, wants_block
from app.identity import sessions
from app.identity.profiles import Profile
from app.journal.blueprint import bp
from app.linking import diaries, diary_requests
from app.linking.account_card import card_of
from app.linking.diaries import Diary
from app.school.regions import all_regions, find_region

OTHER_KEY = "other"
REQUIRED = lazy_gettext("Заполните это поле")


class DiaryForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """«Выберите свой дневник»."""

    region = SelectField(
        lazy_gettext("Регион"), validators=[InputRequired(lazy_gettext("Выберите регион"))]
    )
    diary = RadioField(
        lazy_gettext("Электронный дневник"),
        validators=[InputRequired(lazy_gettext("Выберите дневник"))],
        validate_choice=False,
    )


class RequestForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """«У меня другой дневник»: a request for one's school."""

    region = SelectField(
        lazy_gettext("Регион"), validators=[InputRequired(lazy_gettext("Выберите регион"))]
    )
    school = StringField(
        lazy_gettext("Школа"),
        filters=[lambda value: clean_line(value or "")],
        validators=[DataRequired(REQUIRED), Length(max=200)],
        render_kw={"autocomplete": "organization"},
    )
    diary = StringField(
        lazy_gettext("Название или адрес дневника"),
        filters=[lambda value: clean_line(value or "")],
        validators=[Length(max=200)],
    )
    contact = StringField(
        lazy_gettext("Как вам ответить"),
        filters=[lambda value: clean_line(value or "")],
        validators=[Length(max=200)],
    )


def _profile() -> Profile | None:
    """The learning profile signed in to the messenger in this browser."""
    session = sessions.find_session(request.cookies.get(sessions.COOKIE))
    return session.profile if session is not None else None


def _to_sign_in() -> Response:
    return go(url_for("identity.sign_in", next=url_for("journal.connect")))


def _regions() -> list[tuple[str, str]]:
    return [("", gettext("Ваш регион"))] + [(region.code, region.name) for region in all_regions()]


@bp.route("/connect", methods=["GET", "POST"])
def connect() -> Response:
    """«Выберите свой дневник». What was chosen stays; the region alone redraws the diaries."""
    if _profile() is None:
        return _to_sign_in()
    if request.method == "GET":
        region = request.args.get("region", diaries.likely_region())
        form = DiaryForm(formdata=None, data={"region": region})
    else:
        form = DiaryForm()
    form.region.choices = _regions()
    choices = diaries.diaries_of(form.region.data) if find_region(form.region.data) else []
    form.diary.choices = [(diary.key, diary.name) for diary in choices]
    if request.method == "GET":
        if choices:
            form.diary.data = choices[0].key
        block = "diaries" if request.headers.get("HX-Target") == "diaries" else "content"
        return page_or_block("journal/connect/choose.html", block, form=form, diaries=choices)
    if form.validate():
        return go(_address_of(form.diary.data, choices, form.region.data))
    return page_or_block(
        "journal/connect/choose.html", "content", status=422, form=form, diaries=choices
    )


def _address_of(key: str, choices: list[Diary], region: str) -> str:
    """Where «Продолжить» leads. A diary that has just left the registry counts as another one."""
    found = next((diary for diary in choices if diary.key == key), None)
    if found is None:
        return url_for("journal.other_diary", region=region)
    if found.is_own:
        return url_for("journal.whose_account")
    return url_for("journal.diary_site", key=found.key, region=region)


@bp.get("/connect/account")
def whose_account() -> Response:
    """Signed in to the journal already: whose account is it? Otherwise straight to the sign-in."""
    if _profile() is None:
        return _to_sign_in()
    if not current_user.is_authenticated:
        return make_response(redirect(url_for("linking.start")))
    return make_response(
        render_template("journal/connect/account.html", card=card_of(current_user.person))
    )


@bp.get("/connect/site/<key>")
def diary_site(key: str) -> Response:
    """The way to a diary of another site, and what to press there."""
    if _profile() is None:
        return _to_sign_in()
    region = request.args.get("region", "")
    found = next((diary for diary in diaries.diaries_of(region) if diary.key == key), None)
    if found is None or found.is_own:
        raise Missing(lazy_gettext("Такого дневника в списке больше нет. Выберите другой."))
    return make_response(render_template("journal/connect/site.html", diary=found))


@bp.route("/connect/other", methods=["GET", "POST"])
def other_diary() -> Response:
    """«У меня другой дневник»: not connected yet; leave a request for your school."""
    profile = _profile()
    if profile is None:
        return _to_sign_in()
    form, status = RequestForm(), 200
    if request.method == "GET":
        form = RequestForm(
            formdata=None, data={"region": request.args.get("region", diaries.likely_region())}
        )
    form.region.choices = _regions()
    if form.validate_on_submit():
        try:
            diary_requests.leave_request(
                asker=profile.public_id,
                asker_name=profile.name,
                region_code=form.region.data,
                school=form.school.data or "",
                diary=form.diary.data or "",
                contact=form.contact.data or "",
            )
        except Conflict as problem:
            form.school.errors = [str(problem.message)]
            status = problem.status
        else:
            return go(url_for("journal.request_left"))
    elif request.method == "POST":
        status = 422
    if wants_block() and request.method == "GET":
        return go(url_for("journal.other_diary", region=form.region.data))
    return make_response(render_template("journal/connect/other.html", form=form), status)


@bp.get("/connect/thanks")
def request_left() -> Response:
    """The request is with the administrator."""
    if _profile() is None:
        return _to_sign_in()
    return make_response(render_template("journal/connect/thanks.html"))

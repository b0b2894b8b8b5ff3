"""Invitations for families: printing them («Отчеты»), and the door that a code opens."""

from __future__ import annotations

import segno
from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length

from app.core import clock, devices
from app.core.config import current_settings
from app.core.errors import Invalid, Missing
from app.journal import exports, reports
from app.journal.blueprint import bp
from app.journal.sign_in import let_in
from app.school import invitations as inviting
from app.school.journal_sessions import open_session

STYLESHEET = "css/rooms/invitations-print.css"


class FirstPasswordForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """The person's own password, chosen at the first sign-in."""

    password = PasswordField(
        lazy_gettext("Придумайте пароль"),
        validators=[DataRequired(lazy_gettext("Заполните это поле")), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )


@bp.route("/reports/invitations", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def invitations() -> Response:
    """Families that have not signed in; a POST prints new invitations for the class.

    Raises:
        Missing: the person has no class of their own.
    """
    own = reports.scope()
    chosen = reports.asked_class(own) or next(iter(own.classes), None)
    if chosen is None:
        raise Missing(lazy_gettext("Приглашения печатает классный руководитель."))
    if request.method == "POST":
        families = inviting.issue(chosen.id, by=current_user.person)
        body = exports.printed(
            "journal/reports/invitations_print.html",
            families=families,
            class_name=chosen.name,
            school=current_user.person.school.name,
            until=clock.now() + inviting.LIVES,
            address=current_settings().base_url,
            code=_code,
            stylesheet=STYLESHEET,
        )
        name = gettext("Приглашения %(name)s", name=chosen.name)
        return exports.download(body, f"{name}.pdf", exports.TYPES["pdf"])
    return make_response(
        render_template(
            "journal/reports/invitations.html",
            own=own,
            view="invitations",
            chosen=chosen,
            families=inviting.families_of(chosen.id),
            days=inviting.LIVES.days,
            out=inviting.invited_count([chosen.id]),
        )
    )


@bp.route("/invited/<token>", methods=["GET", "POST"])
def invited(token: str) -> Response:
    """The door of a code: looking does not use it up, choosing a password does."""
    address = request.remote_addr or ""
    found = inviting.find(token, address=address)
    form, status = FirstPasswordForm(), 200
    if form.validate_on_submit():
        try:
            account = inviting.accept(token, form.password.data or "", address=address)
        except Invalid as problem:
            form.password.errors, status = [str(problem.message)], problem.status
        else:
            device = devices.device_token()
            opened = open_session(
                account, address=address, user_agent=request.user_agent.string, device=device
            )
            return let_in(account, opened, url_for("linking.start"), device)
    elif request.method == "POST":
        status = 422
    person = found.account.person
    return make_response(
        render_template(
            "journal/invited.html", form=form, person=person, login=found.account.login
        ),
        status,
    )


def _code(token: str) -> Markup:
    """The QR code of an invitation's address, as SVG."""
    address = current_settings().base_url.rstrip("/") + url_for("journal.invited", token=token)
    picture = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2)
    # Made here of our own address: nothing in it comes from people.
    return Markup(picture)  # noqa: S704

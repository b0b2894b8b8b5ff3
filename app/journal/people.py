"""«Люди»: who of the school has linked, and unlinking somebody who lost a phone. Administrators."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.core.errors import Missing
from app.core.names import clean_line
from app.core.pages import go, page_or_block
from app.journal import me
from app.journal.blueprint import bp
from app.linking import directory, unlinking
from app.linking.consequences import consequences_of
from app.school.descriptions import describe
from app.school.people import Role

ROLE_NAMES = {
    Role.PUPIL: lazy_gettext("обучающийся"),
    Role.TEACHER: lazy_gettext("преподаватель"),
    Role.GUARDIAN: lazy_gettext("родитель"),
    Role.ADMINISTRATOR: lazy_gettext("администратор школы"),
}


class ReasonForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Why the school ends a link: the person reads it."""

    reason = TextAreaField(
        lazy_gettext("Причина"),
        filters=[lambda value: clean_line(value or "")],
        validators=[
            DataRequired(lazy_gettext("Напишите причину: её увидит этот человек.")),
            Length(max=300, message=lazy_gettext("Не длиннее 300 символов")),
        ],
        render_kw={"rows": 2},
    )


def only_administrators() -> None:
    """Everybody else finds no such page.

    Raises:
        Missing: the person does not administer the school.
    """
    if Role.ADMINISTRATOR not in me.described().roles:
        raise Missing(lazy_gettext("Такой страницы нет."))


@bp.get("/people")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def people() -> Response:
    """Search by name and class; htmx asks for the rows alone."""
    only_administrators()
    query = clean_line(request.args.get("q", ""))
    return page_or_block(
        "journal/people/list.html",
        "rows",
        query=query,
        found=directory.people_of(current_user.person.school_id, query),
        role_names=ROLE_NAMES,
    )


@bp.route("/people/<public_id>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def person(public_id: str) -> Response:
    """One person's link, what ending it would do, and the form that ends it."""
    only_administrators()
    account = directory.account_in(current_user.person.school_id, public_id)
    if account.id == current_user.id:
        # One's own link is ended with the password, like everybody's.
        return go(url_for("linking.unlink"))
    form, status = ReasonForm(), 200
    if form.validate_on_submit():
        unlinking.unlink_by_school(
            account,
            administrator=current_user._get_current_object(),
            reason=form.reason.data or "",
        )
        flash(gettext("Профиль отвязан, чаты закрыты"), "success")
        return go(url_for("journal.person", public_id=public_id))
    if request.method == "POST":
        status = 422
    link, masked_phone = directory.shown_link(account)
    return make_response(
        render_template(
            "journal/people/person.html",
            account=account,
            described=describe(account.person),
            link=link,
            masked_phone=masked_phone,
            form=form,
            consequences=consequences_of(account.person_id),
        ),
        status,
    )

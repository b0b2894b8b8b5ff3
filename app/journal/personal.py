"""«Личные данные»."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Missing
from app.core.pages import go, is_local
from app.journal import me
from app.journal.blueprint import bp
from app.journal.sign_in import current_session
from app.school import journal_sessions, lessons


@bp.get("/personal")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def personal() -> Response:
    """Own data, the link, sessions, password, language and theme."""
    person = current_user.person
    return make_response(
        render_template(
            "journal/personal.html",
            person=person,
            described=me.described(),
            children=lessons.children_of(person.id),
            link=me.own_link(),
            sessions=journal_sessions.sessions_of(current_user),
            here=current_session(),
        )
    )


@bp.post("/personal/sessions/end")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def end_session() -> Response:
    """End one other session (`session`), or all others when none is named.

    Raises:
        Missing: the session is not a live one of this account.
    """
    keep = current_session()
    named = request.form.get("session")
    if named:
        if not journal_sessions.end_session(current_user, named):
            raise Missing(lazy_gettext("Этот вход уже завершён."))
        flash(gettext("Вход завершён"), "success")
    elif keep is not None:
        journal_sessions.end_other_sessions(current_user, keep=keep)
        flash(gettext("Остальные входы завершены"), "success")
    return go(url_for("journal.personal"))


@bp.post("/personal/sessions/known")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def recognise_device() -> Response:
    """«Да, это я»: the device of `session` is known from now on."""
    here = current_session()
    if here is not None:
        journal_sessions.recognise(here, request.form.get("session", ""))
    target = request.form.get("next", "")
    return go(target if is_local(target) else url_for("journal.home"))

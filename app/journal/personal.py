"""«Личные данные»."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core import quiet
from app.core.config import current_settings
from app.core.errors import Invalid, Missing
from app.core.pages import go, is_local
from app.identity.profiles import profile_id_of
from app.journal import me
from app.journal.blueprint import bp
from app.journal.sign_in import current_session
from app.messenger.notifications import choosing, subscribing
from app.school import journal_sessions, lessons


@bp.route("/personal", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def personal() -> Response:
    """Own data, the link, notifications, sessions, password, language and theme.

    A POST changes notifications: sound and quiet hours of the linked profile.
    """
    profile_id = _profile_id()
    wishes = _wishes(profile_id)
    if request.method == "POST":
        if profile_id is None:
            raise Missing(lazy_gettext("Уведомления появятся, когда вы привяжете учебный профиль."))
        wishes |= {
            "has_sound": request.form.get("sound") == "yes",
            "quiet_from": request.form.get("quiet_from", ""),
            "quiet_until": request.form.get("quiet_until", ""),
        }
        try:
            choosing.choose(
                profile_id,
                has_sound=bool(wishes["has_sound"]),
                start=str(wishes["quiet_from"]),
                end=str(wishes["quiet_until"]),
            )
        except Invalid as wrong:
            wishes["problem"] = str(wrong.message)
        else:
            flash(gettext("Сохранено"), "success")
            return go(url_for("journal.personal", _anchor="notifications"))
    person = current_user.person
    return make_response(
        render_template(
            "journal/personal.html",
            person=person,
            described=me.described(),
            children=lessons.children_of(person.id),
            link=me.own_link(),
            wishes=wishes,
            school_quiet=quiet.quiet_from(current_settings().quiet_hours),
            sessions=journal_sessions.sessions_of(current_user),
            here=current_session(),
        ),
        422 if wishes.get("problem") else 200,
    )


def _profile_id() -> int | None:
    link = me.own_link()
    return profile_id_of(link.subject) if link is not None else None


def _wishes(profile_id: int | None) -> dict[str, object]:
    """What the linked profile has chosen, as the form shows it; empty for the unlinked."""
    if profile_id is None:
        return {}
    choice = choosing.choice_of(profile_id)
    return {
        "has_sound": choice.has_sound,
        "quiet_from": quiet.clock_face(choice.quiet.start) if choice.quiet else "",
        "quiet_until": quiet.clock_face(choice.quiet.end) if choice.quiet else "",
        "browsers": subscribing.browsers_of(profile_id),
        "problem": "",
    }


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

"""«Уведомления»: sound, quiet hours, and push for this browser."""

from __future__ import annotations

from typing import cast

from flask import Response, flash, g, make_response, request, url_for
from flask_babel import gettext

from app.core import quiet
from app.core.config import current_settings
from app.core.errors import Invalid
from app.core.pages import go, wants_block
from app.identity.sessions import ProfileSession
from app.messenger.chats.people import roles_of
from app.messenger.notifications import choosing, keys, subscribing
from app.messenger.routes.frame import bp, me, page


@bp.route("/notifications", methods=["GET", "POST"])
def notifications() -> Response:
    """What is chosen; changing it."""
    choice = choosing.choice_of(me().id)
    start = quiet.clock_face(choice.quiet.start) if choice.quiet else ""
    end = quiet.clock_face(choice.quiet.end) if choice.quiet else ""
    has_sound, problem = choice.has_sound, ""
    if request.method == "POST":
        start, end = request.form.get("quiet_from", ""), request.form.get("quiet_until", "")
        has_sound = request.form.get("sound") == "yes"
        try:
            choosing.choose(me().id, has_sound=has_sound, start=start, end=end)
        except Invalid as wrong:
            problem = str(wrong.message)
        else:
            flash(gettext("Сохранено"), "success")
            return go(url_for("messenger.notifications"))
    return page(
        "messenger/notifications.html",
        "chat",
        status=422 if problem else 200,
        has_sound=has_sound,
        quiet_from=start,
        quiet_until=end,
        problem=problem,
        school_quiet=quiet.quiet_from(current_settings().quiet_hours),
        is_pupil="pupil" in roles_of(me().id),
        push_key=keys.public_key(),
        is_subscribed=subscribing.is_subscribed(_here()),
    )


@bp.post("/notifications/push")
def subscribe_push() -> Response:
    """This browser asks for push: `endpoint` and its keys."""
    subscribing.subscribe(
        _here(),
        endpoint=request.form.get("endpoint", ""),
        p256dh=request.form.get("p256dh", ""),
        auth=request.form.get("auth", ""),
    )
    return make_response("", 204)


@bp.post("/notifications/push/off")
def unsubscribe_push() -> Response:
    """This browser asks for none any more."""
    subscribing.unsubscribe(_here())
    return make_response("", 204) if wants_block() else go(url_for("messenger.notifications"))


def _here() -> ProfileSession:
    return cast(ProfileSession, g.messenger_session)

"""The timetable in one's own calendar: the page of the secret address, and the feed itself."""

from __future__ import annotations

import datetime as dt
import hashlib

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core import throttle
from app.core.errors import Missing, TooMany
from app.core.pages import go
from app.core.throttle import Limit
from app.journal.blueprint import bp
from app.school import calendar_feeds

READINGS = Limit(60, dt.timedelta(hours=1))
GUESSES = Limit(20, dt.timedelta(hours=1))
MAKINGS = Limit(10, dt.timedelta(hours=1))
SLOWLY = lazy_gettext("Слишком часто. Подождите немного и повторите.")


@bp.get("/timetable/calendar")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def calendar_feed() -> Response:
    """Whether there is an address, and the buttons that make or revoke it."""
    return _page()


@bp.post("/timetable/calendar")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def make_calendar_feed() -> Response:
    """A new address, shown on this page once; the old one works no more."""
    _limit(f"calendar:make:{current_user.person_id}", MAKINGS)
    secret = calendar_feeds.make_feed(current_user.person)
    url = url_for("journal.read_calendar", secret=secret, _external=True)
    return _page(url)


@bp.post("/timetable/calendar/revoke")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def revoke_calendar_feed() -> Response:
    """«Отозвать ссылку»."""
    calendar_feeds.revoke_feed(current_user.person)
    flash(gettext("Ссылка отозвана: календари её больше не читают"), "success")
    return go(url_for("journal.calendar_feed"))


@bp.get("/calendar/<secret>.ics")
def read_calendar(secret: str) -> Response:
    """The feed. Whoever knows the secret reads it; a wrong one is no page at all.

    Raises:
        Missing: no live feed has this secret.
        TooMany: read too often, or secrets are being guessed from this address.
    """
    guessing = f"calendar:guess:{request.remote_addr}"
    feed = calendar_feeds.feed_by_secret(secret)
    if feed is None:
        _limit(guessing, GUESSES)
        raise Missing(lazy_gettext("Такого календаря нет: ссылку отозвали или она неполная."))
    _limit(f"calendar:read:{feed.id}", READINGS)
    response = make_response(calendar_feeds.calendar_of(feed).encode())
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="timetable.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _page(url: str = "") -> Response:
    response = make_response(
        render_template(
            "journal/timetable/calendar.html",
            feed=calendar_feeds.feed_of(current_user.person),
            url=url,
        )
    )
    if url:
        response.headers["Cache-Control"] = "no-store"
    return response


def _limit(key: str, limit: Limit) -> None:
    wait = throttle.seconds_to_wait(key, limit)
    if wait:
        raise TooMany(SLOWLY, retry_after=wait)
    throttle.record(key)

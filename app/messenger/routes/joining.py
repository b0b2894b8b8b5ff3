"""The door itself: what anybody sees who opens an invite. A blueprint of its own, because it is
open to people who have not signed in.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app.core.pages import go
from app.identity import sessions
from app.messenger.invites import joining
from app.messenger.invites.links import find_invite
from app.messenger.invites.models import Invite
from app.messenger.invites.rules import Welcome

bp = Blueprint("join", __name__, url_prefix="/join")
# Decision: a dead link says 410 to programs too, whether it ever lived or not.
STATUS = {Welcome.OVER: 410, Welcome.NOT_FOR_YOU: 403, Welcome.NOT_CONFIRMED: 403}


@bp.get("/<token>")
def door(token: str) -> Response:
    """What this person may do with the link."""
    invite = find_invite(token, request.remote_addr or "")
    return _page(token, invite)


@bp.post("/<token>")
def enter(token: str) -> Response:
    """Come in, or ask to be let in."""
    invite = find_invite(token, request.remote_addr or "")
    profile_id = _profile_id()
    if invite is None or profile_id is None:
        return _page(token, invite)
    seen = joining.enter(invite.id, profile_id)
    if seen is Welcome.ALREADY_IN:
        chat = joining.arrival(invite, profile_id).chat_public_id
        return go(url_for("messenger.chat", public_id=chat))
    return go(url_for("join.door", token=token))


def _profile_id() -> int | None:
    session = sessions.find_session(request.cookies.get(sessions.COOKIE, ""))
    return session.profile_id if session else None


def _page(token: str, invite: Invite | None) -> Response:
    arrival = joining.arrival(invite, _profile_id()) if invite is not None else None
    seen = arrival.welcome if arrival else Welcome.OVER
    html = render_template(
        "messenger/join/door.html", welcome=seen.value, arrival=arrival, token=token
    )
    response = make_response(html, STATUS.get(seen, 200))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response

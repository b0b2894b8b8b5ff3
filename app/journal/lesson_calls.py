"""The entrance to the call of a distance lesson: its teacher starts it, the others join."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_login import current_user, login_required

from app.core.pages import go, page_or_block
from app.journal import me
from app.journal.blueprint import bp
from app.linking.links import Link
from app.membership.lesson_chats import call_now, launch_call
from app.school.distance_lessons import Entrance, lesson_for


@bp.route("/timetable/calls/<public_id>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def lesson_call(public_id: str) -> Response:
    """«Начать звонок», «Присоединиться»; and a page to wait on, until there is something to join.

    Raises:
        Missing: no such lesson among those of this person.
    """
    call = lesson_for(current_user.person, public_id)
    place = call.lesson.line.class_id, call.lesson.line.subject_id
    link, live = me.own_link(), call_now(*place)
    if request.method == "POST" and link is not None:
        if live is not None:
            return _into(live.public_id, link)
        if call.is_host and call.entrance is Entrance.OPEN:
            return _into(launch_call(*place, link), link)
        return go(url_for("journal.lesson_call", public_id=public_id))
    return page_or_block("journal/timetable/call.html", "state", call=call, link=link, live=live)


def _into(call: str, link: Link) -> Response:
    """The messenger's page of the call, signed in there as the linked profile."""
    there = url_for("messenger.call", public_id=call)
    return go(url_for("identity.sign_in", next=there, profile=link.subject))

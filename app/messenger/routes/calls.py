"""Calls: beginning one, its page, ending it, and the bar above the chat."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from app.core.headers import allow_devices
from app.core.pages import go
from app.messenger.calls.bar import render_bar
from app.messenger.calls.ending import end_call as finish
from app.messenger.calls.engine import engine_of_site
from app.messenger.calls.lookup import calls_of, live_call
from app.messenger.calls.seats import people_of
from app.messenger.calls.starting import start_call as begin
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.rights import Action
from app.messenger.routes.frame import bp, me


@bp.post("/chats/<public_id>/call")
def start_call(public_id: str) -> Response:
    """Begin the chat's call, or find the one that goes on; on to its page."""
    call_id = begin(me().id, public_id)
    return go(url_for("messenger.call", public_id=call_id))


@bp.get("/chats/<public_id>/call")
def call_bar(public_id: str) -> str:
    """The bar of the chat's call; empty when none goes on."""
    own = chats_of(me().id).get(public_id)
    own.require(Action.SEE_MEMBERS)
    return render_bar(live_call(own.id))


@bp.get("/calls/<public_id>")
def call(public_id: str) -> Response:
    """The page of a call: before it, in it, after it."""
    own = calls_of(me().id).get(public_id)
    own.chat.require(Action.SEE_MEMBERS)
    people = people_of(own.id)
    page = make_response(
        render_template(
            "messenger/calls/call.html",
            me=me(),
            call=own,
            people=people,
            is_full=len([one for one in people if one.profile_id != me().id])
            >= engine_of_site().capacity,
            engine=engine_of_site().kind,
        )
    )
    return allow_devices(page, "camera", "microphone", "display-capture")


@bp.post("/calls/<public_id>/end")
def end_call(public_id: str) -> Response:
    """«Завершить для всех»."""
    finish(me().id, public_id)
    return go(url_for("messenger.call", public_id=public_id))

"""The menu of a row in the list: pin, sound, unread. With script it is a popover, else a page."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from app.core.pages import go, wants_block
from app.messenger.chats import listing
from app.messenger.chats.placing import place_chat, placing_from
from app.messenger.routes.frame import bp, me, page


@bp.get("/chats/<public_id>/place")
def row_menu(public_id: str) -> Response:
    """What can be done with the chat in the list."""
    return page("messenger/row_menu.html", "chat", row=listing.row_of(me().id, public_id))


@bp.post("/chats/<public_id>/place")
def place(public_id: str) -> Response:
    """Do what `how` says; a script gets the row as it is now."""
    place_chat(me().id, public_id, placing_from(request.form.get("how", "")))
    if not wants_block():
        return go(url_for("messenger.chats"))
    row = listing.row_of(me().id, public_id)
    return Response(render_template("messenger/_row.html", row=row, open_chat=""))

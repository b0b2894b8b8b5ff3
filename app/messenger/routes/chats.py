"""The list of chats, and a chat."""

from __future__ import annotations

from flask import Response, render_template, request

from app.messenger.chats import listing
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.seen import seen_in
from app.messenger.routes.frame import bp, chat_page, list_context, me, page


@bp.get("/")
def chats() -> Response:
    """The list; beside it, where a chat will be."""
    return page("messenger/chats.html", "chat", search=request.args.get("q", ""))


@bp.get("/rows")
def rows() -> str:
    """The rows of the list that match `q`."""
    search = request.args.get("q", "")
    return render_template("messenger/_rows.html", **list_context(search), open_chat="")


@bp.get("/rows/<public_id>")
def row(public_id: str) -> str:
    """One row of the list, after a nudge."""
    return render_template(
        "messenger/_row.html", row=listing.row_of(me().id, public_id), open_chat=""
    )


@bp.get("/chats/<public_id>")
def chat(public_id: str) -> Response:
    """A chat: the newest messages, or those before number `before`."""
    return chat_page(public_id)


@bp.get("/chats/<public_id>/presence")
def presence(public_id: str) -> str:
    """Who is here now, in words."""
    return render_template(
        "messenger/_presence.html", seen=seen_in(chats_of(me().id).get(public_id))
    )

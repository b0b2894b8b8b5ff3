"""The list of chats, a chat, and who is in it."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import lazy_gettext

from app.core.errors import Missing
from app.core.pages import wants_block
from app.core.serving import send_stored
from app.messenger import photos
from app.messenger.chats import listing
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.people import participants_of
from app.messenger.chats.seen import seen_in
from app.messenger.routes.frame import bp, chat_page, list_context, me, messages_context, page


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


@bp.get("/chats/<public_id>/members")
def members(public_id: str) -> Response:
    """Who is in the chat."""
    own = chats_of(me().id).get(public_id)
    context = {} if wants_block() else messages_context(own) | {"reply": None}
    return page("messenger/members.html", "info", chat=own, people=participants_of(own), **context)


@bp.get("/chats/<public_id>/photo")
def photo(public_id: str) -> Response:
    """The chat's photo, for those who are or were in it."""
    key = chats_of(me().id).get(public_id).photo_key
    if key is None:
        raise Missing(lazy_gettext("У этого чата нет фотографии."))
    return send_stored(key, name="photo.webp", content_type=photos.CONTENT_TYPE, inline=True)

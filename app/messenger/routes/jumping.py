"""From a message to its place in the chat, and on from there; searching in one chat; the keys."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from app.core.errors import Missing
from app.core.pages import wants_block
from app.messenger.chats.lookup import chats_of
from app.messenger.messages import history
from app.messenger.messages.rendering import render_messages
from app.messenger.routes.frame import (
    bp,
    found_context,
    fragments,
    me,
    messages_context,
    page,
    seq_from,
)


@bp.get("/chats/<public_id>/m/<client_id>")
def permalink(public_id: str, client_id: str) -> Response:
    """The chat, opened around this message."""
    own = chats_of(me().id).get(public_id)
    try:
        context = messages_context(own, client_id)
    except Missing as problem:
        if wants_block():
            raise
        return page("messenger/no_message.html", "chat", status=problem.status, chat=own)
    return page("messenger/chat.html", "chat", chat=own, **context)


@bp.get("/chats/<public_id>/after")
def after(public_id: str) -> Response:
    """The next messages after number `seq`, as fragments."""
    own = chats_of(me().id).get(public_id)
    found = history.since(own, seq_from(request.args.get("seq")), history.PAGE)
    more = bool(found) and found[-1].seq < own.readable_seq
    return fragments(render_messages(found), more=more)


@bp.get("/chats/<public_id>/search")
def search_chat(public_id: str) -> Response:
    """Messages of one chat with the words `q`, beside it."""
    own = chats_of(me().id).get(public_id)
    words = request.args.get("q", "")
    context = {} if wants_block() else messages_context(own)
    context |= found_context(words, own.id) if words.strip() else {"found": [], "next_skip": None}
    context |= {"search": "", "words": words}  # the list beside it stays whole
    return page("messenger/chat_search.html", "info", chat=own, **context)


@bp.get("/found")
def found() -> str:
    """More of the messages with the words `q`, after the first `skip`."""
    context = found_context(request.args.get("q", ""))
    more = url_for("messenger.found", q=context["search"], skip=context["next_skip"])
    return render_template("messenger/_found_messages.html", **context, chat=None, more=more)


@bp.get("/keys")
def keys() -> Response:
    """What can be done from the keyboard."""
    return page("messenger/keys.html", "keys")

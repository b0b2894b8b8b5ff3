"""What is done with a message: its menu, editing, reactions, forwarding, pinning, who has read."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request, url_for

from app.core import tokens
from app.core.errors import Invalid
from app.core.pages import go, wants_block
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.rights import Action
from app.messenger.messages import history
from app.messenger.messages.editing import edit_message, editable
from app.messenger.messages.finding import living
from app.messenger.messages.forwarding import forward_message, forwardable
from app.messenger.messages.mentions import suggestions
from app.messenger.messages.pinning import pin, pinned_in, unpin
from app.messenger.messages.reactions import CHOICE, react, who_reacted
from app.messenger.messages.receipts import readers_of
from app.messenger.messages.rendering import render_pin
from app.messenger.messages.targets import targets_of
from app.messenger.routes.frame import bp, chat_page, me, message_now, page

MESSAGE = "/chats/<public_id>/messages/<client_id>"


@bp.get(MESSAGE)
def message(public_id: str, client_id: str) -> Response:
    """The message with all that can be done with it, as a page: for browsers without script."""
    own = chats_of(me().id).get(public_id)
    found = living(own, client_id)
    return page(
        "messenger/message.html",
        "question",
        chat=own,
        message=history.one(found.id),
        is_mine=found.author_id == me().id,
        is_pinned=own.pinned_seq == found.seq,
        choice=CHOICE,
        **_addresses(public_id, client_id),
    )


@bp.route(f"{MESSAGE}/edit", methods=["GET", "POST"])
def edit(public_id: str, client_id: str) -> Response:
    """«Изменить»: the composer with the old words, and putting in the new ones."""
    if request.method == "GET":
        text = editable(me().id, public_id, client_id).text
        return chat_page(public_id, editing=client_id, text=text)
    text = request.form.get("text", "")
    try:
        message_id = edit_message(me().id, public_id, client_id, text)
    except Invalid as problem:
        if wants_block():
            raise
        return chat_page(
            public_id,
            status=problem.status,
            editing=client_id,
            text=text,
            problem=problem.message,
        )
    return message_now(public_id, message_id)


@bp.route(f"{MESSAGE}/reactions", methods=["GET", "POST"])
def reactions(public_id: str, client_id: str) -> Response:
    """Who reacted, and reacting: an empty `emoji` takes one's own back."""
    if request.method == "POST":
        message_id = react(me().id, public_id, client_id, request.form.get("emoji", ""))
        return message_now(public_id, message_id)
    own = chats_of(me().id).get(public_id)
    found = living(own, client_id)
    return page(
        "messenger/reactions.html",
        "question",
        chat=own,
        people=who_reacted(own, found),
        choice=CHOICE,
        **_addresses(public_id, client_id),
    )


@bp.route(f"{MESSAGE}/forward", methods=["GET", "POST"])
def forward(public_id: str, client_id: str) -> Response:
    """«Переслать»: where to, and doing it."""
    if request.method == "POST":
        to = request.form.get("to", "")
        forward_message(
            me().id,
            public_id,
            client_id,
            to=to,
            new_client_id=request.form.get("client_id") or tokens.public_id(),
        )
        return go(url_for("messenger.chat", public_id=to))
    found = forwardable(me().id, public_id, client_id)
    return page(
        "messenger/forward.html",
        "question",
        message=found,
        targets=targets_of(me().id),
        client_id=tokens.public_id(),
        **_addresses(public_id, client_id),
    )


@bp.get(f"{MESSAGE}/readers")
def readers(public_id: str, client_id: str) -> Response:
    """How many have read it; for those who lead the chat, who."""
    own = chats_of(me().id).get(public_id)
    found = living(own, client_id)
    return page(
        "messenger/readers.html",
        "question",
        readers=readers_of(own, found),
        sees_names=own.can(Action.SEE_READERS),
        **_addresses(public_id, client_id),
    )


@bp.post(f"{MESSAGE}/pin")
def pin_message(public_id: str, client_id: str) -> Response:
    """Put it above the chat."""
    pin(me().id, public_id, client_id)
    return _pinned(public_id)


@bp.post("/chats/<public_id>/unpin")
def unpin_message(public_id: str) -> Response:
    """Nothing stands above the chat any more."""
    unpin(me().id, public_id)
    return _pinned(public_id)


@bp.get("/chats/<public_id>/pinned")
def pinned(public_id: str) -> Response:
    """The bar with the pinned message; empty when there is none."""
    return make_response(render_pin(pinned_in(chats_of(me().id).get(public_id))))


@bp.get("/chats/<public_id>/mentions")
def mentions(public_id: str) -> Response:
    """Names to offer after «@»."""
    own = chats_of(me().id).get(public_id)
    return page(
        "messenger/mentions.html",
        "options",
        chat=own,
        people=suggestions(own),
        mentions_all=own.can(Action.MENTION_ALL),
    )


def _pinned(public_id: str) -> Response:
    if wants_block():
        return pinned(public_id)
    return go(url_for("messenger.chat", public_id=public_id))


def _addresses(public_id: str, client_id: str) -> dict[str, Any]:
    """Where the forms of a page about a message go, and the way back."""
    return {
        "here": url_for("messenger.message", public_id=public_id, client_id=client_id),
        "back": url_for("messenger.chat", public_id=public_id),
    }

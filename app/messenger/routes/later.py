"""«Отправить утром»: keeping a message, sending it now after all, taking it back."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from app.core.pages import go, wants_block
from app.core.uploads import accepts_files
from app.messenger.attachments.models import MAX_IN_MESSAGE
from app.messenger.chats.lookup import chats_of
from app.messenger.later import keeping
from app.messenger.routes.composer import from_composer
from app.messenger.routes.frame import bp, me

WAITING = "/chats/<public_id>/later/<client_id>"


@bp.post("/chats/<public_id>/later")
@accepts_files(MAX_IN_MESSAGE)
def keep_later(public_id: str) -> Response:
    """As «Отправить», with the morning as its moment."""
    return from_composer(public_id, keeping.keep, lambda _kept: _answer(public_id))


@bp.post(f"{WAITING}/now")
def send_later_now(public_id: str, client_id: str) -> Response:
    """«Отправить сейчас»."""
    keeping.send_now(me().id, public_id, client_id)
    return _answer(public_id)


@bp.post(f"{WAITING}/cancel")
def cancel_later(public_id: str, client_id: str) -> Response:
    """«Не отправлять»."""
    keeping.cancel(me().id, public_id, client_id)
    return _answer(public_id)


def _answer(public_id: str) -> Response:
    if not wants_block():
        return go(url_for("messenger.chat", public_id=public_id))
    own = chats_of(me().id).get(public_id)
    waiting = keeping.waiting_in(own)
    return make_response(render_template("messenger/_later.html", chat=own, later=waiting))

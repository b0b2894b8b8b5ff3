"""Messages of a chat: older ones, catching up, sending, deleting, reading."""

from __future__ import annotations

from flask import Response, make_response, request, url_for

from app.core.pages import go, wants_block
from app.core.uploads import accepts_files
from app.messenger.attachments.models import MAX_IN_MESSAGE
from app.messenger.calls.bar import state_word
from app.messenger.calls.lookup import live_call
from app.messenger.chats import reading
from app.messenger.chats.lookup import chats_of
from app.messenger.messages import history
from app.messenger.messages.deleting import deletable, delete_message
from app.messenger.messages.receipts import read_by_others
from app.messenger.messages.rendering import render_messages
from app.messenger.messages.sending import send_message
from app.messenger.routes.composer import from_composer
from app.messenger.routes.frame import (
    CALL,
    CHANGE,
    CLOSED,
    PINNED,
    READ,
    bp,
    fragments,
    me,
    message_now,
    page,
    seq_from,
)


@bp.get("/chats/<public_id>/before")
def before(public_id: str) -> Response:
    """Older messages than number `seq`, as fragments."""
    own = chats_of(me().id).get(public_id)
    found = history.before(own, seq_from(request.args.get("seq")))
    return fragments(render_messages(found), more=bool(found) and found[0].seq > 1)


@bp.get("/chats/<public_id>/since")
def since(public_id: str) -> Response:
    """Catch-up: what was changed after change number `change`, then messages after number `seq`,
    as fragments; a left chat says that it is closed. A page of older messages asks for `only`
    changes.
    """
    own = chats_of(me().id).get(public_id)
    seq = seq_from(request.args.get("seq"))
    found = [] if request.args.get("only") == "changes" else history.since(own, seq)
    changed = history.changed_since(own, seq_from(request.args.get("change", "0")), seq)
    is_full = len(changed) == history.CATCH_UP
    more = is_full or (bool(found) and found[-1].seq < own.readable_seq)
    response = fragments(render_messages([*changed, *found]), more=more)
    response.headers[PINNED] = str(own.pinned_seq or "")
    response.headers[CALL] = state_word(live_call(own.id) if own.member.is_active else None)
    response.headers[READ] = str(read_by_others(own))
    response.headers[CHANGE] = str(changed[-1].changed if is_full else own.last_change)
    if not own.may_write:
        response.headers[CLOSED] = "yes"
    return response


@bp.post("/chats/<public_id>/messages")
@accepts_files(MAX_IN_MESSAGE)
def send(public_id: str) -> Response:
    """Store a message; a script gets its fragment, a plain form comes back to the chat."""
    return from_composer(
        public_id, send_message, lambda sent: message_now(public_id, sent.message_id)
    )


@bp.route("/chats/<public_id>/messages/<client_id>/delete", methods=["GET", "POST"])
def delete(public_id: str, client_id: str) -> Response:
    """«Удалить для всех»: the question, and doing it."""
    if request.method == "POST":
        return message_now(public_id, delete_message(me().id, public_id, client_id))
    return page(
        "messenger/delete.html",
        "question",
        message=deletable(me().id, public_id, client_id),
        here=url_for("messenger.delete", public_id=public_id, client_id=client_id),
        back=url_for("messenger.chat", public_id=public_id),
    )


@bp.post("/chats/<public_id>/read")
def read(public_id: str) -> Response:
    """Everything up to number `seq` is read."""
    reading.mark_read(me().id, public_id, seq_from(request.form.get("seq")))
    if wants_block():
        return make_response("", 204)
    return go(url_for("messenger.chat", public_id=public_id))

"""Routes of the messenger. All need a profile session; a chat is looked up through its member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from markupsafe import Markup

from app.core import tokens
from app.core.config import current_settings
from app.core.errors import Invalid
from app.core.pages import go, page_or_block, wants_block
from app.identity import sessions
from app.messenger.chats import listing, reading
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.people import participants_of
from app.messenger.messages import history
from app.messenger.messages.deleting import deletable, delete_message
from app.messenger.messages.models import MAX_TEXT
from app.messenger.messages.rendering import render_message, render_messages
from app.messenger.messages.sending import send_message
from app.messenger.messages.timeline import short_moment, timeline
from app.messenger.people import role_word

MAX_SEQ = 2**31 - 1
MORE = "Svyazka-More"
CLOSED = "Svyazka-Closed"
CHANGE = "Svyazka-Change"

bp = Blueprint("messenger", __name__, url_prefix="/im")
bp.add_app_template_filter(short_moment, "short_moment")
bp.add_app_template_filter(role_word, "role_word")


@dataclass(frozen=True)
class Me:
    """The signed-in profile, as pages need it."""

    id: int
    public_id: str
    name: str


def me() -> Me:
    """Who asks."""
    return cast(Me, g.messenger_me)


@bp.before_request
def _sign_in_first() -> Response | None:
    session = sessions.find_session(request.cookies.get(sessions.COOKIE, ""))
    if session is None:
        if wants_block():  # a page was open, and its session has ended since
            return go(url_for("identity.ended", next=url_for("messenger.chats")))
        is_page = request.method == "GET"
        back = request.full_path.rstrip("?") if is_page else url_for("messenger.chats")
        return go(url_for("identity.sign_in", next=back))
    sessions.touch(session)
    profile = session.profile
    g.messenger_session = session
    g.messenger_me = Me(profile.id, profile.public_id, profile.name)
    return None


@bp.get("/")
def chats() -> Response:
    """The list; beside it, where a chat will be."""
    return _page("messenger/chats.html", "chat", search=request.args.get("q", ""))


@bp.get("/rows")
def rows() -> str:
    """The rows of the list that match `q`."""
    search = request.args.get("q", "")
    return render_template("messenger/_rows.html", **_list(search), open_chat="")


@bp.get("/rows/<public_id>")
def row(public_id: str) -> str:
    """One row of the list, after a nudge."""
    return render_template(
        "messenger/_row.html", row=listing.row_of(me().id, public_id), open_chat=""
    )


@bp.get("/chats/<public_id>")
def chat(public_id: str) -> Response:
    """A chat: the newest messages, or those before number `before`."""
    return _chat_page(public_id)


@bp.get("/chats/<public_id>/members")
def members(public_id: str) -> Response:
    """Who is in the chat."""
    own = chats_of(me().id).get(public_id)
    context = {} if wants_block() else _messages(own)
    return _page("messenger/members.html", "info", chat=own, people=participants_of(own), **context)


@bp.get("/chats/<public_id>/before")
def before(public_id: str) -> Response:
    """Older messages than number `seq`, as fragments."""
    own = chats_of(me().id).get(public_id)
    found = history.before(own, _seq(request.args.get("seq")))
    return _fragments(render_messages(found), more=bool(found) and found[0].seq > 1)


@bp.get("/chats/<public_id>/since")
def since(public_id: str) -> Response:
    """Catch-up: what was changed after change number `change`, then messages after number `seq`,
    as fragments; a left chat says that it is closed.
    """
    own = chats_of(me().id).get(public_id)
    seq = _seq(request.args.get("seq"))
    found = history.since(own, seq)
    changed = history.changed_since(own, _seq(request.args.get("change", "0")), seq)
    is_full = len(changed) == history.CATCH_UP
    more = is_full or (bool(found) and found[-1].seq < own.readable_seq)
    response = _fragments(render_messages([*changed, *found]), more=more)
    response.headers[CHANGE] = str(changed[-1].changed if is_full else own.last_change)
    if not own.may_write:
        response.headers[CLOSED] = "yes"
    return response


@bp.post("/chats/<public_id>/messages")
def send(public_id: str) -> Response:
    """Store a message; a script gets its fragment, a plain form comes back to the chat."""
    text = request.form.get("text", "")
    client_id = request.form.get("client_id") or tokens.public_id()
    try:
        sent = send_message(me().id, public_id, client_id, text)
    except Invalid as problem:
        if wants_block():
            raise
        return _chat_page(public_id, status=problem.status, text=text, problem=problem.message)
    if wants_block():
        return make_response(render_message(history.one(sent.message_id)))
    return go(url_for("messenger.chat", public_id=public_id))


@bp.route("/chats/<public_id>/messages/<client_id>/delete", methods=["GET", "POST"])
def delete(public_id: str, client_id: str) -> Response:
    """«Удалить для всех»: the question, and doing it."""
    if request.method == "POST":
        message_id = delete_message(me().id, public_id, client_id)
        if wants_block():
            return make_response(render_message(history.one(message_id)))
        return go(url_for("messenger.chat", public_id=public_id))
    return _page(
        "messenger/delete.html",
        "dialog",
        message=deletable(me().id, public_id, client_id),
        here=url_for("messenger.delete", public_id=public_id, client_id=client_id),
        back=url_for("messenger.chat", public_id=public_id),
    )


@bp.post("/chats/<public_id>/read")
def read(public_id: str) -> Response:
    """Everything up to number `seq` is read."""
    reading.mark_read(me().id, public_id, _seq(request.form.get("seq")))
    if wants_block():
        return make_response("", 204)
    return go(url_for("messenger.chat", public_id=public_id))


def _chat_page(public_id: str, *, status: int = 200, **composer: Any) -> Response:
    own = chats_of(me().id).get(public_id)
    context = _messages(own) | composer
    return _page("messenger/chat.html", "chat", status=status, chat=own, **context)


def _page(template: str, block: str, *, status: int = 200, **context: Any) -> Response:
    """A block for htmx; a whole page has the list of chats too."""
    if not wants_block():
        own: OwnChat | None = context.get("chat")
        context = _list(context.get("search", "")) | context
        context["open_chat"] = own.public_id if own else ""
    return page_or_block(template, block, status=status, me=me(), **context)


def _list(search: str) -> dict[str, Any]:
    found = listing.rows_of(me().id, search)
    here: sessions.ProfileSession = g.messenger_session
    confirmed = listing.has_confirmed_role(me().id)
    return {
        "rows": found,
        "search": search,
        "is_confirmed": confirmed,
        "new_devices": sessions.new_devices(me().id, here),
    }


def _messages(own: OwnChat) -> dict[str, Any]:
    """What the chat pane shows; `before` looks back."""
    edge = request.args.get("before")
    found = history.before(own, _seq(edge)) if edge else history.latest(own, _page_size(own))
    return {
        "timeline": timeline(found, own, me().public_id),
        "older": found[0].seq if found and found[0].seq > 1 else None,
        "is_newest": edge is None,
        "newest_seq": found[-1].seq if found else 0,
        "client_id": tokens.public_id(),
        "time_zone": current_settings().time_zone,
        "max_text": MAX_TEXT,
        "text": "",
        "problem": "",
    }


def _page_size(own: OwnChat) -> int:
    """All unread messages and a few before them, but no more than five pages."""
    return min(max(history.PAGE, own.unread + 10), 5 * history.PAGE)


def _fragments(html: Markup, *, more: bool) -> Response:
    response = make_response(html)
    response.headers[MORE] = "yes" if more else "no"
    return response


def _seq(value: str | None) -> int:
    """A message number from outside; what is no number is refused."""
    if value is None or not value.isdecimal() or len(value) > 20:
        raise Invalid(lazy_gettext("Номер сообщения не понят. Откройте чат заново."))
    return min(int(value), MAX_SEQ)

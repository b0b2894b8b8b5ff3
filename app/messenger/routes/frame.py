"""What all messenger routes share: the blueprint, who asks, and the three panes of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, g, make_response, request, url_for
from flask_babel import lazy_gettext
from markupsafe import Markup

from app.core import tokens
from app.core.config import current_settings
from app.core.errors import Invalid, Missing
from app.core.headers import allow_devices
from app.core.pace import Pace
from app.core.pages import go, page_or_block, wants_block
from app.core.quiet import quiet_from
from app.identity import sessions
from app.messenger import direct
from app.messenger.attachments.models import MAX_IN_MESSAGE
from app.messenger.calls.bar import render_bar
from app.messenger.calls.lookup import live_call
from app.messenger.calls.starting import may_start
from app.messenger.chats import listing
from app.messenger.chats.listing import ChatRow
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.people import roles_of
from app.messenger.chats.seen import seen_in
from app.messenger.later import keeping
from app.messenger.messages import history
from app.messenger.messages.finding import living, message_in
from app.messenger.messages.models import MAX_TEXT
from app.messenger.messages.pinning import pinned_in
from app.messenger.messages.reactions import CHOICE
from app.messenger.messages.receipts import read_by_others
from app.messenger.messages.rendering import render_message, render_pin
from app.messenger.messages.search import FURTHEST, find_messages, find_people
from app.messenger.messages.search import PAGE as FOUND
from app.messenger.messages.timeline import seen_moment, short_moment, timeline
from app.messenger.messages.views import MessageView
from app.messenger.messages.words import wanted
from app.messenger.notifications import choosing
from app.messenger.people import role_word
from app.messenger.reports.answers import new_answers

MAX_SEQ = 2**31 - 1
MORE = "Svyazka-More"
CLOSED = "Svyazka-Closed"
CHANGE = "Svyazka-Change"
PINNED = "Svyazka-Pinned"
READ = "Svyazka-Read"
CALL = "Svyazka-Call"

SEARCHES = Pace(burst=20, per_second=4)

bp = Blueprint("messenger", __name__, url_prefix="/im")
bp.add_app_template_filter(short_moment, "short_moment")
bp.add_app_template_filter(seen_moment, "seen_moment")
bp.add_app_template_filter(role_word, "role_word")


@bp.app_template_filter()
def chat_photo(chat: OwnChat | ChatRow) -> str | None:
    """The address of the chat's photo (another one after every change), or None."""
    if chat.photo_key is None:
        return None
    return url_for("messenger.photo", public_id=chat.public_id, v=chat.photo_key[-8:])


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


def chat_page(public_id: str, *, status: int = 200, **composer: Any) -> Response:
    """A chat's page, with what the composer must show again (`text`, `problem`)."""
    own = chats_of(me().id).get(public_id)
    context = messages_context(own) | composer
    context["reply"] = _answered(own, context["reply_to"])
    return page("messenger/chat.html", "chat", status=status, chat=own, **context)


def _answered(own: OwnChat, client_id: str) -> MessageView | None:
    """The message that the composer answers; None when there is no such message any more."""
    try:
        return history.one(living(own, client_id).id) if client_id else None
    except Missing:
        return None


def page(template: str, block: str, *, status: int = 200, **context: Any) -> Response:
    """A block for htmx; a whole page has the list of chats too."""
    if not wants_block():
        own: OwnChat | None = context.get("chat")
        context = list_context(context.get("search", "")) | context
        context["new_answers"] = new_answers(me().id)
        context["open_chat"] = own.public_id if own else ""
    # A voice message is recorded here, whichever pane the page was opened with.
    return allow_devices(
        page_or_block(template, block, status=status, me=me(), **context), "microphone"
    )


def list_context(search: str) -> dict[str, Any]:
    """What the list pane shows: all chats, or what was found.

    Raises:
        TooMany: searches follow each other too fast.
    """
    found = listing.rows_of(me().id, search)
    here: sessions.ProfileSession = g.messenger_session
    confirmed = listing.has_confirmed_role(me().id)
    return {
        "rows": found,
        "search": search,
        "is_confirmed": confirmed,
        "has_sound": choosing.choice_of(me().id).has_sound,
        "new_devices": sessions.new_devices(me().id, here),
    } | (found_context(search) if search.strip() else {})


def found_context(search: str, chat_id: int | None = None) -> dict[str, Any]:
    """Messages with the words of `search`, of one chat or of all; of all, people too."""
    SEARCHES.keep(me().id)
    skip = seq_from(request.args.get("skip", "0"))
    found = find_messages(me().id, wanted(search), chat_id=chat_id, skip=skip)
    return {
        "search": search,
        "found": found[:FOUND],
        "next_skip": skip + FOUND if len(found) > FOUND and skip + FOUND <= FURTHEST else None,
        "people": [] if chat_id or skip else find_people(me().id, search),
    }


def messages_context(own: OwnChat, target: str = "") -> dict[str, Any]:
    """What the chat pane shows: the newest; or around the message `target` (a client id), or
    around the first of many unread; `before` looks back.

    Raises:
        Missing: there is no such target.
    """
    found = _messages(own, target)
    return {
        "timeline": timeline(found, own, me().public_id),
        "peer_roles": roles_of(own.peer_id) if own.peer_id else (),
        "quiet": quiet_from(current_settings().quiet_hours),
        "morning": keeping.next_morning(),
        "later": keeping.waiting_in(own),
        "watched": direct.watched_child(own.profile_id, own.peer_id) if own.peer_id else None,
        "older": found[0].seq if found and found[0].seq > 1 else None,
        "is_newest": not found or found[-1].seq >= own.readable_seq,
        "newest_seq": found[-1].seq if found else 0,
        "target": target,
        "client_id": tokens.public_id(),
        "time_zone": current_settings().time_zone,
        "max_text": MAX_TEXT,
        "most_files": MAX_IN_MESSAGE,
        "largest_file": current_settings().max_file_size,
        "text": "",
        "problem": "",
        "editing": "",
        "reply_to": request.args.get("reply", ""),
        "reply": None,
        "choice": CHOICE,
        "seen": seen_in(own) if own.member.is_active else None,
        "pinned": render_pin(pinned_in(own)),
        "call_bar": render_bar(live_call(own.id) if own.member.is_active else None),
        "may_call": may_start(own),
        "read_seq": read_by_others(own) if own.member.is_active else 0,
    }


def _messages(own: OwnChat, target: str) -> list[MessageView]:
    edge = request.args.get("before")
    if target:
        return history.around(own, message_in(own, target).seq)
    if edge:
        return history.before(own, seq_from(edge))
    if own.unread > history.PAGE // 2 and not request.args.get("newest"):
        return history.around(own, own.read_seq + 1)
    return history.latest(own)


def message_now(public_id: str, message_id: int) -> Response:
    """After something was done with a message: a script gets its fragment as it is now, a plain
    form comes back to the chat.
    """
    if wants_block():
        return make_response(render_message(history.one(message_id)))
    return go(url_for("messenger.chat", public_id=public_id))


def fragments(html: Markup, *, more: bool) -> Response:
    """Rendered messages; the header says whether there are more where they came from."""
    response = make_response(html)
    response.headers[MORE] = "yes" if more else "no"
    return response


def seq_from(value: str | None) -> int:
    """A message number from outside; what is no number is refused."""
    if value is None or not value.isdecimal() or len(value) > 20:
        raise Invalid(lazy_gettext("Номер сообщения не понят. Откройте чат заново."))
    return min(int(value), MAX_SEQ)

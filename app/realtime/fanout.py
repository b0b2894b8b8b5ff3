"""Facts out. A fragment goes to all who have the chat open, a nudge to a person's windows.

Nothing here is a promise: what a socket misses, the page fetches by `since` (reliability notes,
0.1). Rooms are known to this process only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import chain

from app.core.language import LANGUAGES
from app.identity.facts import SessionEnded
from app.messenger.chats.people import audience_of
from app.messenger.facts import (
    CaseDecided,
    ChatChanged,
    ChatPlaced,
    ChatRead,
    DirectChanged,
    MembersChanged,
    MessageChanged,
    MessageSent,
    PinChanged,
)
from app.messenger.messages import history
from app.messenger.messages.pinning import pinned_now
from app.messenger.messages.receipts import first_reader
from app.messenger.messages.rendering import render_message, render_pin
from app.realtime import signals, soon
from app.realtime.channels import chat_room, person_room, session_room
from app.realtime.server import count_in, is_anyone_in, socketio, sockets_in


def show_message(fact: MessageSent | MessageChanged) -> Iterator[None]:
    """Put the message before everybody's eyes, and the chat on top of every member's list.

    A window that gets the fragment needs no nudge: it knows that the chat's row has changed.
    """
    message = history.one(fact.message_id)
    yield
    is_quiet = isinstance(fact, MessageChanged) and fact.is_quiet
    looking = 0
    for language in LANGUAGES:
        room = chat_room(message.chat, language)
        if is_anyone_in(room):
            html = str(render_message(message, language))
            told = {"chat": message.chat, "html": html, "quiet": is_quiet}
            socketio.emit("fragment", told, to=room)
            looking += count_in(room)
    # In a lesson everybody looks at the same chat: then there is nobody to nudge. A socket hears
    # a chat in one language, that of its page: nobody is counted twice.
    if not is_quiet and signals.windows_count() > looking:
        soon.once(nudge_others, fact.chat_id)


def nudge_others(chat_id: int) -> None:
    """Members' windows that show another chat fetch the row of this one anew."""
    audience = audience_of(chat_id)
    looking = (sockets_in(chat_room(audience.public_id, language)) for language in LANGUAGES)
    _nudge(audience.public_id, audience.profile_ids, frozenset(chain.from_iterable(looking)))


def show_pin(fact: PinChanged) -> None:
    """Put the bar with the pinned message, or none, above the chat."""
    public_id = audience_of(fact.chat_id).public_id
    message = pinned_now(fact.chat_id)
    for language in LANGUAGES:
        room = chat_room(public_id, language)
        if is_anyone_in(room):
            html = str(render_pin(message, language))
            socketio.emit("pinned", {"chat": public_id, "html": html}, to=room)


def follow_members(fact: MembersChanged) -> None:
    """Show the chat to those who joined; close it at once for those who left."""
    public_id = audience_of(fact.chat_id).public_id
    for profile_id in fact.left:
        _silence(profile_id, public_id)
    _tell_changed(public_id)
    _nudge(public_id, (*fact.joined, *fact.left))


def show_chat(fact: ChatChanged) -> None:
    """Who has the chat open sees its new head; its row is new in every list."""
    audience = audience_of(fact.chat_id)
    _tell_changed(audience.public_id)
    _nudge(audience.public_id, audience.profile_ids)


def follow_direct(fact: DirectChanged) -> None:
    """Close the chat before the eyes of both: the page asks anew and sees how it stands now."""
    public_id = audience_of(fact.chat_id).public_id
    for profile_id in fact.profile_ids:
        _silence(profile_id, public_id)


def show_placed(fact: ChatPlaced) -> None:
    """The person's other windows show the row as it is now: pinned, without sound."""
    _nudge(audience_of(fact.chat_id).public_id, (fact.profile_id,))


def show_read(fact: ChatRead) -> None:
    """The reader's other windows lose the unread mark; authors see that it is read.

    Only the first reader of a message is told of: a class that reads at once would otherwise tell
    everybody of everybody.
    """
    public_id = audience_of(fact.chat_id).public_id
    _nudge(public_id, (fact.profile_id,))
    reader = first_reader(fact.chat_id, fact.profile_id, fact.seq)
    for language in LANGUAGES if reader else ():
        room = chat_room(public_id, language)
        if is_anyone_in(room):
            told = {"chat": public_id, "by": reader, "seq": fact.seq}
            socketio.emit("read", told, to=room)


def tell_decided(fact: CaseDecided) -> None:
    """Those who complained see at once that there is an answer."""
    rooms = [room for id_ in fact.profile_ids if is_anyone_in(room := person_room(id_))]
    if rooms:  # an empty list of rooms would mean everybody
        socketio.emit("answered", to=rooms)


def close_sockets(fact: SessionEnded) -> None:
    """A browser that signed out hears nothing more."""
    disconnect_session(fact.session_id)


def disconnect_session(session_id: int) -> None:
    """Close the sockets of one browser: its session has ended."""
    for sid in sockets_in(session_room(session_id)):
        socketio.server.disconnect(sid)


def disconnect_profile(profile_id: int) -> None:
    """Close all sockets of a profile."""
    for sid in sockets_in(person_room(profile_id)):
        socketio.server.disconnect(sid)


def _nudge(public_id: str, profile_ids: Iterable[int], told: Set[str] = frozenset()) -> None:
    """Windows of these profiles fetch the chat's row anew; those in `told` do so anyway."""
    windows = signals.windows_of(frozenset(profile_ids), but=told)
    if windows:  # an empty list of rooms would mean everybody
        socketio.emit("nudge", {"chat": public_id}, to=windows)


def _tell_changed(public_id: str) -> None:
    rooms = [room for language in LANGUAGES if is_anyone_in(room := chat_room(public_id, language))]
    if rooms:
        socketio.emit("changed", {"chat": public_id}, to=rooms)


def _silence(profile_id: int, public_id: str) -> None:
    for sid in sockets_in(person_room(profile_id)):
        for language in LANGUAGES:
            socketio.server.leave_room(sid, chat_room(public_id, language))
        socketio.emit("closed", {"chat": public_id}, to=sid)

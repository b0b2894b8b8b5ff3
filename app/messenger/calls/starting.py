"""Beginning a call: from the chat by its right, from a distance lesson by the lesson."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from app.core.errors import Denied
from app.core.pace import Pace
from app.core.transaction import publish, writing
from app.messenger import reach
from app.messenger.calls.lookup import NOT_ALONE, live_call
from app.messenger.calls.models import Call
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.facts import CallChanged, CallNews
from app.messenger.messages.notices import NoticeEvent, post_notice
from app.messenger.safety import Act

# Decision: a person begins a call now and then; who begins many is playing with everybody's chat.
NEW = Pace(burst=6, per_second=1 / 60)


def may_start(own: OwnChat) -> bool:
    """Whether this member may begin a call here (FLOWS 7, «Кто может начинать групповые звонки»;
    between two people the table of FLOWS 8 decides).
    """
    if not own.can(Action.START_CALL):
        return False
    return own.peer_id is None or bool(reach.may(own.profile_id, own.peer_id, Act.CALL))


def start_call(profile_id: int, chat: str) -> str:
    """The public id of the chat's call; begun when none goes on. Twice at once is once.

    Raises:
        Missing: the profile never was in the chat.
        Denied: it may not begin a call here, nor take part in one.
        TooMany: it has begun too many.
    """
    return _once(profile_id, chat, by_lesson=False)


def start_lesson_call(profile_id: int, chat: str) -> str:
    """The same for the one who gives the lesson.

    Decision: giving the lesson is the right to begin its call: a substitute does not lead the
    subject's chat (`membership.rules`), and still holds the lesson.

    Raises:
        Missing, Denied: the profile is not in the chat.
        TooMany: it has begun too many.
    """
    return _once(profile_id, chat, by_lesson=True)


def _once(profile_id: int, chat: str, *, by_lesson: bool) -> str:
    try:
        return _start(profile_id, chat, by_lesson=by_lesson)
    except IntegrityError:  # somebody began at the same moment, and was first
        return _start(profile_id, chat, by_lesson=by_lesson)


def _start(profile_id: int, public_id: str, *, by_lesson: bool) -> str:
    with writing() as session:
        own = chats_of(profile_id).get(public_id)
        own.require(Action.WRITE)
        live = live_call(own.id)
        if live is not None:
            return live.public_id
        if not by_lesson:
            own.require(Action.START_CALL)
            if not may_start(own):
                raise Denied(NOT_ALONE)
        call = Call(chat_id=own.id, started_by_id=profile_id)
        session.add(call)
        session.flush()  # who comes second at the same moment ends here, and has begun nothing
        NEW.keep(profile_id)
        post_notice(own.id, NoticeEvent.CALL_STARTED, by=profile_id)
        publish(CallChanged(call.id, own.id, CallNews.BEGAN))
        return call.public_id

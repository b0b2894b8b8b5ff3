"""A call as a member of its chat sees it. The only door to a call: a stranger finds nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, exists, func, select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Denied, Missing
from app.messenger import reach
from app.messenger.calls.models import Call, CallSeat
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import Action
from app.messenger.safety import Act

NO_CALL = lazy_gettext("Такого звонка нет, или вы не состоите в его чате.")
OVER = lazy_gettext("Звонок завершён.")
NOT_ALONE = lazy_gettext("С этим человеком можно говорить только в звонке общего чата.")


@dataclass(frozen=True, kw_only=True)
class LiveCall:
    """What everybody in the chat may know of its call that goes on now."""

    id: int
    public_id: str
    people: int


@dataclass(frozen=True, kw_only=True)
class OwnCall:
    """A call with the chat of the one who asks."""

    id: int
    public_id: str
    chat: OwnChat
    is_own: bool
    started_at: dt.datetime
    ended_at: dt.datetime | None

    @property
    def may_end(self) -> bool:
        """End it for all: who started it, and whoever leads the chat."""
        return self.chat.can(Action.WRITE) and (self.is_own or self.chat.can(Action.END_CALL))

    @property
    def seconds(self) -> int:
        """How long it lasts, or lasted."""
        return int(((self.ended_at or clock.now()) - self.started_at).total_seconds())

    @property
    def length(self) -> str:
        """The same for people: «12:05», «1:02:07»."""
        return shown_length(self.seconds)

    def require_open(self) -> None:
        """Pass, or say why there is no way in.

        Raises:
            Denied: not (any more) somebody who may talk in this chat.
            Conflict: the call is over.
        """
        self.chat.require(Action.WRITE)
        if self.ended_at is not None:
            raise Conflict(OVER)
        if self.chat.peer_id is not None and not may_talk(self.chat.profile_id, self.chat.peer_id):
            raise Denied(NOT_ALONE)

    def require_end(self) -> None:
        """Pass, or raise Denied: ending for all is not for everybody."""
        if not self.may_end:
            self.chat.require(Action.END_CALL)


@dataclass(frozen=True)
class OwnCalls:
    """The calls of the chats of one profile."""

    profile_id: int

    def get(self, public_id: str) -> OwnCall:
        """The call, by two queries.

        Raises:
            Missing: there is none, or the profile never was in its chat: both look the same.
        """
        row = db.session.execute(
            select(
                Call.id,
                Call.public_id,
                Call.started_by_id,
                Call.started_at,
                Call.ended_at,
                Chat.public_id.label("chat"),
            )
            .join(Chat, Chat.id == Call.chat_id)
            .where(Call.public_id == public_id)
        ).one_or_none()
        if row is None:
            raise Missing(NO_CALL)
        try:
            chat = chats_of(self.profile_id).get(row.chat)
        except Missing:
            raise Missing(NO_CALL) from None
        return OwnCall(
            id=row.id,
            public_id=row.public_id,
            chat=chat,
            is_own=row.started_by_id == self.profile_id,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )


def calls_of(profile_id: int) -> OwnCalls:
    """Where a call is looked up: `calls_of(profile.id).get(public_id)`."""
    return OwnCalls(profile_id)


def live_call(chat_id: int) -> LiveCall | None:
    """The chat's call that goes on now; one query."""
    people = (
        select(func.count())
        .select_from(CallSeat)
        .where(CallSeat.call_id == Call.id, CallSeat.left_at.is_(None))
        .correlate(Call)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Call.id, Call.public_id, people.label("people")).where(
            Call.chat_id == chat_id, Call.ended_at.is_(None)
        )
    ).one_or_none()
    return LiveCall(id=row.id, public_id=row.public_id, people=row.people) if row else None


def has_live_call() -> ColumnElement[bool]:
    """For queries of chats: whether a call goes on in it."""
    return exists().where(Call.chat_id == Chat.id, Call.ended_at.is_(None)).correlate(Chat)


def may_talk(profile_id: int, other_id: int) -> bool:
    """The two may be alone in a call, whoever of them calls (FLOWS 8)."""
    return bool(
        reach.may(profile_id, other_id, Act.CALL) or reach.may(other_id, profile_id, Act.CALL)
    )


def shown_length(length: int) -> str:
    """Minutes and seconds, with hours when there are any: the same in every language."""
    minutes, seconds = divmod(length, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"

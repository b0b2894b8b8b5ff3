"""What somebody meets who opens an invite: a pure rule (FLOWS 7, 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.messenger.chats.company import Person, may_enter


class Welcome(StrEnum):
    """The page that the opener sees. Only `ENTER` and `ASK` have a button that lets further."""

    OVER = "over"
    SIGN_IN = "sign_in"
    NOT_CONFIRMED = "not_confirmed"
    ALREADY_IN = "already_in"
    NOT_FOR_YOU = "not_for_you"
    WAITING = "waiting"
    DECLINED = "declined"
    ASK = "ask"
    ENTER = "enter"


@dataclass(frozen=True, kw_only=True)
class Door:
    """The invite and its chat. `is_author_in`: who made it is in the chat and may still invite."""

    is_annulled: bool
    is_author_in: bool
    is_archived: bool
    needs_approval: bool
    expires_at: dt.datetime | None
    most_uses: int | None
    uses: int

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it lets anybody in at this moment."""
        is_late = self.expires_at is not None and self.expires_at <= now
        is_used_up = self.most_uses is not None and self.uses >= self.most_uses
        is_shut = self.is_annulled or self.is_archived or not self.is_author_in
        return not (is_late or is_used_up or is_shut)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who opened it. `is_reached`: the author might have added them by hand."""

    person: Person
    is_member: bool = False
    was_removed: bool = False
    is_waiting: bool = False
    is_declined: bool = False
    is_reached: bool = False


def may_join(visitor: Visitor, present: Iterable[Person]) -> bool:
    """Whether this chat is for this person at all.

    Decision: where there are children, now or with the newcomer, a link opens only to whom its
    author might have added by hand: it spares typing names and widens nobody's reach.
    """
    present = list(present)
    has_children = visitor.person.is_pupil or any(person.is_pupil for person in present)
    if has_children and not visitor.is_reached:
        return False
    return bool(may_enter(visitor.person, present))


def welcome(
    door: Door, visitor: Visitor | None, present: Iterable[Person], now: dt.datetime
) -> Welcome:
    """What the opener sees; None is somebody who has not signed in.

    Decision: who was removed by an administrator may ask, and only an administrator lets them in.
    """
    if visitor is not None and visitor.is_member:
        return Welcome.ALREADY_IN
    if not door.is_open(now):
        return Welcome.OVER
    if visitor is None:
        return Welcome.SIGN_IN
    if not visitor.person.confirmed:
        return Welcome.NOT_CONFIRMED
    if not may_join(visitor, present):
        return Welcome.NOT_FOR_YOU
    if visitor.is_waiting:
        return Welcome.WAITING
    if visitor.is_declined:
        return Welcome.DECLINED
    return Welcome.ASK if door.needs_approval or visitor.was_removed else Welcome.ENTER

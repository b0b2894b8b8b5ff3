"""Who may do what in a chat: one pure function, asked by pages, forms and sockets alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What people do in a chat."""

    READ = "read"
    SEE_MEMBERS = "see_members"
    WRITE = "write"


class Verdict(StrEnum):
    """The answer, with its reason."""

    YES = "yes"
    LEFT = "left"

    def __bool__(self) -> bool:
        return self is Verdict.YES


@dataclass(frozen=True)
class MemberView:
    """What the rules need to know of a member."""

    is_active: bool
    left_seq: int | None = None


def may(member: MemberView, action: Action) -> Verdict:
    """Members do everything; an ex-member only reads what was said before leaving (FLOWS 4)."""
    if member.is_active or action is Action.READ:
        return Verdict.YES
    return Verdict.LEFT


def readable_seq(member: MemberView, last_seq: int) -> int:
    """The number of the newest message this member may read."""
    return last_seq if member.is_active else min(member.left_seq or 0, last_seq)

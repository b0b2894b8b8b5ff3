"""Who may do what in a chat: one pure function, asked by pages, forms, sockets, files and push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ChatKind(StrEnum):
    """Made by the rules from role and timetable, by hand, or between two people."""

    AUTO = "auto"
    MANUAL = "manual"
    DIRECT = "direct"


class MemberRole(StrEnum):
    """What a member may do in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"


class Action(StrEnum):
    """What people do in a chat. `WRITE` is all that adds: texts, files, votes, reactions;
    `ADMIT` answers who asks to be let in by a link, `END_CALL` ends a call for all.
    """

    READ = "read"
    SEE_MEMBERS = "see_members"
    WRITE = "write"
    LEAVE = "leave"
    INVITE = "invite"
    EDIT_INFO = "edit_info"
    PIN = "pin"
    MENTION_ALL = "mention_all"
    SEE_LINK = "see_link"
    START_CALL = "start_call"
    END_CALL = "end_call"
    APPOINT = "appoint"
    CHANGE_APPEARANCE = "change_appearance"
    DELETE_ANY = "delete_any"
    SEE_READERS = "see_readers"
    REMOVE_MEMBER = "remove_member"
    SET_RIGHTS = "set_rights"
    HAND_OVER = "hand_over"
    ADMIT = "admit"
    ARCHIVE = "archive"


class Circle(StrEnum):
    """Who may, as a chat's settings say it (FLOWS 7, step 4); only the system says `NOBODY`."""

    EVERYONE = "everyone"
    ADMINISTRATORS = "administrators"
    CREATOR = "creator"
    NOBODY = "nobody"


PERMISSIONS: tuple[Action, ...] = (
    Action.INVITE,
    Action.EDIT_INFO,
    Action.PIN,
    Action.MENTION_ALL,
    Action.SEE_LINK,
    Action.START_CALL,
    Action.APPOINT,
    Action.CHANGE_APPEARANCE,
)
"""The eight rows of the settings, in the order of the guide."""

Permissions = dict[Action, Circle]
CLOSED: Permissions = dict.fromkeys(PERMISSIONS, Circle.CREATOR)
ORDINARY: Permissions = dict.fromkeys(PERMISSIONS, Circle.EVERYONE) | {
    Action.MENTION_ALL: Circle.ADMINISTRATORS,
    Action.APPOINT: Circle.ADMINISTRATORS,
}
AUTOMATIC: Permissions = {
    # Decision: the system decides who is in; the teachers who lead the chat decide the rest.
    Action.INVITE: Circle.NOBODY,
    Action.EDIT_INFO: Circle.ADMINISTRATORS,
    Action.PIN: Circle.ADMINISTRATORS,
    Action.MENTION_ALL: Circle.ADMINISTRATORS,
    Action.SEE_LINK: Circle.NOBODY,
    Action.START_CALL: Circle.ADMINISTRATORS,
    Action.APPOINT: Circle.NOBODY,
    Action.CHANGE_APPEARANCE: Circle.ADMINISTRATORS,
}
BETWEEN_TWO: Permissions = {
    Action.INVITE: Circle.NOBODY,
    Action.EDIT_INFO: Circle.NOBODY,
    Action.PIN: Circle.EVERYONE,
    Action.MENTION_ALL: Circle.NOBODY,
    Action.SEE_LINK: Circle.NOBODY,
    Action.START_CALL: Circle.EVERYONE,
    Action.APPOINT: Circle.NOBODY,
    Action.CHANGE_APPEARANCE: Circle.EVERYONE,
}
FIXED: Mapping[ChatKind, Mapping[Action, Circle]] = {
    ChatKind.AUTO: {
        Action.LEAVE: Circle.NOBODY,
        Action.DELETE_ANY: Circle.ADMINISTRATORS,
        Action.END_CALL: Circle.ADMINISTRATORS,
        Action.SEE_READERS: Circle.ADMINISTRATORS,
        Action.REMOVE_MEMBER: Circle.NOBODY,
        Action.SET_RIGHTS: Circle.NOBODY,
        Action.HAND_OVER: Circle.NOBODY,
        Action.ADMIT: Circle.NOBODY,
        Action.ARCHIVE: Circle.NOBODY,
    },
    ChatKind.MANUAL: {
        Action.LEAVE: Circle.EVERYONE,
        Action.DELETE_ANY: Circle.ADMINISTRATORS,
        Action.END_CALL: Circle.ADMINISTRATORS,
        Action.SEE_READERS: Circle.ADMINISTRATORS,
        Action.REMOVE_MEMBER: Circle.ADMINISTRATORS,
        Action.SET_RIGHTS: Circle.CREATOR,
        Action.HAND_OVER: Circle.CREATOR,
        Action.ADMIT: Circle.ADMINISTRATORS,
        Action.ARCHIVE: Circle.CREATOR,
    },
    ChatKind.DIRECT: {
        Action.LEAVE: Circle.NOBODY,
        Action.DELETE_ANY: Circle.NOBODY,
        Action.END_CALL: Circle.EVERYONE,
        Action.SEE_READERS: Circle.NOBODY,
        Action.REMOVE_MEMBER: Circle.NOBODY,
        Action.SET_RIGHTS: Circle.NOBODY,
        Action.HAND_OVER: Circle.NOBODY,
        Action.ADMIT: Circle.NOBODY,
        Action.ARCHIVE: Circle.NOBODY,
    },
}
"""What no setting changes, by kind of chat."""

CIRCLES: Mapping[Circle, frozenset[MemberRole]] = {
    Circle.EVERYONE: frozenset(MemberRole),
    Circle.ADMINISTRATORS: frozenset({MemberRole.CREATOR, MemberRole.ADMINISTRATOR}),
    Circle.CREATOR: frozenset({MemberRole.CREATOR}),
    Circle.NOBODY: frozenset(),
}


class Verdict(StrEnum):
    """The answer, with its reason."""

    YES = "yes"
    LEFT = "left"
    ARCHIVED = "archived"
    FROZEN = "frozen"
    NOT_IN_CIRCLE = "not_in_circle"

    def __bool__(self) -> bool:
        return self is Verdict.YES


@dataclass(frozen=True)
class Membership:
    """What the rules need to know of a member and of the chat."""

    is_active: bool
    left_seq: int | None = None
    role: MemberRole = MemberRole.MEMBER
    kind: ChatKind = ChatKind.MANUAL
    permissions: Permissions = field(default_factory=lambda: CLOSED)
    is_archived: bool = False
    is_frozen: bool = False


def can(member: Membership, action: Action) -> Verdict:
    """May this member do it? An ex-member only reads what was said before leaving (FLOWS 4); a
    frozen direct chat is only read: its two may no longer reach each other (FLOWS 8).
    """
    if action is Action.READ:
        return Verdict.YES
    if not member.is_active:
        return Verdict.LEFT
    if action is Action.SEE_MEMBERS:
        return Verdict.YES
    if member.is_frozen:
        return Verdict.FROZEN
    if member.is_archived and action not in (Action.ARCHIVE, Action.LEAVE):
        return Verdict.ARCHIVED
    if action is Action.WRITE:
        return Verdict.YES
    circle = FIXED[member.kind].get(action) or permissions_of(member)[action]
    return Verdict.YES if member.role in CIRCLES[circle] else Verdict.NOT_IN_CIRCLE


def permissions_of(member: Membership) -> Permissions:
    """The eight rows that hold in the member's chat."""
    if member.kind is ChatKind.AUTO:
        return AUTOMATIC
    return BETWEEN_TWO if member.kind is ChatKind.DIRECT else member.permissions


def readable_seq(member: Membership, last_seq: int) -> int:
    """The number of the newest message this member may read."""
    return last_seq if member.is_active else min(member.left_seq or 0, last_seq)

"""What must change so that the tables say what the rules want: a pure comparison."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from app.membership.rules import Reason, WantedChat


@dataclass(frozen=True)
class SeatState:
    """A seat as stored, or as wanted."""

    reasons: frozenset[Reason]
    is_administrator: bool


@dataclass(frozen=True)
class MemberState:
    """A member of an automatic chat: only what the rules decide."""

    is_administrator: bool
    shows_label: bool


@dataclass
class ActualChat:
    """An automatic chat as stored. `members` are the live ones, by profile."""

    title: str
    label: str
    seats: dict[int, SeatState] = field(default_factory=dict)
    members: dict[int, MemberState] = field(default_factory=dict)


@dataclass
class ChatChange:
    """What to do with one chat. `created` needs the row first; `label` None leaves it."""

    key: str
    created: tuple[str, str] | None = None
    label: str | None = None
    seats: dict[int, SeatState] = field(default_factory=dict)
    vacated: set[int] = field(default_factory=set)
    members: dict[int, MemberState] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(
            self.created
            or self.label is not None
            or self.seats
            or self.vacated
            or self.members
            or self.left
        )


def diff(
    wanted: dict[str, WantedChat],
    actual: dict[str, ActualChat],
    profiles: dict[int, int],
    elsewhere: dict[tuple[int, str], set[str]] | None = None,
) -> list[ChatChange]:
    """The changes that make `actual` equal `wanted`.

    `profiles` maps linked people to their profiles; `elsewhere` names chats outside this view
    (another school's) where a profile sits under the same title: (profile, title) -> keys.
    Titles of existing chats are left alone: staff may have renamed them.
    """
    titles = _titles(wanted, profiles, elsewhere or {})
    changes = []
    for key in sorted(wanted.keys() | actual.keys()):
        change = _chat_change(key, wanted.get(key), actual.get(key), profiles, titles)
        if change:
            changes.append(change)
    return changes


def members_of(
    chat: WantedChat, profiles: dict[int, int], titles: dict[tuple[int, str], int]
) -> dict[int, MemberState]:
    """Members that a wanted chat must have: the profiles of linked people with seats."""
    members: dict[int, MemberState] = {}
    for person in chat.seats:
        profile = profiles.get(person)
        if profile is None:
            continue
        rules = person in chat.administrators
        before = members.get(profile)
        # A profile that joins two people (a teacher who is a parent) has the higher place.
        members[profile] = MemberState(
            is_administrator=rules or (before is not None and before.is_administrator),
            shows_label=titles[profile, chat.title] > 1,
        )
    return members


def _titles(
    wanted: dict[str, WantedChat],
    profiles: dict[int, int],
    elsewhere: dict[tuple[int, str], set[str]],
) -> dict[tuple[int, str], int]:
    """In how many chats of one title a profile sits: more than one shows the class."""
    places: dict[tuple[int, str], set[str]] = defaultdict(set)
    for key, chat in wanted.items():
        for person in chat.seats:
            if person in profiles:
                places[profiles[person], chat.title].add(key)
    for place, keys in elsewhere.items():
        if place in places:
            places[place] |= keys
    return {place: len(keys) for place, keys in places.items()}


def _chat_change(
    key: str,
    want: WantedChat | None,
    have: ActualChat | None,
    profiles: dict[int, int],
    titles: dict[tuple[int, str], int],
) -> ChatChange:
    change = ChatChange(key)
    seats_now = have.seats if have else {}
    members_now = have.members if have else {}
    seats: dict[int, SeatState] = {}
    members: dict[int, MemberState] = {}
    if want is not None:
        seats = {
            person: SeatState(reasons, person in want.administrators)
            for person, reasons in want.seats.items()
        }
        members = members_of(want, profiles, titles)
        if have is None:
            change.created = (want.title, want.label)
        elif have.label != want.label:
            change.label = want.label
    change.seats = {p: seat for p, seat in seats.items() if seats_now.get(p) != seat}
    change.vacated = set(seats_now) - set(seats)
    change.members = {p: m for p, m in members.items() if members_now.get(p) != m}
    change.joined = set(members) - set(members_now)
    change.left = set(members_now) - set(members)
    return change

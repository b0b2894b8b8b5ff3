"""Who may be together in a chat made by hand when there are children in it: a pure rule.

Decision: a chat with a pupil in it holds only people whose role the pupil's own school has
confirmed. So no link, no guest and no second school brings a stranger to a child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

PUPIL = "pupil"


@dataclass(frozen=True)
class Person:
    """What schools have confirmed of somebody: pairs of a school's key and a role there."""

    confirmed: frozenset[tuple[str, str]]

    @property
    def schools(self) -> frozenset[str]:
        return frozenset(school for school, _role in self.confirmed)

    @property
    def is_pupil(self) -> bool:
        return any(role == PUPIL for _school, role in self.confirmed)

    @property
    def is_only_pupil(self) -> bool:
        """A pupil everywhere, and no grown-up anywhere."""
        return bool(self.confirmed) and all(role == PUPIL for _school, role in self.confirmed)


class Entry(StrEnum):
    """May somebody come in, and if not, why."""

    YES = "yes"
    NOT_CONFIRMED = "not_confirmed"
    STRANGER_TO_CHILDREN = "stranger_to_children"
    CHILD_AMONG_STRANGERS = "child_among_strangers"

    def __bool__(self) -> bool:
        return self is Entry.YES


def may_enter(newcomer: Person, present: Iterable[Person]) -> Entry:
    """Whether `newcomer` may join those who are there."""
    if not newcomer.confirmed:
        return Entry.NOT_CONFIRMED
    for other in present:
        if newcomer.schools & other.schools:
            continue
        if newcomer.is_pupil:
            return Entry.CHILD_AMONG_STRANGERS
        if other.is_pupil:
            return Entry.STRANGER_TO_CHILDREN
    return Entry.YES

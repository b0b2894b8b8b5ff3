"""Whom a person may reach: one table, place by place (FLOWS 8). Pure: no Flask, no database.

A *circle* is a group of people that a school knows: a class, a group of a subject, a family, the
school. Everybody has *places* in circles; two people meet where both have a place in the same
one. What a row of the table does not allow is not allowed: strangers never reach each other.
`circles` keeps who has which place, `reach` asks this table about stored people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class CircleKind(StrEnum):
    """What holds people together. A group gathers pupils of several classes for one subject."""

    CLASS = "class"
    GROUP = "group"
    FAMILY = "family"
    SCHOOL = "school"


class Place(StrEnum):
    """What a person is in a circle. `LEADER` leads the class; `TEACHER` teaches there, also as a
    substitute while the substitution lasts, or (of a school) anywhere in it.
    """

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What one person does towards another."""

    DIRECT = "direct"
    """Start a direct chat."""
    FIND = "find"
    """Find in search."""
    ADD = "add"
    """Add to a chat by hand."""
    CALL = "call"
    """Call, the two of them alone."""
    SEE_PHONE = "see_phone"


class Verdict(StrEnum):
    """The answer, with its reason."""

    YES = "yes"
    STRANGER = "stranger"
    NOT_THIS = "not_this"

    def __bool__(self) -> bool:
        return self is Verdict.YES


@dataclass(frozen=True)
class Bond:
    """Two people meet in a circle: of which kind, and who is what there."""

    kind: CircleKind
    mine: Place
    theirs: Place


@dataclass(frozen=True)
class Rule:
    """A row of the table: what people of place `mine` may do towards people of place `theirs`."""

    bond: Bond
    acts: frozenset[Act]


FREELY = frozenset({Act.DIRECT, Act.FIND, Act.ADD, Act.CALL})
# Decision: an adult and a pupil are not alone in a call, the class teacher and the family apart;
# they may write, and the child's parents see with whom (not what).
IN_WRITING = FREELY - {Act.CALL}
# Decision: staff gather pupils and parents of the whole school in chats (a school newspaper); a
# direct chat is for those whom they teach or lead.
GATHER = frozenset({Act.FIND, Act.ADD})
# Decision: nobody sees anybody's phone: it is there for signing in, and for a pupil never else.
_C, _P = CircleKind, Place


def _both(kind: CircleKind, one: Place, other: Place, acts: frozenset[Act]) -> tuple[Rule, ...]:
    return Rule(Bond(kind, one, other), acts), Rule(Bond(kind, other, one), acts)


def _same(kind: CircleKind, place: Place, acts: frozenset[Act]) -> tuple[Rule, ...]:
    return (Rule(Bond(kind, place, place), acts),)


def _one_way(kind: CircleKind, mine: Place, theirs: Place, acts: frozenset[Act]) -> tuple[Rule]:
    return (Rule(Bond(kind, mine, theirs), acts),)


TABLE: tuple[Rule, ...] = (
    *_same(_C.CLASS, _P.PUPIL, FREELY),
    *_both(_C.CLASS, _P.PUPIL, _P.LEADER, FREELY),
    *_both(_C.CLASS, _P.PUPIL, _P.TEACHER, IN_WRITING),
    *_both(_C.GROUP, _P.PUPIL, _P.LEADER, IN_WRITING),
    *_both(_C.GROUP, _P.PUPIL, _P.TEACHER, IN_WRITING),
    *_same(_C.CLASS, _P.GUARDIAN, FREELY),
    *_both(_C.CLASS, _P.GUARDIAN, _P.LEADER, FREELY),
    *_both(_C.CLASS, _P.GUARDIAN, _P.TEACHER, FREELY),
    *_both(_C.GROUP, _P.GUARDIAN, _P.LEADER, FREELY),
    *_both(_C.GROUP, _P.GUARDIAN, _P.TEACHER, FREELY),
    *_both(_C.FAMILY, _P.PUPIL, _P.GUARDIAN, FREELY),
    *_same(_C.FAMILY, _P.GUARDIAN, FREELY),
    *_same(_C.SCHOOL, _P.TEACHER, FREELY),
    *_same(_C.SCHOOL, _P.ADMINISTRATOR, FREELY),
    *_both(_C.SCHOOL, _P.TEACHER, _P.ADMINISTRATOR, FREELY),
    *_one_way(_C.SCHOOL, _P.TEACHER, _P.PUPIL, GATHER),
    *_one_way(_C.SCHOOL, _P.TEACHER, _P.GUARDIAN, GATHER),
    *_one_way(_C.SCHOOL, _P.ADMINISTRATOR, _P.PUPIL, GATHER),
    # The office writes to a parent, and the parent answers; it does not begin with a child.
    *_one_way(_C.SCHOOL, _P.ADMINISTRATOR, _P.GUARDIAN, FREELY),
)
RULES: dict[Bond, frozenset[Act]] = {rule.bond: rule.acts for rule in TABLE}


def verdict(bonds: Iterable[Bond], act: Act) -> Verdict:
    """May a person do this to another, with whom these bonds are all there is?"""
    met = [RULES[bond] for bond in bonds if bond in RULES]
    if not met:
        return Verdict.STRANGER
    return Verdict.YES if any(act in acts for acts in met) else Verdict.NOT_THIS


def allowing(act: Act) -> tuple[Bond, ...]:
    """The bonds by which this is allowed."""
    return tuple(rule.bond for rule in TABLE if act in rule.acts)


def may_talk(bonds: Iterable[Bond]) -> bool:
    """Whether a direct chat of two people lives: one of them may start it, the other answers."""
    return any(
        verdict([way], Act.DIRECT)
        for bond in bonds
        for way in (bond, Bond(bond.kind, bond.theirs, bond.mine))
    )

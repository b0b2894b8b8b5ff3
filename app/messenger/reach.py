"""Whom a profile may reach: the table of `safety` asked about people as they are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.core.db import db
from app.identity.profiles import Profile
from app.messenger import safety
from app.messenger.circles import CirclePlace
from app.messenger.people import ROLE_ORDER, ConfirmedRole
from app.messenger.safety import Act, Bond, CircleKind, Place, Verdict

LONGEST_LIST = 60
Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Acquaintance:
    """Somebody whom a profile may reach. `labels` are the classes where they meet."""

    id: int
    public_id: str
    name: str
    family_first: str
    roles: tuple[str, ...]
    labels: tuple[str, ...]


def may(profile_id: int, other_id: int, act: Act) -> Verdict:
    """May the profile do this to the other one now?"""
    if profile_id == other_id:
        return Verdict.NOT_THIS
    return safety.verdict(bonds_of([(profile_id, other_id)])[profile_id, other_id], act)


def may_add(profile_id: int, other_id: int) -> Verdict:
    """May the profile add the other one to a chat made by hand?"""
    return may(profile_id, other_id, Act.ADD)


def reachable(profile_id: int, act: Act, among: Collection[int] | None = None) -> set[int]:
    """Ids of all profiles (or of those `among`) to whom the profile may do this; two queries."""
    found: set[int] = set()
    for query, one, other in _meetings(act):
        wanted = query.with_only_columns(other.profile_id).where(one.profile_id == profile_id)
        if among is not None:
            wanted = wanted.where(other.profile_id.in_(among))
        found.update(db.session.scalars(wanted))
    return found - {profile_id}


def bonds_of(pairs: Collection[Pair]) -> dict[Pair, set[Bond]]:
    """How the two of each pair meet, seen from the first; two queries for all."""
    found: dict[Pair, set[Bond]] = {pair: set() for pair in pairs}
    ones, others = {one for one, _ in pairs}, {other for _, other in pairs}
    for query, one, other in _meetings(None):
        for row in db.session.execute(
            query.where(one.profile_id.in_(ones), other.profile_id.in_(others))
        ):
            if (row.one, row.other) in found:
                bond = Bond(CircleKind(row.kind), Place(row.mine), Place(row.theirs))
                found[row.one, row.other].add(bond)
    return found


def members_with(profile_id: int, kind: CircleKind, mine: Place, theirs: Place) -> list[int]:
    """Profiles of place `theirs` in those circles of a kind where this one has place `mine`."""
    here = select(CirclePlace.circle).where(
        CirclePlace.profile_id == profile_id, CirclePlace.kind == kind, CirclePlace.place == mine
    )
    return list(
        db.session.scalars(
            select(CirclePlace.profile_id)
            .where(CirclePlace.circle.in_(here), CirclePlace.place == theirs)
            .distinct()
        )
    )


def acquaintances(
    profile_id: int, act: Act, search: str = "", *, besides: Collection[int] = ()
) -> list[Acquaintance]:
    """People to whom the profile may do this, by family name; at most `LONGEST_LIST`, without
    those of `besides`.

    Every word of `search` must begin a part of the name. Names are compared here: SQLite knows no
    upper and lower case of Cyrillic letters.
    """
    words = folded(search).split()
    asked = _reached(act).where(*_near_to(words))
    left_out = set(besides)
    matching = [
        row
        for row in db.session.execute(asked, {"who": profile_id})
        if row.id not in left_out
        and _begins(words, (row.family_name, row.given_name, row.patronymic))
    ]
    matching.sort(key=lambda row: (folded(row.family_name), folded(row.given_name), row.id))
    shown = matching[:LONGEST_LIST]
    roles = _roles([row.id for row in shown])
    labels = _labels(profile_id, [row.id for row in shown])
    return [
        Acquaintance(
            id=row.id,
            public_id=row.public_id,
            name=_joined(row.given_name, row.patronymic, row.family_name),
            family_first=_joined(row.family_name, row.given_name, row.patronymic),
            roles=tuple(role for role in ROLE_ORDER if role in roles[row.id]),
            labels=tuple(sorted(labels[row.id], key=lambda label: (len(label), label))),
        )
        for row in shown
    ]


@cache
def _reached(act: Act) -> Select[*tuple[Any, ...]]:
    """Names of those to whom the profile `:who` may do this: one statement, built once."""
    ways = [
        query.with_only_columns(other.profile_id).where(one.profile_id == bindparam("who"))
        for query, one, other in _meetings(act)
    ]
    query: Select[*tuple[Any, ...]] = select(
        Profile.id,
        Profile.public_id,
        Profile.given_name,
        Profile.patronymic,
        Profile.family_name,
    ).where(Profile.id.in_(union_all(*ways)), Profile.id != bindparam("who"))
    return query


def _near_to(words: Collection[str]) -> list[ColumnElement[bool]]:
    """What keeps most other names in the database: a name has the first letter of every word, or
    several parts.
    """
    names = (Profile.family_name, Profile.given_name, Profile.patronymic)
    conditions = []
    for word in words:
        letters = {word[0], word[0].upper()} | ({"ё", "Ё"} if word[0] == "е" else set())
        first = [func.substr(name, 1, 1).in_(sorted(letters)) for name in names]
        parts = [name.contains(sign) for name in names for sign in ("-", " ")]
        conditions.append(or_(*first, *parts))
    return conditions


def folded(text: str) -> str:
    """Without case, and with «ё» as «е»: people type it either way."""
    return " ".join(text.casefold().replace("ё", "е").split())


def _meetings(act: Act | None) -> Iterable[tuple[Select[*tuple[Any, ...]], Any, Any]]:
    """Queries for pairs of profiles who meet in a circle (by which `act` is allowed)."""
    bonds = safety.RULES if act is None else safety.allowing(act)
    one, other = aliased(CirclePlace), aliased(CirclePlace)
    query = (
        select(
            one.profile_id.label("one"),
            other.profile_id.label("other"),
            one.kind,
            one.place.label("mine"),
            other.place.label("theirs"),
        )
        .join_from(one, other, one.circle == other.circle)
        .where(
            or_(
                *(
                    and_(one.kind == bond.kind, one.place == bond.mine, other.place == bond.theirs)
                    for bond in bonds
                    if bond.kind is not CircleKind.SCHOOL
                )
            )
        )
    )
    yield query, one, other
    yield _school_meetings([bond for bond in bonds if bond.kind is CircleKind.SCHOOL])


def _school_meetings(bonds: Collection[Bond]) -> tuple[Select[*tuple[Any, ...]], Any, Any]:
    """The circle of a school: confirmed roles are the places in it."""
    one, other = aliased(ConfirmedRole), aliased(ConfirmedRole)
    rows: list[ColumnElement[bool]] = [
        and_(one.role == bond.mine.value, other.role == bond.theirs.value) for bond in bonds
    ]
    query = (
        select(
            one.profile_id.label("one"),
            other.profile_id.label("other"),
            literal(CircleKind.SCHOOL.value).label("kind"),
            one.role.label("mine"),
            other.role.label("theirs"),
        )
        .join_from(one, other, one.school_key == other.school_key)
        .where(or_(false(), *rows))
    )
    return query, one, other


def _begins(words: Collection[str], names: Collection[str]) -> bool:
    parts = [part for name in names for part in folded(name).replace("-", " ").split()]
    return all(any(part.startswith(word) for part in parts) for word in words)


def _joined(*names: str) -> str:
    return " ".join(name for name in names if name)


def _roles(profile_ids: Collection[int]) -> dict[int, set[str]]:
    roles: dict[int, set[str]] = defaultdict(set)
    for profile_id, role in db.session.execute(
        select(ConfirmedRole.profile_id, ConfirmedRole.role).where(
            ConfirmedRole.profile_id.in_(profile_ids)
        )
    ):
        roles[profile_id].add(role)
    return roles


def _labels(profile_id: int, other_ids: Collection[int]) -> dict[int, set[str]]:
    """Names of the classes in which the profile meets each of the others."""
    mine = select(CirclePlace.circle).where(CirclePlace.profile_id == profile_id)
    labels: dict[int, set[str]] = defaultdict(set)
    for other, label in db.session.execute(
        select(CirclePlace.profile_id, CirclePlace.label).where(
            CirclePlace.profile_id.in_(other_ids),
            CirclePlace.circle.in_(mine),
            CirclePlace.label != "",
        )
    ):
        labels[other].add(label)
    return labels

"""The people of a school and their links, for its administrators."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Missing
from app.linking.links import Link, active_link
from app.school.accounts import Account
from app.school.classes import ClassKind, Enrolment, SchoolClass
from app.school.people import Person, PersonRole, Role, full_name

SHOWN = 50


@dataclass(frozen=True)
class Listed:
    """A line of «Люди». `masked_phone` is empty for pupils: their phones are nobody's business."""

    public_id: str
    name: str
    roles: tuple[Role, ...]
    class_name: str
    has_account: bool
    linked_at: dt.datetime | None
    masked_phone: str


@dataclass(frozen=True)
class Found:
    """The first `SHOWN` people that match, and how many there are."""

    people: list[Listed]
    total: int


def people_of(school_id: int, query: str) -> Found:
    """People of the school whose name or class contains every word of `query`.

    Names are compared here: SQLite knows no upper and lower case of Cyrillic letters.
    """
    words = _plain(query).split()
    rows = db.session.execute(
        select(Person.id, Person.family_name, Person.given_name, Person.patronymic)
        .where(Person.school_id == school_id, Person.left_on.is_(None))
        .order_by(Person.family_name, Person.given_name, Person.id)
    ).all()
    classes = _classes(school_id)
    found = [
        row
        for row in rows
        if all(word in _plain(f"{full_name(*row[1:])} {classes.get(row.id, '')}") for word in words)
    ]
    shown = [row.id for row in found[:SHOWN]]
    return Found(_listed(shown, classes), len(found))


def account_in(school_id: int, public_id: str) -> Account:
    """The account of a person of this school.

    Raises:
        Missing: there is no such person here, or no account: both look the same.
    """
    account: Account | None = db.session.scalar(
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Person.school_id == school_id, Person.public_id == public_id)
    )
    if account is None:
        raise Missing(lazy_gettext("Такого человека в вашей школе нет."))
    return account


def shown_link(account: Account) -> tuple[Link | None, str]:
    """The person's link, and their masked phone unless they are a pupil."""
    link = active_link(account.id)
    is_pupil = any(row.role is Role.PUPIL for row in account.person.roles)
    return link, link.masked_phone if link is not None and not is_pupil else ""


def _listed(person_ids: list[int], classes: dict[int, str]) -> list[Listed]:
    roles: dict[int, list[Role]] = {person_id: [] for person_id in person_ids}
    for row in db.session.execute(
        select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(person_ids))
    ):
        roles[row.person_id].append(row.role)
    rows = db.session.execute(
        select(Person, Account.id, Link.linked_at, Link.masked_phone)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Link, (Link.account_id == Account.id) & Link.ended_at.is_(None))
        .where(Person.id.in_(person_ids))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return [
        Listed(
            public_id=person.public_id,
            name=person.full_name,
            roles=tuple(sorted(roles[person.id])),
            class_name=classes.get(person.id, ""),
            has_account=account_id is not None,
            linked_at=linked_at,
            masked_phone="" if Role.PUPIL in roles[person.id] else masked_phone or "",
        )
        for person, account_id, linked_at, masked_phone in rows
    ]


def _classes(school_id: int) -> dict[int, str]:
    """Pupil -> the name of their class."""
    rows = db.session.execute(
        select(Enrolment.pupil_id, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.kind == ClassKind.HOMEROOM,
            SchoolClass.closed_on.is_(None),
            Enrolment.ended_on.is_(None),
        )
    )
    return {row.pupil_id: row.name for row in rows}


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())

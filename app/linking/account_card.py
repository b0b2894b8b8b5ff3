"""Whose account is being linked, in words: what the consent screen shows beside the profile."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.school.descriptions import describe, led_classes
from app.school.people import Guardianship, Person


@dataclass(frozen=True)
class AccountCard:
    """«Иванова Анна Петровна», «классный руководитель», «7А, Школа № 1»."""

    name: str
    role: str
    place: str


def card_of(person: Person) -> AccountCard:
    """The card of a person, in the language of the page at work. Parents see their children."""
    described = describe(person)
    place = ", ".join([*_children(person.id), described.place])
    return AccountCard(name=person.full_name, role=described.role, place=place)


def leads_a_class(person: Person) -> bool:
    """«Классный руководитель» of some class."""
    return bool(led_classes(person.id))


def _children(person_id: int) -> list[str]:
    """«Иванов Миша» for each child at this school."""
    rows = db.session.execute(
        select(Person.family_name, Person.given_name)
        .join(Guardianship, Guardianship.pupil_id == Person.id)
        .where(
            Guardianship.guardian_id == person_id,
            Guardianship.ended_on.is_(None),
            Person.left_on.is_(None),
        )
        .order_by(Person.family_name, Person.given_name)
    )
    return [f"{row.family_name} {row.given_name}" for row in rows]

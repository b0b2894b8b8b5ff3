"""Whose first sign-in slips are wanted, and what stands on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from app.core.db import db
from app.school.accounts import Account
from app.school.classes import ClassKind, ClassTeacher, Enrolment, SchoolClass
from app.school.people import Guardianship, Person, PersonRole, Role, School, full_name
from app.school.roster.reading.name_index import class_id

LAST = (99, "")


@dataclass(frozen=True)
class Slip:
    """What one slip says. `about`: the class of a pupil, the children of a guardian."""

    account_id: int
    school: str
    name: str
    about: tuple[str, ...]
    login: str
    password: str = ""


@dataclass(frozen=True)
class SlipQuery:
    """Whose slips: all when nothing is set; only people who never signed in, unless `again`.

    `class_name` means the pupils of a class, their guardians and its class teachers.
    """

    school_id: int | None = None
    class_name: str | None = None
    role: Role | None = None
    again: bool = False


@dataclass(frozen=True, order=True)
class _Room:
    """A class in the order of a school's list: 9А stands before 10А."""

    grade: int
    name: str


Rooms = Mapping[int, tuple[_Room, ...]]


def find_slips(query: SlipQuery) -> list[Slip]:
    """Slips without passwords: by school, class and name; guardians stand with their children's
    class, the staff at the end. Four queries for any number of people.
    """
    pupils = _rooms(_pupil_rooms())
    leaders = _rooms(_leader_rooms())
    children = _children()
    found = []
    for account_id, school, login, person_id, *names in db.session.execute(_people(query)):
        own = children.get(person_id, ())
        rooms = (
            *pupils.get(person_id, ()),
            *(room for child_id, _ in own for room in pupils.get(child_id, ())),
        )
        if not _is_meant(query, (*rooms, *leaders.get(person_id, ()))):
            continue
        about = [room.name for room in pupils.get(person_id, ())] or [
            ", ".join((name, *(room.name for room in pupils.get(child_id, ()))))
            for child_id, name in own
        ]
        slip = Slip(account_id, school, full_name(*names), tuple(about), login)
        found.append((school, min(rooms, default=_Room(*LAST)), bool(own), slip.name, slip))
    found.sort(key=lambda row: (*row[:4], row[4].login))
    return [row[4] for row in found]


def _is_meant(query: SlipQuery, rooms: Iterable[_Room]) -> bool:
    if query.class_name is None:
        return True
    return class_id(query.class_name) in {class_id(room.name) for room in rooms}


def _people(query: SlipQuery) -> Select[*tuple[Any, ...]]:
    people: Select[*tuple[Any, ...]] = (
        select(
            *(Account.id, School.name, Account.login),
            *(Person.id, Person.family_name, Person.given_name, Person.patronymic),
        )
        .join(Person, Person.id == Account.person_id)
        .join(School, School.id == Person.school_id)
        .where(Person.left_on.is_(None))
    )
    if not query.again:
        people = people.where(Account.first_signed_in_at.is_(None))
    if query.school_id is not None:
        people = people.where(School.id == query.school_id)
    if query.role is not None:
        of_role = select(PersonRole.person_id).where(PersonRole.role == query.role)
        people = people.where(Person.id.in_(of_role))
    return people


def _pupil_rooms() -> Select[*tuple[Any, ...]]:
    rooms: Select[*tuple[Any, ...]] = (
        select(Enrolment.pupil_id, SchoolClass.grade, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            Enrolment.ended_on.is_(None),
            SchoolClass.closed_on.is_(None),
            SchoolClass.kind == ClassKind.HOMEROOM,
        )
    )
    return rooms


def _leader_rooms() -> Select[*tuple[Any, ...]]:
    rooms: Select[*tuple[Any, ...]] = (
        select(ClassTeacher.teacher_id, SchoolClass.grade, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
        .where(ClassTeacher.ended_on.is_(None), SchoolClass.closed_on.is_(None))
    )
    return rooms


def _rooms(query: Select[*tuple[Any, ...]]) -> Rooms:
    rooms: dict[int, list[_Room]] = defaultdict(list)
    for person_id, grade, name in db.session.execute(query):
        rooms[person_id].append(_Room(grade or LAST[0], name))
    return {person_id: tuple(sorted(found)) for person_id, found in rooms.items()}


def _children() -> dict[int, list[tuple[int, str]]]:
    """Guardian -> (child, «Иванов Миша»), in the order of names."""
    children: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for guardian_id, pupil_id, family, given in db.session.execute(
        select(Guardianship.guardian_id, Person.id, Person.family_name, Person.given_name)
        .join(Person, Person.id == Guardianship.pupil_id)
        .where(Guardianship.ended_on.is_(None), Person.left_on.is_(None))
        .order_by(Person.family_name, Person.given_name)
    ):
        children[guardian_id].append((pupil_id, full_name(family, given)))
    return children

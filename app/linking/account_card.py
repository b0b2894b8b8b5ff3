"""Whose account is being linked, in words: what the consent screen shows beside the profile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import ColumnElement, or_, select

from app.core import clock
from app.core.db import db
from app.school.classes import ClassKind, ClassTeacher, Enrolment, SchoolClass
from app.school.people import Guardianship, Person, Role


@dataclass(frozen=True)
class AccountCard:
    """«Иванова Анна Петровна», «классный руководитель», «7А, Школа № 1»."""

    name: str
    role: str
    place: str


def describe(person: Person) -> AccountCard:
    """The card of a person, in the language of the page at work.

    Enrolments that begin later count too: in August a card already names the class of September.
    """
    today = clock.today(person.school.time_zone)
    roles = {role.role for role in person.roles}
    led = classes_led(person.id, today)
    own = _own_classes(person.id, today) if Role.PUPIL in roles else []
    children = _children(person.id, today) if Role.GUARDIAN in roles else []
    words = {
        Role.TEACHER: gettext("классный руководитель") if led else gettext("преподаватель"),
        Role.PUPIL: gettext("обучающийся"),
        Role.GUARDIAN: gettext("родитель"),
        Role.ADMINISTRATOR: gettext("администратор школы"),
    }
    return AccountCard(
        name=person.full_name,
        role=", ".join(words[role] for role in words if role in roles),
        place=", ".join([*led, *own, *children, person.school.name]),
    )


def leads_a_class(person: Person) -> bool:
    """«Классный руководитель» of some class today."""
    return bool(classes_led(person.id, clock.today(person.school.time_zone)))


def classes_led(person_id: int, today: dt.date) -> list[str]:
    """Names of the open classes that the person leads on the day `today`."""
    return list(
        db.session.scalars(
            select(SchoolClass.name)
            .join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
            .where(
                ClassTeacher.teacher_id == person_id,
                or_(ClassTeacher.ended_on.is_(None), ClassTeacher.ended_on > today),
                SchoolClass.closed_on.is_(None),
            )
            .order_by(SchoolClass.grade, SchoolClass.name)
        )
    )


def _in_a_class(today: dt.date) -> ColumnElement[bool]:
    return (
        or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > today)
        & SchoolClass.closed_on.is_(None)
        & (SchoolClass.kind == ClassKind.HOMEROOM)
    )


def _own_classes(person_id: int, today: dt.date) -> list[str]:
    return list(
        db.session.scalars(
            select(SchoolClass.name)
            .join(Enrolment, Enrolment.class_id == SchoolClass.id)
            .where(Enrolment.pupil_id == person_id, _in_a_class(today))
            .order_by(SchoolClass.name)
        )
    )


def _children(person_id: int, today: dt.date) -> list[str]:
    """«Иванов Миша (7А)» for each child at this school."""
    rows = db.session.execute(
        select(Person.family_name, Person.given_name, SchoolClass.name)
        .join(Guardianship, Guardianship.pupil_id == Person.id)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            Guardianship.guardian_id == person_id,
            or_(Guardianship.ended_on.is_(None), Guardianship.ended_on > today),
            _in_a_class(today),
        )
        .order_by(Person.family_name, Person.given_name)
    )
    return [f"{family} {given} ({school_class})" for family, given, school_class in rows]

"""How a person is described in a line: role in words and place («классный руководитель · 7А»)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select

from app.core.db import db
from app.school.classes import ClassKind, ClassTeacher, Enrolment, SchoolClass
from app.school.people import Guardianship, Person, PersonRole, Role


@dataclass(frozen=True)
class Description:
    """`role`: all roles in words; `place`: classes and school. `led`: classes the person leads."""

    role: str
    place: str
    roles: frozenset[Role]
    led: tuple[str, ...]

    @property
    def is_diary(self) -> bool:
        """Pupils and parents see the site as their «Электронный дневник»."""
        return not self.roles & {Role.TEACHER, Role.ADMINISTRATOR}


def led_classes(person_id: int) -> list[SchoolClass]:
    """Open classes that the person leads as class teacher."""
    return list(
        db.session.scalars(
            select(SchoolClass)
            .join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
            .where(
                ClassTeacher.teacher_id == person_id,
                ClassTeacher.ended_on.is_(None),
                SchoolClass.closed_on.is_(None),
            )
            .order_by(SchoolClass.grade, SchoolClass.name)
        )
    )


def describe(person: Person) -> Description:
    """Roles and place by three queries."""
    roles = frozenset(
        db.session.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id))
    )
    led = tuple(row.name for row in led_classes(person.id)) if Role.TEACHER in roles else ()
    classes = led or tuple(_classes(person, roles))
    return Description(
        role=", ".join(_words(roles, is_leading=bool(led))),
        place=", ".join([*classes, person.school.name]),
        roles=roles,
        led=led,
    )


def _classes(person: Person, roles: frozenset[Role]) -> list[str]:
    """The pupil's own classes, or those of the guardian's children."""
    if not roles & {Role.PUPIL, Role.GUARDIAN}:
        return []
    children = select(Guardianship.pupil_id).where(
        Guardianship.guardian_id == person.id, Guardianship.ended_on.is_(None)
    )
    return list(
        db.session.scalars(
            select(SchoolClass.name)
            .join(Enrolment, Enrolment.class_id == SchoolClass.id)
            .where(
                (Enrolment.pupil_id == person.id) | Enrolment.pupil_id.in_(children),
                Enrolment.ended_on.is_(None),
                SchoolClass.closed_on.is_(None),
                SchoolClass.kind == ClassKind.HOMEROOM,
            )
            .distinct()
            .order_by(SchoolClass.name)
        )
    )


def _words(roles: frozenset[Role], *, is_leading: bool) -> list[str]:
    words = {
        Role.ADMINISTRATOR: gettext("администратор школы"),
        Role.TEACHER: gettext("классный руководитель") if is_leading else gettext("преподаватель"),
        Role.PUPIL: gettext("обучающийся"),
        Role.GUARDIAN: gettext("родитель"),
    }
    return [text for role, text in words.items() if role in roles]

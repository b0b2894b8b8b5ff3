"""Whom somebody may address, and which audiences somebody belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from app.core.db import db
from app.school.announcements.models import AnnouncementTarget
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Teaching
from app.school.people import Guardianship, Person, PersonRole, Role

ADDRESSED = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER)


@dataclass(frozen=True)
class ClassChoice:
    """A class as the form offers it."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class Reach:
    """Whom a person may address. Decision: the whole school is the administrator's; a teacher
    speaks to the classes that he leads or teaches.
    """

    classes: tuple[ClassChoice, ...]
    may_address_school: bool

    def __bool__(self) -> bool:
        return self.may_address_school or bool(self.classes)


@dataclass(frozen=True)
class Audience:
    """Roles in classes; no classes: in the whole school."""

    roles: frozenset[Role]
    class_ids: frozenset[int] = frozenset()

    def rows(self) -> Iterable[tuple[Role, int | None]]:
        """As the targets of an announcement are stored."""
        for role in sorted(self.roles):
            if not self.class_ids:
                yield role, None
            for class_id in sorted(self.class_ids):
                yield role, class_id


def reach_of(person: Person, roles: Collection[Role]) -> Reach:
    """One query; nobody but staff addresses anybody."""
    query = (
        select(SchoolClass.id, SchoolClass.public_id, SchoolClass.name)
        .where(SchoolClass.school_id == person.school_id, SchoolClass.closed_on.is_(None))
        .order_by(SchoolClass.grade, SchoolClass.name)
    )
    is_administrator = Role.ADMINISTRATOR in roles
    if not is_administrator:
        if Role.TEACHER not in roles:
            return Reach((), may_address_school=False)
        query = query.where(SchoolClass.id.in_(_own_classes(person.id)))
    rows = db.session.execute(query)
    return Reach(tuple(ClassChoice(*row) for row in rows), is_administrator)


def belongs(person_id: int, roles: Collection[Role]) -> ColumnElement[bool]:
    """A condition on `AnnouncementTarget`: this person is of that audience."""
    classes = {
        Role.PUPIL: select(Enrolment.class_id).where(
            Enrolment.pupil_id == person_id, Enrolment.ended_on.is_(None)
        ),
        Role.GUARDIAN: select(Enrolment.class_id)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .where(
            Guardianship.guardian_id == person_id,
            Guardianship.ended_on.is_(None),
            Enrolment.ended_on.is_(None),
        ),
        Role.TEACHER: _own_classes(person_id),
    }
    return or_(
        *(
            and_(
                AnnouncementTarget.role == role,
                or_(
                    AnnouncementTarget.class_id.is_(None),
                    AnnouncementTarget.class_id.in_(classes[role]),
                ),
            )
            for role in ADDRESSED
            if role in roles
        ),
        AnnouncementTarget.id == -1,  # of no role: of no audience
    )


def people_of(school_id: int, targets: Iterable[AnnouncementTarget]) -> dict[int, frozenset[Role]]:
    """Everybody addressed who has not left, with the roles they are addressed in."""
    found: dict[int, set[Role]] = {}
    for target in targets:
        query = select(PersonRole.person_id).join(Person, Person.id == PersonRole.person_id)
        query = query.where(
            Person.school_id == school_id, Person.left_on.is_(None), PersonRole.role == target.role
        )
        if target.class_id is not None:
            query = query.where(Person.id.in_(_in_class(target.role, target.class_id)))
        for person_id in db.session.scalars(query):
            found.setdefault(person_id, set()).add(target.role)
    return {person_id: frozenset(roles) for person_id, roles in found.items()}


def _own_classes(teacher_id: int):  # type: ignore[no-untyped-def]  # a select of class ids
    led = select(ClassTeacher.class_id).where(
        ClassTeacher.teacher_id == teacher_id, ClassTeacher.ended_on.is_(None)
    )
    taught = select(Teaching.class_id).where(
        Teaching.teacher_id == teacher_id, Teaching.ended_on.is_(None)
    )
    return led.union(taught)


def _in_class(role: Role, class_id: int):  # type: ignore[no-untyped-def]  # a select of people
    pupils = select(Enrolment.pupil_id).where(
        Enrolment.class_id == class_id, Enrolment.ended_on.is_(None)
    )
    if role is Role.PUPIL:
        return pupils
    if role is Role.GUARDIAN:
        return select(Guardianship.guardian_id).where(
            Guardianship.pupil_id.in_(pupils), Guardianship.ended_on.is_(None)
        )
    return (
        select(ClassTeacher.teacher_id)
        .where(ClassTeacher.class_id == class_id, ClassTeacher.ended_on.is_(None))
        .union(
            select(Teaching.teacher_id).where(
                Teaching.class_id == class_id, Teaching.ended_on.is_(None)
            )
        )
    )

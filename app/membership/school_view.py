"""Bringing the data of a school into the rules' plain form: a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select

from app.core import clock
from app.core.db import db
from app.membership.rules import ClassView, SchoolView, TeachingView
from app.messenger.chats.models import Chat
from app.school.classes import ClassKind, ClassTeacher, Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Guardianship, Person, PersonRole, Role, School
from app.school.timetable import Substitution

STAFF_ROLES = (Role.TEACHER, Role.ADMINISTRATOR)


def load(school: School, class_ids: Collection[int] | None = None) -> SchoolView:
    """The view of a school today; with `class_ids`, of these classes only. Nine queries."""
    today = clock.today(school.time_zone)
    classes = _classes(school.id, class_ids)
    ids = [row.id for row in classes]
    names = _active_names(school.id)
    pupils = _pupils(ids, today)
    leaders = _pairs(
        select(ClassTeacher.class_id, ClassTeacher.teacher_id).where(
            ClassTeacher.class_id.in_(ids), ClassTeacher.ended_on.is_(None)
        )
    )
    staff, administrators = _staff(school.id)
    return SchoolView(
        key=school.public_id,
        names=names,
        classes=tuple(
            ClassView(
                id=row.id,
                key=row.public_id,
                name=row.name,
                is_homeroom=row.kind is ClassKind.HOMEROOM,
                leaders=_here(leaders[row.id], names),
                pupils=_here(pupils[row.id], names),
            )
            for row in classes
        ),
        guardians=_guardians(ids, names),
        teachings=_teachings(ids, today, names),
        staff=frozenset(person for person in staff if person in names),
        administrators=frozenset(person for person in administrators if person in names),
        has_staff_chat=school.has_staff_chat,
        opened_subjects=frozenset(
            db.session.scalars(select(Chat.auto_key).where(Chat.auto_key.startswith("subject:")))
        ),
    )


def classes_touched_by(person_id: int) -> set[int]:
    """Classes whose chats may hold the person: as pupil, guardian, class teacher or teacher."""
    children = select(Guardianship.pupil_id).where(Guardianship.guardian_id == person_id)
    queries = (
        select(Enrolment.class_id).where(
            or_(Enrolment.pupil_id == person_id, Enrolment.pupil_id.in_(children))
        ),
        select(ClassTeacher.class_id).where(ClassTeacher.teacher_id == person_id),
        select(Teaching.class_id).where(Teaching.teacher_id == person_id),
        select(Teaching.class_id)
        .join(Substitution, Substitution.teaching_id == Teaching.id)
        .where(Substitution.substitute_id == person_id),
    )
    return {class_id for query in queries for class_id in db.session.scalars(query)}


def _classes(school_id: int, class_ids: Collection[int] | None) -> list[SchoolClass]:
    query = select(SchoolClass).where(
        SchoolClass.school_id == school_id, SchoolClass.closed_on.is_(None)
    )
    if class_ids is not None:
        query = query.where(SchoolClass.id.in_(class_ids))
    return list(db.session.scalars(query))


def _active_names(school_id: int) -> dict[int, str]:
    rows = db.session.execute(
        select(Person.id, Person.family_name, Person.given_name).where(
            Person.school_id == school_id, Person.left_on.is_(None)
        )
    )
    return {row.id: f"{row.family_name} {row.given_name}" for row in rows}


def _pupils(class_ids: list[int], today: dt.date) -> dict[int, list[int]]:
    return _pairs(
        select(Enrolment.class_id, Enrolment.pupil_id).where(
            Enrolment.class_id.in_(class_ids),
            Enrolment.since <= today,
            or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > today),
        )
    )


def _guardians(class_ids: list[int], names: dict[int, str]) -> dict[int, tuple[int, ...]]:
    pairs = _pairs(
        select(Guardianship.pupil_id, Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .where(Enrolment.class_id.in_(class_ids), Guardianship.ended_on.is_(None))
        .distinct()
    )
    return {pupil: _here(guardians, names) for pupil, guardians in pairs.items()}


def _teachings(
    class_ids: list[int], today: dt.date, names: dict[int, str]
) -> tuple[TeachingView, ...]:
    rows = db.session.execute(
        select(
            Teaching.id,
            Teaching.class_id,
            Teaching.teacher_id,
            Subject.public_id.label("subject_key"),
            Subject.name.label("subject"),
        )
        .join(Subject, Subject.id == Teaching.subject_id)
        .where(
            Teaching.class_id.in_(class_ids),
            or_(Teaching.ended_on.is_(None), Teaching.ended_on > today),
        )
        .order_by(Teaching.id)
    ).all()
    substitutes: dict[int, list[tuple[int, dt.date]]] = defaultdict(list)
    for teaching_id, person, until in db.session.execute(
        select(Substitution.teaching_id, Substitution.substitute_id, Substitution.until).where(
            Substitution.since <= today, Substitution.until >= today
        )
    ):
        if person in names:
            substitutes[teaching_id].append((person, until))
    return tuple(
        TeachingView(
            class_id=row.class_id,
            subject_key=row.subject_key,
            subject=row.subject,
            teacher=row.teacher_id,
            substitutes=tuple(sorted(substitutes[row.id])),
        )
        for row in rows
        if row.teacher_id in names
    )


def _staff(school_id: int) -> tuple[list[int], list[int]]:
    rows = db.session.execute(
        select(PersonRole.person_id, PersonRole.role)
        .join(Person, Person.id == PersonRole.person_id)
        .where(Person.school_id == school_id, PersonRole.role.in_(STAFF_ROLES))
    ).all()
    return (
        [row.person_id for row in rows],
        [row.person_id for row in rows if row.role is Role.ADMINISTRATOR],
    )


def _pairs(query: object) -> dict[int, list[int]]:
    pairs: dict[int, list[int]] = defaultdict(list)
    for key, value in db.session.execute(query):  # type: ignore[call-overload]
        pairs[key].append(value)
    return pairs


def _here(people: Collection[int], names: dict[int, str]) -> tuple[int, ...]:
    """Only people who have not left."""
    return tuple(sorted(person for person in people if person in names))

"""How far a school, or some of its classes, has come: who signed in, who linked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, true

from app.core.db import db
from app.linking.links import Link
from app.school.accounts import Account
from app.school.classes import Enrolment
from app.school.people import Guardianship, Person, PersonRole, Role


@dataclass(frozen=True)
class Total:
    """People of one kind: all, those who have signed in at least once, those who have linked."""

    people: int = 0
    signed_in: int = 0
    linked: int = 0

    @property
    def never_came(self) -> int:
        return self.people - self.signed_in

    @property
    def percent(self) -> int:
        """Whole percents that have linked; a hundred only when it is everybody."""
        return 100 * self.linked // self.people if self.people else 0


@dataclass(frozen=True)
class Totals:
    """Pupils, parents and staff; staff is asked of a whole school only."""

    pupils: Total
    parents: Total
    staff: Total = Total()

    @property
    def never_came(self) -> int:
        """Pupils and parents: those whom a printed invitation would help."""
        return self.pupils.never_came + self.parents.never_came


def totals_of_school(school_id: int) -> Totals:
    """Everybody who has not left, by three queries."""

    def of(*roles: Role) -> Total:
        people = select(PersonRole.person_id).where(PersonRole.role.in_(roles))
        return _total(people, Person.school_id == school_id)

    return Totals(of(Role.PUPIL), of(Role.GUARDIAN), of(Role.TEACHER, Role.ADMINISTRATOR))


def totals_of_classes(class_ids: Collection[int]) -> Totals:
    """The pupils of these classes and their parents, by two queries."""
    pupils = select(Enrolment.pupil_id).where(
        Enrolment.class_id.in_(class_ids), Enrolment.ended_on.is_(None)
    )
    parents = select(Guardianship.guardian_id).where(
        Guardianship.pupil_id.in_(pupils), Guardianship.ended_on.is_(None)
    )
    return Totals(_total(pupils), _total(parents))


def _total(people: Select[int], of: ColumnElement[bool] | None = None) -> Total:
    row = db.session.execute(
        select(func.count(), func.count(Account.first_signed_in_at), func.count(Link.id))
        .select_from(Person)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Link, (Link.account_id == Account.id) & Link.ended_at.is_(None))
        .where(Person.id.in_(people), Person.left_on.is_(None), true() if of is None else of)
    ).one()
    return Total(*row)

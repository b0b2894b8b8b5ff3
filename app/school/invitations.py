"""Printed invitations: a single-use QR code per person, by which the first sign-in is made.

Decision: an invitation opens the door only once and only to an account that has never been used:
the person chooses a password there and is signed in. It lives 30 days; a used account, another
print of the same class, or the person's leaving ends it. We keep the digest, the paper the secret.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext
from sqlalchemy import ForeignKey, Index, String, insert, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.core import audit, clock, throttle, tokens
from app.core.db import UTC, Model, db
from app.core.errors import Missing, TooMany
from app.core.transaction import writing
from app.school.accounts import Account
from app.school.classes import Enrolment
from app.school.people import Guardianship, Person, PersonRole, Role, full_name
from app.school.signing_in import set_password

STAFF = (Role.TEACHER, Role.ADMINISTRATOR)
LIVES = dt.timedelta(days=30)
# Secrets are 256 random bits; the limit only stops floods. A school sits behind one address.
GUESSES = throttle.Limit(60, dt.timedelta(minutes=15))


class Invitation(Model):
    """One printed code. `class_id`: the print it belongs to."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_classes.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[dt.datetime] = mapped_column(UTC)
    # Set when it was used, or when a newer print took its place.
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    account: Mapped[Account] = relationship()


@dataclass(frozen=True)
class Invited:
    """A member of a family who has never signed in. `token` is known only while printing."""

    account_id: int
    name: str
    login: str
    is_pupil: bool
    token: str = ""


@dataclass(frozen=True)
class Family:
    """A pupil and those of the family who have not signed in yet."""

    pupil: str
    members: tuple[Invited, ...]


def families_of(class_id: int) -> list[Family]:
    """Families of the class with somebody to invite, by the pupil's name. Two queries."""
    # Decision: staff who are parents get no code here: it would open the school's side too.
    staff = select(PersonRole.person_id).where(PersonRole.role.in_(STAFF))
    new = (
        Account.first_signed_in_at.is_(None),
        Person.left_on.is_(None),
        Person.id.not_in(staff),
    )
    pupils = db.session.execute(
        select(Person.id, Person.family_name, Person.given_name, Person.patronymic)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(
            Enrolment.class_id == class_id, Enrolment.ended_on.is_(None), Person.left_on.is_(None)
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
    ).all()
    ids = [row.id for row in pupils]
    names = (Person.family_name, Person.given_name, Person.patronymic)
    members: dict[int, list[Invited]] = {}
    own = (
        select(Person.id.label("pupil_id"), Account.id, Account.login, *names)
        .join(Account, Account.person_id == Person.id)
        .where(Person.id.in_(ids), *new)
    )
    parents = (
        select(Guardianship.pupil_id, Account.id, Account.login, *names)
        .join(Person, Person.id == Guardianship.guardian_id)
        .join(Account, Account.person_id == Person.id)
        .where(Guardianship.pupil_id.in_(ids), Guardianship.ended_on.is_(None), *new)
        .order_by(Account.id)
    )
    for query, is_pupil in ((parents, False), (own, True)):
        for pupil_id, account_id, login, *name in db.session.execute(query):
            invited = Invited(account_id, full_name(*name), login, is_pupil)
            members.setdefault(pupil_id, []).append(invited)
    return [
        Family(full_name(*row[1:3]), tuple(members[row.id])) for row in pupils if row.id in members
    ]


def issue(class_id: int, *, by: Person) -> list[Family]:
    """New invitations for the whole class; those printed for it before open nothing any more.

    Raises:
        Missing: everybody has signed in.
    """
    with writing() as session:
        families = [
            replace(
                family,
                members=tuple(replace(one, token=tokens.secret()) for one in family.members),
            )
            for family in families_of(class_id)
        ]
        rows = [
            {
                "account_id": one.account_id,
                "class_id": class_id,
                "token_digest": tokens.digest(one.token),
                "issued_by": by.id,
                "expires_at": clock.now() + LIVES,
            }
            for family in families
            for one in family.members
        ]
        if not rows:
            raise Missing(lazy_gettext("Приглашать некого: все семьи класса уже входили."))
        session.execute(
            update(Invitation)
            .where(Invitation.class_id == class_id, Invitation.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
        session.execute(insert(Invitation), rows)
        audit.note(
            actor=f"person:{by.public_id}",
            action="invitations.issued",
            subject=f"class:{class_id}",
            count=len(rows),
        )
    return families


def find(token: str, *, address: str) -> Invitation:
    """The live invitation of this code.

    Raises:
        Missing: used, expired, replaced, or none at all. TooMany: many wrong ones from there.
    """
    key = f"invitation:{address}"
    wait = throttle.seconds_to_wait(key, GUESSES)
    if wait:
        raise TooMany(
            lazy_gettext("Слишком много неверных кодов. Попробуйте позже."), retry_after=wait
        )
    found = _live(tokens.digest(token))
    if found is None:
        throttle.record(key)
        raise Missing(
            lazy_gettext(
                "Приглашение уже использовано или устарело. Войдите с логином и паролем или "
                "попросите у классного руководителя новое."
            )
        )
    return found


def accept(token: str, password: str, *, address: str) -> Account:
    """Give the account its first password and use the invitation up.

    Raises:
        Missing, TooMany: as `find`. Invalid: the password is too weak.
    """
    find(token, address=address)
    with writing() as session:
        found = _live(tokens.digest(token))
        if found is None:  # another tab was quicker
            raise Missing(lazy_gettext("Приглашение уже использовано."))
        set_password(found.account, password)
        session.execute(
            update(Invitation)
            .where(Invitation.account_id == found.account_id, Invitation.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
        return found.account


def invited_count(class_ids: Collection[int]) -> int:
    """How many live invitations are out for these classes."""
    return (
        db.session.scalar(
            select(db.func.count(Invitation.id)).where(
                Invitation.class_id.in_(class_ids),
                Invitation.ended_at.is_(None),
                Invitation.expires_at > clock.now(),
            )
        )
        or 0
    )


def _live(digest: str) -> Invitation | None:
    return db.session.scalar(
        select(Invitation)
        .join(Account, Account.id == Invitation.account_id)
        .join(Person, Person.id == Account.person_id)
        .options(
            joinedload(Invitation.account).joinedload(Account.person).joinedload(Person.school)
        )
        .where(
            Invitation.token_digest == digest,
            Invitation.ended_at.is_(None),
            Invitation.expires_at > clock.now(),
            Account.first_signed_in_at.is_(None),
            Person.left_on.is_(None),
        )
        .with_for_update(of=Invitation)
    )

"""Schools and their people. A person is one human's record in one school.

Decision: phones and e-mails of a roster are not stored; nothing here needs them, and a roster is
no proof of a phone. Phones live in `identity`, entered and proved by their owners.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import Date, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model


class Role(StrEnum):
    """What a person is at school. «Классный руководитель» is no role: see `ClassTeacher`."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    GUARDIAN = "guardian"
    ADMINISTRATOR = "administrator"


class School(Model):
    """One school. `region_code` is the official code of its region (see `regions`)."""

    __tablename__ = "schools"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str | None] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/Moscow")
    # Decision: the school-wide staff chat is opened by the school («flask school staff-chat»):
    # the guide promises a class teacher exactly three chats.
    has_staff_chat: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


class Person(Model):
    """A human's record in one school. `left_on` set: left the school, never deleted."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("school_id", "external_id"),
        Index("ix_people_school_name", "school_id", "family_name", "given_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    external_id: Mapped[str] = mapped_column(String(120))
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    patronymic: Mapped[str] = mapped_column(String(100), default="")
    left_on: Mapped[dt.date | None] = mapped_column(Date)

    school: Mapped[School] = relationship()
    roles: Mapped[list[PersonRole]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )

    @property
    def full_name(self) -> str:
        """«Иванова Анна Петровна»."""
        return full_name(self.family_name, self.given_name, self.patronymic)

    @property
    def short_name(self) -> str:
        """«Иванова А. П.»."""
        return short_name(self.family_name, self.given_name, self.patronymic)


class PersonRole(Model):
    """A role that a person has; one person may have several."""

    __tablename__ = "person_roles"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=20))

    person: Mapped[Person] = relationship(back_populates="roles")


class Guardianship(Model):
    """A guardian («родитель, законный представитель») of a pupil, as the school records it."""

    __tablename__ = "guardianships"
    __table_args__ = (
        UniqueConstraint("guardian_id", "pupil_id"),
        Index("ix_guardianships_pupil_id", "pupil_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    guardian: Mapped[Person] = relationship(foreign_keys=[guardian_id])
    pupil: Mapped[Person] = relationship(foreign_keys=[pupil_id])


def full_name(family: str, given: str, patronymic: str = "") -> str:
    """«Иванова Анна Петровна»; a patronymic may be absent."""
    return " ".join(part for part in (family, given, patronymic) if part)


def short_name(family: str, given: str, patronymic: str = "") -> str:
    """«Иванова А. П.»; hyphenated given names keep both initials («Иванова А.-М.»)."""
    initials = [
        "-".join(f"{half[0]}." for half in part.split("-") if half)
        for part in (given, patronymic)
        if part
    ]
    return " ".join([family, *initials]).strip()

"""Classes, who is in them, who leads them, and who teaches them what (the teaching load)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import Date, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import tokens
from app.core.db import Model
from app.school.people import Person, School


class ClassKind(StrEnum):
    """A homeroom class («7А»), or a group made for one subject (a section of a foreign roster)."""

    HOMEROOM = "homeroom"
    GROUP = "group"


class SchoolClass(Model):
    """A class. `closed_on` set: it is in the roster no more."""

    __tablename__ = "school_classes"
    __table_args__ = (UniqueConstraint("school_id", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    external_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    grade: Mapped[int | None] = mapped_column()
    kind: Mapped[ClassKind] = mapped_column(
        Enum(ClassKind, native_enum=False, length=20), default=ClassKind.HOMEROOM
    )
    closed_on: Mapped[dt.date | None] = mapped_column(Date)

    school: Mapped[School] = relationship()


class Enrolment(Model):
    """A pupil in a class, from `since` until `ended_on` (the first day no more in it)."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("pupil_id", "class_id"),
        Index("ix_enrolments_class_id", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_classes.id"))
    since: Mapped[dt.date] = mapped_column(Date)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    pupil: Mapped[Person] = relationship()
    school_class: Mapped[SchoolClass] = relationship()


class ClassTeacher(Model):
    """«Классный руководитель» of a class; the roster may name several."""

    __tablename__ = "class_teachers"
    __table_args__ = (
        UniqueConstraint("class_id", "teacher_id"),
        Index("ix_class_teachers_teacher_id", "teacher_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_classes.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    school_class: Mapped[SchoolClass] = relationship()
    teacher: Mapped[Person] = relationship()


class Subject(Model):
    """A school subject («Физика»)."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("school_id", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    external_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))


class Teaching(Model):
    """One line of the teaching load: this teacher teaches this class this subject."""

    __tablename__ = "teachings"
    __table_args__ = (
        UniqueConstraint("class_id", "subject_id", "teacher_id"),
        Index("ix_teachings_teacher_id", "teacher_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_classes.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_on: Mapped[dt.date | None] = mapped_column(Date)

    school_class: Mapped[SchoolClass] = relationship()
    subject: Mapped[Subject] = relationship()
    teacher: Mapped[Person] = relationship()

"""The one plain form that every roster format is read into.

A record says where it stands in the source, so that a fault found much later can name the line.
Ids are those of the source; `is_removed` is the source's own «tobedeleted».
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.school.classes import ClassKind
from app.school.people import Role


class PlaceKind(StrEnum):
    """What an organisation of a roster is to us.

    PART is a department: its people belong to the organisation it is part of. UMBRELLA (a
    district) is no school, whoever is in it. MAYBE is a school when it has people of its own.
    """

    SCHOOL = "school"
    PART = "part"
    UMBRELLA = "umbrella"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where a record stands: `file` as the person knows it, `line` counted from 1."""

    file: str
    line: int
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRecord(Record):
    """An organisation."""

    school: str
    name: str
    kind: PlaceKind = PlaceKind.SCHOOL
    parent: str = ""
    region: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord(Record):
    """A human. In which schools, and as whom, is said by `RoleRecord`s."""

    person: str
    family: str
    given: str
    patronymic: str = ""
    username: str = ""
    names_relatives: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRecord(Record):
    """What a person is in a school. `is_over`: the dates say that it has ended or not begun."""

    person: str
    school: str
    role: Role
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRecord(Record):
    """A subject (a course). `school` may be an umbrella: its schools share the subject."""

    subject: str
    school: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRecord(Record):
    """A class. `kind` None: the source says only «scheduled», see `deriving`."""

    school_class: str
    school: str
    name: str
    grade: int | None = None
    kind: ClassKind | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentRecord(Record):
    """A pupil in a class; `since` is an ISO date or empty."""

    person: str
    school_class: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherEnrolmentRecord(Record):
    """A teacher in a class, of a source that does not say as whom.

    In a homeroom class the primary one leads it; else the teacher teaches the class's subject.
    """

    person: str
    school_class: str
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTeacherRecord(Record):
    """«Классный руководитель» of a class."""

    person: str
    school_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingRecord(Record):
    """A line of the teaching load."""

    person: str
    school_class: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRecord(Record):
    """A lesson of every week; times are «HH:MM» of the school's clock."""

    person: str
    school_class: str
    subject: str
    weekday: int
    number: int
    starts_at: str
    ends_at: str
    room: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianshipRecord(Record):
    """A guardian of a pupil."""

    guardian: str
    pupil: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeRecord(Record):
    """Two people of whom one is the other's guardian; their roles say which (`deriving`)."""

    person: str
    relative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRecord(Record):
    """A school that a partial source speaks of without describing it."""

    school: str

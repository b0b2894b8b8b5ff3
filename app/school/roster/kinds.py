"""The kinds of rows that a roster writes, in the order of writing: how each is read and written.

A kind is data: its table, what its key is made of, which values are compared, which ids a new row
needs, and what happens to a row that the roster does not name any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import Select, Table

from app.core.db import Base
from app.school.classes import ClassKind, ClassTeacher, Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Guardianship, Person, PersonRole, Role, School
from app.school.roster import kind_queries as queries
from app.school.timetable import TimetableSlot

Convert = Callable[[Any], Any]


class Ending(StrEnum):
    """What becomes of a row that the roster does not name any more."""

    DATED = "dated"
    DELETED = "deleted"
    KEPT = "kept"


@dataclass(frozen=True)
class Value:
    """A column that is compared. `plain` makes a stored value plain data, `stored` goes back."""

    column: str
    plain: Convert = lambda value: value
    stored: Convert = lambda value: value


@dataclass(frozen=True)
class Reference:
    """A column that holds the id of the row of `kind` whose key is these parts of ours."""

    column: str
    kind: str
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of rows. `own` are columns filled from parts of the key itself."""

    name: str
    title: LazyString
    model: type[Base]
    query: Callable[[], Select[Any]]
    values: tuple[Value, ...] = ()
    references: tuple[Reference, ...] = ()
    own: tuple[tuple[str, int, Convert], ...] = ()
    extra: tuple[Value, ...] = ()
    ending: Ending = Ending.DATED
    end_column: str = "ended_on"

    @property
    def part_count(self) -> int:
        """Of how many parts a key is made."""
        return 1 + max(
            *(part for _, part, _ in self.own),
            *(part for reference in self.references for part in reference.parts),
            0,
        )

    @property
    def table(self) -> Table:
        """The table to write to."""
        table = self.model.__table__
        assert isinstance(table, Table)
        return table

    def select(self, school_ids: Sequence[int]) -> Select[Any]:
        """Rows of these schools: id, day of ending (or None), key parts, values."""
        return self.query().where(School.id.in_(school_ids))


def _iso_day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


_SINCE = Value("since", stored=_iso_day)
_KIND = Value("kind", plain=lambda kind: kind.value, stored=ClassKind)
_STARTS = Value("starts_at", plain=lambda time: f"{time:%H:%M}", stored=dt.time.fromisoformat)
_ENDS = Value("ends_at", plain=lambda time: f"{time:%H:%M}", stored=dt.time.fromisoformat)
_CLASS = Reference("class_id", "class", (0, 1))

SCHOOL = Kind(
    "school",
    lazy_gettext("Школы"),
    School,
    queries.schools,
    values=(Value("name"), Value("region_code"), Value("time_zone")),
    own=(("external_id", 0, str),),
    ending=Ending.KEPT,
)
PERSON = Kind(
    "person",
    lazy_gettext("Люди"),
    Person,
    queries.people,
    values=(Value("family_name"), Value("given_name"), Value("patronymic")),
    references=(Reference("school_id", "school", (0,)),),
    own=(("external_id", 1, str),),
    end_column="left_on",
)
KINDS: tuple[Kind, ...] = (
    SCHOOL,
    Kind(
        "subject",
        lazy_gettext("Предметы"),
        Subject,
        queries.subjects,
        values=(Value("name"),),
        references=(Reference("school_id", "school", (0,)),),
        own=(("external_id", 1, str),),
        ending=Ending.KEPT,
    ),
    Kind(
        "class",
        lazy_gettext("Классы"),
        SchoolClass,
        queries.classes,
        values=(Value("name"), Value("grade"), _KIND),
        references=(Reference("school_id", "school", (0,)),),
        own=(("external_id", 1, str),),
        end_column="closed_on",
    ),
    PERSON,
    Kind(
        "role",
        lazy_gettext("Роли"),
        PersonRole,
        queries.roles,
        references=(Reference("person_id", "person", (0, 1)),),
        own=(("role", 2, Role),),
        ending=Ending.DELETED,
    ),
    Kind(
        "class_teacher",
        lazy_gettext("Классные руководители"),
        ClassTeacher,
        queries.class_teachers,
        references=(_CLASS, Reference("teacher_id", "person", (0, 2))),
    ),
    Kind(
        "enrolment",
        lazy_gettext("Места в классах"),
        Enrolment,
        queries.enrolments,
        references=(_CLASS, Reference("pupil_id", "person", (0, 2))),
        extra=(_SINCE,),
    ),
    Kind(
        "guardianship",
        lazy_gettext("Родители и дети"),
        Guardianship,
        queries.guardianships,
        references=(
            Reference("guardian_id", "person", (0, 1)),
            Reference("pupil_id", "person", (0, 2)),
        ),
    ),
    Kind(
        "teaching",
        lazy_gettext("Нагрузка"),
        Teaching,
        queries.teachings,
        references=(
            _CLASS,
            Reference("subject_id", "subject", (0, 2)),
            Reference("teacher_id", "person", (0, 3)),
        ),
    ),
    Kind(
        "slot",
        lazy_gettext("Расписание"),
        TimetableSlot,
        queries.slots,
        values=(_STARTS, _ENDS, Value("room")),
        references=(Reference("teaching_id", "teaching", (0, 1, 2, 3)),),
        own=(("weekday", 4, int), ("number", 5, int)),
    ),
)

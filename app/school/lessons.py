"""Questions about lessons on dates: whose, where, given by whom. For pages: with names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, union

from app.core.db import db
from app.school.classes import Enrolment, SchoolClass, Subject, Teaching
from app.school.lesson_days import LessonDay, lessons_between
from app.school.people import Guardianship, Person, short_name
from app.school.timetable import LessonChange, Substitution, TimetableSlot


@dataclass(frozen=True)
class Line:
    """A line of the load with its names: what a lesson is of."""

    teaching_id: int
    key: str  # public id
    class_id: int
    class_name: str
    subject_id: int
    subject: str
    teacher_id: int
    teacher: str


@dataclass(frozen=True)
class Lesson:
    """A lesson on a date with its names. `giver`: the teacher, or who substitutes on that day."""

    day: LessonDay
    line: Line
    giver_id: int
    giver: str

    @property
    def is_substitution(self) -> bool:
        """Somebody gives it instead of the teacher of the load."""
        return self.giver_id != self.line.teacher_id

    @property
    def is_given(self) -> bool:
        return not self.day.is_cancelled

    @property
    def place(self) -> tuple[int, dt.date, int]:
        """What a lesson is known by: teaching, date, number."""
        return (self.line.teaching_id, self.day.date, self.day.number)

    def begins(self, zone: ZoneInfo) -> dt.datetime:
        """The moment of its beginning, at a school in this time zone."""
        return dt.datetime.combine(self.day.date, self.day.starts_at, zone)

    def ends(self, zone: ZoneInfo) -> dt.datetime:
        """The moment of its end."""
        return dt.datetime.combine(self.day.date, self.day.ends_at, zone)


@dataclass(frozen=True)
class Child:
    """A pupil as their guardian's switcher shows them."""

    id: int
    public_id: str
    name: str
    classes: str


def given_by(teacher_id: int, since: dt.date, until: dt.date) -> list[Lesson]:
    """Own lessons (those that another gives too) and those given as a substitute."""
    own = set(db.session.scalars(select(Teaching.id).where(Teaching.teacher_id == teacher_id)))
    instead = set(
        db.session.scalars(
            select(Substitution.teaching_id).where(
                Substitution.substitute_id == teacher_id,
                Substitution.since <= until,
                Substitution.until >= since,
            )
        )
    )
    return [
        lesson
        for lesson in named(own | instead, since, until)
        if lesson.line.teaching_id in own or lesson.giver_id == teacher_id
    ]


def attended_by(pupil_id: int, since: dt.date, until: dt.date) -> list[Lesson]:
    """The lessons of the pupil's classes and groups, on the days the pupil is in them."""
    rows = db.session.execute(
        select(Teaching.id, Enrolment.since, Enrolment.ended_on)
        .join(Enrolment, Enrolment.class_id == Teaching.class_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(Enrolment.pupil_id == pupil_id, SchoolClass.closed_on.is_(None))
    ).all()
    days = {row.id: (row.since, row.ended_on) for row in rows}

    def is_there(lesson: Lesson) -> bool:
        first, ended_on = days[lesson.line.teaching_id]
        return first <= lesson.day.date and (ended_on is None or lesson.day.date < ended_on)

    return [lesson for lesson in named(days, since, until) if is_there(lesson)]


def of_class(class_id: int, since: dt.date, until: dt.date) -> list[Lesson]:
    """All lessons of one class."""
    ids = db.session.scalars(select(Teaching.id).where(Teaching.class_id == class_id))
    return named(set(ids), since, until)


def in_room(school_id: int, room: str, since: dt.date, until: dt.date) -> list[Lesson]:
    """The lessons given in one room; a distance lesson is given in none."""
    week, dated = (
        select(model.teaching_id)
        .join(Teaching, Teaching.id == model.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(
            SchoolClass.school_id == school_id,
            SchoolClass.closed_on.is_(None),
            model.room == room,
        )
        for model in (TimetableSlot, LessonChange)
    )
    ids = set(db.session.scalars(union(week, dated)))
    return [
        lesson
        for lesson in named(ids, since, until)
        if lesson.day.room == room and not lesson.day.is_distance
    ]


def of_school(school_id: int, since: dt.date, until: dt.date) -> list[Lesson]:
    """All lessons of a school: for what clashes with what."""
    ids = db.session.scalars(
        select(Teaching.id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(SchoolClass.school_id == school_id, SchoolClass.closed_on.is_(None))
    )
    return named(set(ids), since, until)


def named(teaching_ids: Collection[int], since: dt.date, until: dt.date) -> list[Lesson]:
    """The lessons of these lines with their names, in order of time."""
    if not teaching_ids:
        return []
    days = lessons_between(teaching_ids, since, until)
    lines = lines_of(teaching_ids) if days else {}
    substitutes = _names({day.substitute_id for day in days if day.substitute_id is not None})
    return [_lesson(day, lines[day.teaching_id], substitutes) for day in days]


def lines_of(teaching_ids: Collection[int]) -> dict[int, Line]:
    """These lines of load by id, with names."""
    rows = db.session.execute(
        select(
            Teaching.id,
            Teaching.public_id,
            SchoolClass.id,
            SchoolClass.name,
            Subject.id,
            Subject.name,
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
        )
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .where(Teaching.id.in_(teaching_ids))
    )
    return {row[0]: Line(*row[:7], teacher=short_name(row[7], row[8], row[9])) for row in rows}


def children_of(guardian_id: int) -> list[Child]:
    """The guardian's children at this school, by name."""
    rows = db.session.execute(
        select(Person.id, Person.public_id, Person.given_name, SchoolClass.name)
        .join(Guardianship, Guardianship.pupil_id == Person.id)
        .join(Enrolment, Enrolment.pupil_id == Person.id, isouter=True)
        .join(
            SchoolClass,
            (SchoolClass.id == Enrolment.class_id) & SchoolClass.grade.is_not(None),
            isouter=True,
        )
        .where(
            Guardianship.guardian_id == guardian_id,
            Guardianship.ended_on.is_(None),
            Person.left_on.is_(None),
            or_(Enrolment.id.is_(None), Enrolment.ended_on.is_(None)),
        )
        .order_by(Person.given_name, Person.id, SchoolClass.name)
    )
    children: dict[int, Child] = {}
    for person_id, public_id, name, class_name in rows:
        children.setdefault(person_id, Child(person_id, public_id, name, class_name or ""))
    return list(children.values())


def _lesson(day: LessonDay, line: Line, substitutes: dict[int, str]) -> Lesson:
    if day.substitute_id is None:
        return Lesson(day, line, line.teacher_id, line.teacher)
    return Lesson(day, line, day.substitute_id, substitutes[day.substitute_id])


def _names(person_ids: Iterable[int]) -> dict[int, str]:
    ids = set(person_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        select(Person.id, Person.family_name, Person.given_name, Person.patronymic).where(
            Person.id.in_(ids)
        )
    )
    return {row[0]: short_name(row[1], row[2], row[3]) for row in rows}

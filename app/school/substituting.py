"""Substitutions («замены») with dates: set, ended early, taken back; and their history.

Who substitutes is in the class's and the subject's chats for those days, with a reason: membership
reads the same rows and follows `SubstitutionSet`; at midnight `membership.new_day` does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import format_date, lazy_gettext
from sqlalchemy import select

from app.core import audit, clock
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing
from app.core.transaction import publish, writing
from app.school import conflicts
from app.school.classes import SchoolClass, Teaching
from app.school.conflicts import Clash
from app.school.facts import SubstitutionSet
from app.school.lesson_places import Taken
from app.school.lessons import Line, given_by, lines_of, named
from app.school.people import Person, PersonRole, Role, School, short_name
from app.school.timetable import Substitution

LONGEST = dt.timedelta(days=370)
HISTORY = 200


class State(StrEnum):
    """Where today is."""

    AHEAD = "ahead"
    NOW = "now"
    OVER = "over"


@dataclass(frozen=True)
class Shown:
    """A substitution as the list shows it; both days included."""

    public_id: str
    line: Line
    substitute: str
    since: dt.date
    until: dt.date
    state: State
    set_by: str


def state_at(since: dt.date, until: dt.date, today: dt.date) -> State:
    """Before its days, in them, after them."""
    if today < since:
        return State.AHEAD
    return State.NOW if today <= until else State.OVER


def substitutions_of(school: School) -> list[Shown]:
    """The newest 200 of the school: those of now first, then coming, then past ones."""
    today = clock.today(school.time_zone)
    rows = db.session.scalars(
        select(Substitution)
        .join(Teaching, Teaching.id == Substitution.teaching_id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(SchoolClass.school_id == school.id)
        .order_by(Substitution.until.desc(), Substitution.id.desc())
        .limit(HISTORY)
    ).all()
    lines = lines_of({row.teaching_id for row in rows}) if rows else {}
    names = _names({row.substitute_id for row in rows} | {row.set_by for row in rows if row.set_by})
    shown = [
        Shown(
            row.public_id,
            lines[row.teaching_id],
            names[row.substitute_id],
            row.since,
            row.until,
            state_at(row.since, row.until, today),
            names.get(row.set_by or 0, ""),
        )
        for row in rows
    ]
    order = (State.NOW, State.AHEAD, State.OVER)
    return sorted(shown, key=lambda row: order.index(row.state))


def set_substitution(
    by: Person,
    key: str,
    substitute_key: str,
    since: dt.date,
    until: dt.date,
    *,
    despite: bool = False,
) -> None:
    """The teacher `substitute_key` gives the lessons of the line `key` on these days.

    Decision: a substitute who has a lesson of their own then is named and refused, unless the
    administrator says `despite`: two classes are sometimes taught together.

    Raises:
        Invalid: the days are none, or the substitute is the teacher.
        Missing: no such line or teacher in the administrator's school.
        Conflict: somebody substitutes on these days already; `Taken`: the substitute is busy.
    """
    with writing() as session:
        session.execute(select(School.id).where(School.id == by.school_id).with_for_update())
        line = _line(by, key)
        substitute = _teacher(by, substitute_key)
        _refuse_days(by, since, until)
        if substitute.id == line.teacher_id:
            raise Invalid(lazy_gettext("Это и есть постоянный преподаватель. Выберите другого."))
        _refuse_second(line, since, until)
        reasons = [] if despite else _busy(line, substitute.id, since, until)
        if reasons:
            raise Taken(reasons)
        row = Substitution(
            teaching_id=line.teaching_id,
            substitute_id=substitute.id,
            since=since,
            until=until,
            set_by=by.id,
        )
        session.add(row)
        session.flush()
        _note(by, "substitution.set", row, substitute)
        publish(SubstitutionSet(line.class_id))


def end_substitution(by: Person, public_id: str, last_day: dt.date) -> None:
    """Let it end with `last_day`; one that has not begun by then is taken back altogether.

    Raises:
        Missing: there is none such in the administrator's school.
        Conflict: it is over already.
        Invalid: the day is behind us, or after its end.
    """
    with writing() as session:
        row = session.scalars(
            select(Substitution)
            .join(Teaching, Teaching.id == Substitution.teaching_id)
            .join(SchoolClass, SchoolClass.id == Teaching.class_id)
            .where(Substitution.public_id == public_id, SchoolClass.school_id == by.school_id)
        ).one_or_none()
        if row is None:
            raise Missing(lazy_gettext("Такой замены нет."))
        today = clock.today(by.school.time_zone)
        if row.until < today:
            raise Conflict(lazy_gettext("Эта замена уже закончилась."))
        if not today - dt.timedelta(days=1) <= last_day <= row.until:
            raise Invalid(lazy_gettext("Последний день — не раньше сегодняшнего и не позже конца."))
        class_id = row.teaching.class_id
        _note(by, "substitution.ended", row, row.substitute, last_day=last_day.isoformat())
        if last_day < row.since:
            session.delete(row)
        else:
            row.until = last_day
        publish(SubstitutionSet(class_id))


def lines_of_school(school: School) -> list[Line]:
    """Every line of load that is taught today, by class and subject."""
    today = clock.today(school.time_zone)
    ids = db.session.scalars(
        select(Teaching.id)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(
            SchoolClass.school_id == school.id,
            SchoolClass.closed_on.is_(None),
            Teaching.ended_on.is_(None) | (Teaching.ended_on > today),
        )
        .order_by(SchoolClass.grade, SchoolClass.name, Teaching.id)
    ).all()
    lines = lines_of(ids) if ids else {}
    return [lines[teaching_id] for teaching_id in ids]


def _refuse_days(by: Person, since: dt.date, until: dt.date) -> None:
    if since > until:
        raise Invalid(lazy_gettext("Последний день раньше первого."))
    if until < clock.today(by.school.time_zone):
        raise Invalid(lazy_gettext("Эти дни уже прошли."))
    if until - since > LONGEST:
        raise Invalid(lazy_gettext("Слишком долго: замена не дольше года."))


def _refuse_second(line: Line, since: dt.date, until: dt.date) -> None:
    other = db.session.scalars(
        select(Substitution).where(
            Substitution.teaching_id == line.teaching_id,
            Substitution.since <= until,
            Substitution.until >= since,
        )
    ).first()
    if other is not None:
        raise Conflict(
            lazy_gettext(
                "На эти дни уже назначена замена: %(name)s, %(since)s – %(until)s.",
                name=other.substitute.short_name,
                since=format_date(other.since, "dd.MM"),
                until=format_date(other.until, "dd.MM"),
            )
        )


def _busy(line: Line, substitute_id: int, since: dt.date, until: dt.date) -> list[str]:
    """What else the substitute gives at the times of these lessons, day by day."""
    own: dict[dt.date, list[conflicts.Busy]] = {}
    for lesson in given_by(substitute_id, since, until):
        if lesson.is_given and lesson.giver_id == substitute_id:
            own.setdefault(lesson.day.date, []).append(conflicts.busy_of(lesson, with_date=True))
    found = []
    for lesson in named({line.teaching_id}, since, until):
        if not lesson.is_given:
            continue
        wanted = conflicts.taught_by(conflicts.busy_of(lesson), substitute_id)
        found += [
            row
            for row in conflicts.conflicts(wanted, own.get(lesson.day.date, []))
            if row.clash is Clash.TEACHER
        ]
    return conflicts.sentences(found)


def _line(by: Person, key: str) -> Line:
    teaching = db.session.scalars(
        select(Teaching)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .where(Teaching.public_id == key, SchoolClass.school_id == by.school_id)
    ).one_or_none()
    if teaching is None:
        raise Missing(lazy_gettext("Такой нагрузки в школе нет."))
    return lines_of({teaching.id})[teaching.id]


def _teacher(by: Person, key: str) -> Person:
    person = db.session.scalars(
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.public_id == key,
            Person.school_id == by.school_id,
            Person.left_on.is_(None),
            PersonRole.role == Role.TEACHER,
        )
    ).one_or_none()
    if person is None:
        raise Missing(lazy_gettext("Такого преподавателя в школе нет."))
    return person


def _note(by: Person, action: str, row: Substitution, who: Person, **more: str) -> None:
    audit.note(
        actor=f"person:{by.public_id}",
        action=action,
        subject=f"substitution:{row.public_id}",
        substitute=who.public_id,
        since=row.since.isoformat(),
        until=row.until.isoformat(),
        **more,
    )


def _names(ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Person.id, Person.family_name, Person.given_name, Person.patronymic).where(
            Person.id.in_(ids)
        )
    )
    return {row[0]: short_name(row[1], row[2], row[3]) for row in rows}

"""Where and when a lesson may be put on a date: checked against all other lessons of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.school import bells, conflicts
from app.school.lessons import Lesson, Line, of_school
from app.school.people import Person
from app.school.timetable import Substitution

FARTHEST = dt.timedelta(days=370)


@dataclass(frozen=True)
class Place:
    """Where and how a lesson is given. `number` None: at its own time, out of the bells."""

    date: dt.date
    number: int | None
    starts_at: dt.time
    ends_at: dt.time
    room: str = ""
    is_distance: bool = False


class Taken(Conflict):
    """Somebody is busy; `reasons` name with what."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(". ".join(reasons))
        self.reasons = reasons


def settle(by: Person, line: Line, place: Place, *, instead_of: Lesson | None) -> Place:
    """`place` with a number, checked: an order of times, in the future, nobody busy.

    Raises:
        Invalid: the times are none, or years away.
        Conflict: the time is over; `Taken`: somebody is busy then.
    """
    if place.starts_at >= place.ends_at:
        raise Invalid(lazy_gettext("Урок должен закончиться позже, чем начался."))
    zone = ZoneInfo(by.school.time_zone)
    if dt.datetime.combine(place.date, place.ends_at, zone) <= clock.now():
        raise Conflict(lazy_gettext("Это время уже прошло. Выберите другое."))
    if place.date > clock.today(by.school.time_zone) + FARTHEST:
        raise Invalid(lazy_gettext("Слишком далеко: выберите день не дальше года."))
    same = instead_of.day.change_id if instead_of is not None else None
    kept = instead_of.place if instead_of is not None else None
    others = refuse_busy(by, line, place, instead_of=same, kept=kept)
    if place.number is not None:
        _refuse_same_number(line, place, others)
        return place
    if instead_of is not None and _keeps_number(instead_of, place):
        return replace(place, number=instead_of.day.number)
    return replace(place, number=_free_number(by, line, others))


def refuse_busy(
    by: Person,
    line: Line,
    place: Place,
    *,
    instead_of: str | None,
    kept: tuple[int, dt.date, int] | None = None,
) -> list[Lesson]:
    """The other lessons of that day, none of which clashes.

    `instead_of` is the id of the change, `kept` the place of the lesson that is being placed.

    Raises:
        Taken: one clashes.
    """
    others = [
        lesson
        for lesson in of_school(by.school_id, place.date, place.date)
        if lesson.is_given
        and lesson.place != kept
        and (not instead_of or lesson.day.change_id != instead_of)
    ]
    giver = _giver_on(line, place.date)
    room = "" if place.is_distance else place.room
    wanted = conflicts.Busy(
        place.starts_at, place.ends_at, line.class_id, line.class_name, line.subject_id,
        line.subject, giver, "", room,
    )  # fmt: skip
    found = conflicts.conflicts(wanted, [conflicts.busy_of(lesson) for lesson in others])
    if found:
        raise Taken(conflicts.sentences(found))
    return others


def _giver_on(line: Line, date: dt.date) -> int:
    """The teacher of the line, or who substitutes on this date."""
    substitute: int | None = db.session.scalar(
        select(Substitution.substitute_id).where(
            Substitution.teaching_id == line.teaching_id,
            Substitution.since <= date,
            Substitution.until >= date,
        )
    )
    return substitute or line.teacher_id


def _refuse_same_number(line: Line, place: Place, others: list[Lesson]) -> None:
    """A line has one lesson of a number a day: marks and topics know it so."""
    if (line.teaching_id, place.date, place.number) in {lesson.place for lesson in others}:
        raise Conflict(lazy_gettext("В этот день такой урок по номеру уже есть."))


def _keeps_number(lesson: Lesson, place: Place) -> bool:
    """Not moved at all (its time is out of the bells), or extra on the same day."""
    day = lesson.day
    is_same_time = (place.starts_at, place.ends_at) == (day.starts_at, day.ends_at)
    return place.date == day.date and (is_same_time or day.is_extra)


def _free_number(by: Person, line: Line, others: list[Lesson]) -> int:
    """A number for a lesson at its own time: after the bells, that the class has not that day."""
    taken = {lesson.day.number for lesson in others if lesson.line.class_id == line.class_id}
    last = max((ring.number for ring in bells.bells_of(by.school_id)), default=0)
    free = [number for number in (*range(last + 1, 15), *range(15)) if number not in taken]
    if not free:
        raise Conflict(lazy_gettext("В этот день у класса уже слишком много уроков."))
    number: int = free[0]
    return number

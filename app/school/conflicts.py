"""Who or what is busy: no class, teacher or room is ever in two places silently. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from flask_babel import format_date, gettext

from app.school.lessons import Lesson, Line

SHOWN = 5


class Clash(StrEnum):
    """Who is in two places."""

    CLASS = "class"
    TEACHER = "teacher"
    ROOM = "room"


@dataclass(frozen=True)
class Busy:
    """A lesson, as far as it takes somebody's time. `date`: said when it is one of many days."""

    starts_at: dt.time
    ends_at: dt.time
    class_id: int
    class_name: str
    subject_id: int
    subject: str
    teacher_id: int
    teacher: str
    room: str
    date: dt.date | None = None


@dataclass(frozen=True)
class Conflict:
    """What clashes, with which other lesson."""

    clash: Clash
    other: Busy


def busy_of(lesson: Lesson, *, with_date: bool = False) -> Busy:
    """A lesson on a date; a distance lesson takes no room."""
    day = lesson.day
    return Busy(
        day.starts_at,
        day.ends_at,
        lesson.line.class_id,
        lesson.line.class_name,
        lesson.line.subject_id,
        lesson.line.subject,
        lesson.giver_id,
        lesson.giver,
        "" if day.is_distance else day.room,
        day.date if with_date else None,
    )


def busy_at(
    line: Line, starts_at: dt.time, ends_at: dt.time, room: str, date: dt.date | None = None
) -> Busy:
    """A lesson of this line at this time."""
    return Busy(
        starts_at,
        ends_at,
        line.class_id,
        line.class_name,
        line.subject_id,
        line.subject,
        line.teacher_id,
        line.teacher,
        room,
        date,
    )


def taught_by(busy: Busy, teacher_id: int) -> Busy:
    """The same lesson, given by another teacher."""
    return replace(busy, teacher_id=teacher_id)


def conflicts(wanted: Busy, others: Iterable[Busy]) -> list[Conflict]:
    """All clashes of `wanted` with lessons of the same day, class first.

    Decision: the same subject given to the class by another teacher at the same time is a lesson
    in subgroups: the class is not in two places, but teacher and room must still be free.
    """
    found = []
    for other in others:
        if not (wanted.starts_at < other.ends_at and other.starts_at < wanted.ends_at):
            continue
        is_subgroup = (
            wanted.subject_id == other.subject_id and wanted.teacher_id != other.teacher_id
        )
        if wanted.class_id == other.class_id and not is_subgroup:
            found.append(Conflict(Clash.CLASS, other))
        if wanted.teacher_id == other.teacher_id:
            found.append(Conflict(Clash.TEACHER, other))
        if wanted.room and wanted.room.casefold() == other.room.casefold():
            found.append(Conflict(Clash.ROOM, other))
    order = list(Clash)
    return sorted(found, key=lambda row: (order.index(row.clash), row.other.starts_at))


def sentences(found: Iterable[Conflict]) -> list[str]:
    """Every clash in words, each other lesson once; the first five."""
    said: dict[tuple[Busy, Clash | None], str] = {}
    for conflict in found:
        other = conflict.other
        if conflict.clash is Clash.TEACHER and (other, Clash.CLASS) in said:
            continue  # the class's own lesson with this teacher is named already
        if conflict.clash is Clash.ROOM and any(key[0] == other for key in said):
            continue
        said[other, conflict.clash] = _sentence(conflict)
    return list(said.values())[:SHOWN]


def _sentence(conflict: Conflict) -> str:
    other = conflict.other
    room = gettext(", каб. %(room)s", room=other.room) if other.room else ""
    words = {"class_name": other.class_name, "subject": other.subject, "teacher": other.teacher}
    match conflict.clash:
        case Clash.CLASS:
            text = gettext("У %(class_name)s в это время %(subject)s%(room)s", room=room, **words)
        case Clash.TEACHER:
            text = gettext(
                "%(teacher)s в это время ведёт: %(subject)s, %(class_name)s%(room)s",
                room=room,
                **words,
            )
        case Clash.ROOM:
            text = gettext(
                "Кабинет %(room)s в это время занят: %(subject)s, %(class_name)s",
                room=other.room,
                **words,
            )
    if other.date is None:
        return str(text)
    return f"{format_date(other.date, 'd MMMM')}: {text}"

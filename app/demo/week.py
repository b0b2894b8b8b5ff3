"""The demo school's timetable, filled greedily without clashes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.school.classes import SchoolClass, Subject, Teaching
from app.school.people import Person
from app.school.timetable import TimetableSlot

BELLS = tuple(
    (dt.time(hour, minute), dt.time(hour + (minute + 45) // 60, (minute + 45) % 60))
    for hour, minute in (
        *((8, 30), (9, 25), (10, 25), (11, 25)),
        *((12, 25), (13, 20), (14, 15), (15, 10)),
    )
)


class Week:
    """A timetable filled greedily: no class and no teacher is in two places at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.busy: set[tuple[str, int, int, int]] = set()
        self.rooms: dict[int, int] = {}

    def teach(
        self, teacher: Person, school_class: SchoolClass, subject: Subject, hours: int
    ) -> None:
        """A line of the load, with its lessons in the first free hours, spread over the days."""
        session = self.session
        line = Teaching(
            class_id=school_class.id,
            subject_id=subject.id,
            teacher_id=teacher.id,
        )
        session.add(line)
        session.flush()
        room = self.rooms.setdefault(teacher.id, 101 + len(self.rooms))
        free = [
            (number, day)
            for number in range(1, len(BELLS) + 1)
            for day in range(1, 6)
            if ("c", school_class.id, day, number) not in self.busy
            and ("t", teacher.id, day, number) not in self.busy
        ]
        days: set[int] = set()
        for number, day in [*free, *free]:
            if len(days) == hours or ("c", school_class.id, day, number) in self.busy:
                continue
            if day in days:
                continue
            days.add(day)
            self.busy |= {("c", school_class.id, day, number), ("t", teacher.id, day, number)}
            starts, ends = BELLS[number - 1]
            session.add(
                TimetableSlot(
                    teaching_id=line.id,
                    weekday=day,
                    number=number,
                    starts_at=starts,
                    ends_at=ends,
                    room=str(room),
                )
            )

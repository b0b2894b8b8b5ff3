"""The cards of «Главная» for those who look after others: a class teacher, an administrator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.journal import me
from app.membership.coverage_totals import Totals, totals_of_classes, totals_of_school
from app.school.announcements.progress import Progress, last_progress
from app.school.class_today import Absentee, absent_on
from app.school.descriptions import led_classes


@dataclass(frozen=True)
class ClassCard:
    """The classes that a person leads, today. `public_id`: of the first, for its reports."""

    name: str
    public_id: str
    totals: Totals
    absent: list[Absentee]
    progress: Progress | None


@dataclass(frozen=True)
class SchoolCard:
    """What an administrator looks after."""

    totals: Totals
    cases: int
    requests: int


def class_card(teacher_id: int, today: dt.date) -> ClassCard | None:
    """Who is away, who has linked, who has not read; None without a class."""
    led = led_classes(teacher_id)
    if not led:
        return None
    ids = [row.id for row in led]
    return ClassCard(
        name=", ".join(row.name for row in led),
        public_id=led[0].public_id,
        totals=totals_of_classes(ids),
        absent=absent_on(ids, today),
        progress=last_progress(teacher_id),
    )


def school_card(school_id: int) -> SchoolCard:
    """Link coverage of the school, and what waits for an administrator."""
    return SchoolCard(totals_of_school(school_id), me.open_cases(), me.open_requests())

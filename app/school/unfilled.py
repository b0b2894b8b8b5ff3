"""Lessons that have been given and not yet written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.db import db
from app.school.lessons import Lesson
from app.school.marks import Mark, has_entry
from app.school.planning_laying import Place


@dataclass(frozen=True)
class Unfilled:
    """A lesson that lacks something: its topic, a mark or an absence, or both."""

    lesson: Lesson
    has_topic: bool
    has_marks: bool


def unfilled(
    lessons: Collection[Lesson],
    topics: Container[Place],
    *,
    giver_id: int,
    now: dt.datetime,
    zone: ZoneInfo,
) -> list[Unfilled]:
    """Of these lessons, in order of time, those that this person has given and not written down.

    Decision: a lesson is written down when it has a topic (it is among `topics`) and somebody's
    mark or absence. One query.
    """
    given = [
        row
        for row in lessons
        if row.giver_id == giver_id and row.is_given and row.ends(zone) <= now
    ]
    if not given:
        return []
    marked = {
        tuple(row)
        for row in db.session.execute(
            select(Mark.teaching_id, Mark.date, Mark.number)
            .where(
                Mark.teaching_id.in_({row.line.teaching_id for row in given}),
                Mark.date.between(given[0].day.date, given[-1].day.date),
                has_entry(),
            )
            .distinct()
        )
    }
    found = [Unfilled(row, row.place in topics, row.place in marked) for row in given]
    return [row for row in found if not (row.has_topic and row.has_marks)]

"""Lessons that have been given and not yet written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.core.db import db
from app.school.lessons import Lesson
from app.school.marks import Mark
from app.school.topics import topics_between


@dataclass(frozen=True)
class Unfilled:
    """A lesson that lacks something: its topic, a mark or an absence, or both."""

    lesson: Lesson
    has_topic: bool
    has_marks: bool


def unfilled(
    lessons: Collection[Lesson], *, giver_id: int, now: dt.datetime, zone: ZoneInfo
) -> list[Unfilled]:
    """Of these lessons, in order of time, those that this person has given and not written down.

    Decision: a lesson is written down when it has a topic and somebody's mark or absence. Three
    queries, and those of a year's lessons when there is a plan.
    """
    given = [
        row
        for row in lessons
        if row.giver_id == giver_id and row.is_given and row.ends(zone) <= now
    ]
    if not given:
        return []
    lines = {row.line.teaching_id for row in given}
    since, until = given[0].day.date, given[-1].day.date
    topics = topics_between(lines, since, until)
    marked = {
        tuple(row)
        for row in db.session.execute(
            select(Mark.teaching_id, Mark.date, Mark.number)
            .where(
                Mark.teaching_id.in_(lines),
                Mark.date.between(since, until),
                or_(Mark.value.is_not(None), Mark.absence.is_not(None)),
            )
            .distinct()
        )
    }
    found = [Unfilled(row, row.place in topics, row.place in marked) for row in given]
    return [row for row in found if not (row.has_topic and row.has_marks)]

"""Topics of lessons on dates, for whoever shows them: gradebook, diary, planning."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from app.core.db import db
from app.school import calendar
from app.school.classes import SchoolClass, Teaching
from app.school.lesson_days import LessonDay, lessons_between
from app.school.planning import LessonNote, Plan, PlanRow
from app.school.planning_laying import Hour, Place, Row, laid_each


def topics_between(
    teaching_ids: Collection[int], since: dt.date, until: dt.date
) -> dict[Place, str]:
    """The topics known for lessons on these days: written for the lesson, or from the plan.

    What was written for a lesson that is cancelled stays with it (`planning`, on notes).
    Two queries, and those of a year's lessons when one of the teachings has a plan.
    """
    topics = {
        place: hour.topic
        for place, hour in planned_hours(teaching_ids, since).items()
        if since <= place[1] <= until
    }
    rows = db.session.execute(
        select(LessonNote.teaching_id, LessonNote.date, LessonNote.number, LessonNote.topic).where(
            LessonNote.teaching_id.in_(teaching_ids),
            LessonNote.date.between(since, until),
            LessonNote.topic != "",
        )
    )
    topics.update({(row[0], row[1], row[2]): row[3] for row in rows})
    return topics


def planned_hours(teaching_ids: Collection[int], day: dt.date) -> dict[Place, Hour]:
    """The plans of these lines of load (of one school) laid over the school year of `day`."""
    plans = plan_rows_of(teaching_ids)
    return laid_each(plans, lessons_of_year(plans, day)) if plans else {}


def plan_rows_of(teaching_ids: Collection[int]) -> dict[int, list[Row]]:
    """The rows of their plans in order; a line without a plan is absent."""
    rows = db.session.execute(
        select(Plan.teaching_id, PlanRow.topic, PlanRow.section, PlanRow.hours, PlanRow.homework)
        .join(PlanRow, PlanRow.plan_id == Plan.id)
        .where(Plan.teaching_id.in_(teaching_ids))
        .order_by(Plan.teaching_id, PlanRow.position)
    )
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Row(*row[1:]))
    return dict(found)


def lessons_of_year(teaching_ids: Collection[int], day: dt.date) -> list[LessonDay]:
    """Lessons of the school year of `day`, cancelled ones too, in order."""
    school_id = db.session.scalar(
        select(SchoolClass.school_id)
        .join(Teaching, Teaching.class_id == SchoolClass.id)
        .where(Teaching.id.in_(teaching_ids))
        .limit(1)
    )
    if school_id is None:
        return []
    periods = calendar.periods_of(school_id, day)
    return lessons_between(teaching_ids, periods[0].since, periods[-1].until)

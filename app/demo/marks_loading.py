"""Writing the told marks, their history and the marks of ended periods, by bulk inserts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.demo.marks_story import MarksStory, ToldLesson, ToldMark, tell_marks
from app.school import averages, calendar, lesson_days
from app.school.classes import Enrolment, SchoolClass, Teaching
from app.school.mark_entries import WEIGHTS, Entry
from app.school.marks import LessonWork, Mark, MarkChange, PeriodMark
from app.school.people import School

TERMS = 2


def load_marks(session: Session, school: School, seed: int) -> None:
    """Marks of the school year up to today, of its last two terms; none before its first day."""
    today = clock.today(school.time_zone)
    periods = [p for p in calendar.periods_of(school.id, today) if p.since <= today][-TERMS:]
    if not periods:
        return
    lines = {
        row.id: row
        for row in session.execute(
            select(Teaching.id, Teaching.class_id, Teaching.subject_id, Teaching.teacher_id)
            .join(SchoolClass, SchoolClass.id == Teaching.class_id)
            .where(SchoolClass.school_id == school.id)
        )
    }
    pupils: dict[int, list[int]] = defaultdict(list)
    for class_id, pupil_id in session.execute(
        select(Enrolment.class_id, Enrolment.pupil_id).order_by(Enrolment.id)
    ):
        pupils[class_id].append(pupil_id)
    lessons = [
        ToldLesson(
            day.teaching_id, day.date, day.number, tuple(pupils[lines[day.teaching_id].class_id])
        )
        for day in lesson_days.lessons_between(lines, periods[0].since, today)
        if not day.is_cancelled
        and dt.datetime.combine(day.date, day.ends_at, ZoneInfo(school.time_zone)) <= clock.now()
    ]
    story = tell_marks(lessons, seed)
    teachers = {key: row.teacher_id for key, row in lines.items()}
    _write(session, story, teachers)
    subjects = {key: row.subject_id for key, row in lines.items()}
    for period in periods:
        if period.until < today:
            _write_totals(session, story, period, subjects)


def _write(session: Session, story: MarksStory, teachers: dict[int, int]) -> None:
    marks, changes = [], []
    now = clock.now()
    for told in story.marks:
        at = min(_evening(told.date), now - dt.timedelta(minutes=20))
        marks.append({**vars(told), "version": 1, "changed_at": at})
        changes.append(_change(told, teachers[told.teaching_id], at))
    works = [{**vars(work), "weight": WEIGHTS[work.kind]} for work in story.works]
    for model, rows in ((Mark, marks), (MarkChange, changes), (LessonWork, works)):
        if rows:
            session.execute(insert(model), rows)


def _change(told: ToldMark, by_id: int, at: dt.datetime) -> dict[str, Any]:
    same = {"kind": told.kind.value, "weight": told.weight}
    text = Entry(told.value, told.second, told.absence).text
    return {
        "teaching_id": told.teaching_id,
        "pupil_id": told.pupil_id,
        "place": f"{told.date}.{told.number}",
        "by_id": by_id,
        "at": at,
        "before": {"text": "", **same, "comment": "", "version": 0},
        "after": {"text": text, **same, "comment": told.comment, "version": 1},
    }


def _write_totals(
    session: Session, story: MarksStory, period: calendar.Period, subjects: dict[int, int]
) -> None:
    marks: dict[tuple[int, int], list[averages.Weighed]] = defaultdict(list)
    for told in story.marks:
        if period.since <= told.date <= period.until:
            key = (told.pupil_id, subjects[told.teaching_id])
            marks[key] += [(v, told.weight) for v in (told.value, told.second) if v]
    session.execute(
        insert(PeriodMark),
        [
            {
                "pupil_id": pupil_id,
                "subject_id": subject_id,
                "period_since": period.since,
                "value": str(averages.nearest_mark(mean)) if mean else averages.UNATTESTED,
                "version": 1,
                "changed_at": _evening(period.until),
            }
            for (pupil_id, subject_id), weighed in marks.items()
            for mean in [averages.average(weighed)]
        ],
    )


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(13, 10), dt.UTC)

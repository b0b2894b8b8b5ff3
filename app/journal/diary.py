"""«Дневник» of a pupil, read-only: for them, their parents, and teachers who are parents too."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import format_date, lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Missing
from app.journal import mark_words, me, weeks
from app.journal.blueprint import bp
from app.school import calendar, homework, lessons, mark_diary, topics
from app.school.calendar import Period, Span
from app.school.homework import Homework
from app.school.lessons import Child
from app.school.mark_diary import DiaryLesson
from app.school.people import Role
from app.school.planning_laying import Place

VIEWS = ("week", "homework", "marks")
# Decision: homework two weeks ahead; what is further may still move. Earlier days are in the week.
AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True)
class DiaryDay:
    """A day of the week shown, with its lessons. `is_off`: the school's calendar has none."""

    date: dt.date
    title: str
    is_today: bool
    is_off: bool
    lessons: list[DiaryLesson]


@bp.get("/diary")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def diary() -> Response:
    """The diary of the person or of a child (`?child=`)."""
    return diary_page("journal.diary")


def diary_page(endpoint: str) -> Response:
    """The week (`?week=`), the subjects of a period (`?view=marks&period=`), or homework ahead.

    Raises:
        Missing: `?child=` is not a child of this person, or there is nobody's diary to show.
    """
    pupil_id, children, child = _whose()
    view = request.args.get("view", VIEWS[0])
    view = view if view in VIEWS else VIEWS[0]
    shown: dict[str, Any] = {
        "children": children,
        "child": child,
        "endpoint": endpoint,
        "view": view,
    }
    if pupil_id is None:
        return make_response(render_template("journal/diary/nobody.html", **shown))
    new = mark_diary.new_since(current_user.person_id, pupil_id)
    if view == "week":
        return _week(pupil_id, new, shown)
    if view == "homework":
        return _homework(pupil_id, shown)
    return _marks(pupil_id, new, shown)


def _week(pupil_id: int, new: dt.datetime, shown: dict[str, Any]) -> Response:
    monday = weeks.monday_of(weeks.asked_day())
    school_id = current_user.person.school_id
    found = mark_diary.week_of(pupil_id, monday, new)
    sunday = monday + dt.timedelta(days=6)
    return make_response(
        render_template(
            "journal/diary/week.html",
            **shown,
            monday=monday,
            before=monday - dt.timedelta(days=7),
            after=monday + dt.timedelta(days=7),
            days=_days(monday, found, calendar.days_off(school_id, monday, sunday)),
            has_lessons=bool(found),
            topics=topics.topics_between({row.teaching_id for row in found}, monday, sunday),
            homework=_by_lesson(homework.homework_of_pupil(pupil_id, monday, sunday)),
            kind_names=mark_words.KIND_NAMES,
            absence_names=mark_words.ABSENCE_NAMES,
        )
    )


def _homework(pupil_id: int, shown: dict[str, Any]) -> Response:
    today = weeks.today()
    found = homework.homework_of_pupil(pupil_id, today, today + AHEAD)
    days = [(day, list(rows)) for day, rows in groupby(found, key=lambda row: row.date)]
    return make_response(
        render_template("journal/diary/homework.html", **shown, days=days, today=today)
    )


def _marks(pupil_id: int, new: dt.datetime, shown: dict[str, Any]) -> Response:
    school_id, today = current_user.person.school_id, weeks.today()
    periods = calendar.periods_of(school_id, today)
    period = _asked_period(periods, today)
    subjects = mark_diary.subjects_of(pupil_id, period, today, new)
    return make_response(
        render_template(
            "journal/diary/marks.html",
            **shown,
            periods=periods,
            period=period,
            subjects=subjects,
            overall=mark_diary.overall(subjects),
            shown_average=mark_words.shown_average,
            kind_names=mark_words.KIND_NAMES,
            absence_names=mark_words.ABSENCE_NAMES,
        )
    )


def _by_lesson(found: list[Homework]) -> dict[Place, list[Homework]]:
    by_lesson: dict[Place, list[Homework]] = defaultdict(list)
    for row in found:
        by_lesson[row.place].append(row)
    return dict(by_lesson)


def _whose() -> tuple[int | None, list[Child], Child | None]:
    """The pupil whose diary is asked for, among own children or oneself."""
    person = current_user.person
    children = lessons.children_of(person.id)
    asked = request.args.get("child")
    child = next((row for row in children if row.public_id == asked), None)
    if asked and child is None:
        raise Missing(lazy_gettext("Такого ребёнка среди ваших нет."))
    if child is None and Role.PUPIL in me.described().roles:
        return person.id, children, None
    child = child or (children[0] if children else None)
    if child is None and not me.described().is_diary:
        raise Missing(lazy_gettext("Дневника у вас нет: он есть у обучающихся и родителей."))
    return child.id if child else None, children, child


def _asked_period(periods: list[Period], today: dt.date) -> Period:
    asked = request.args.get("period")
    return next(
        (period for period in periods if period.since.isoformat() == asked),
        calendar.period_at(periods, today),
    )


def _days(monday: dt.date, found: list[DiaryLesson], off: list[Span]) -> list[DiaryDay]:
    days = []
    for offset in range(7):
        date = monday + dt.timedelta(days=offset)
        inside = [lesson for lesson in found if lesson.date == date]
        if offset < 5 or inside:
            title = str(format_date(date, "EEEE, d MMMM"))
            is_today = date == weeks.today()
            is_off = any(date in span for span in off)
            days.append(DiaryDay(date, title[:1].upper() + title[1:], is_today, is_off, inside))
    return days

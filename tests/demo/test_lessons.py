"""The demo school's lessons, plans and marks, by the rules of the school."""

import datetime as dt
from collections import Counter, defaultdict

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.demo import lessons_story
from app.demo.school_story import TIME_ZONE
from app.school import averages, calendar, conflicts, homework
from app.school.accounts import Account
from app.school.classes import Teaching
from app.school.lessons import of_school
from app.school.marks import Mark, PeriodMark
from app.school.people import School
from app.school.planning import Plan
from tests.demo.demo_school import NOW, ZONE, count


def test_nobody_is_in_two_places(demo):
    school = db.session.scalars(select(School)).one()
    today = clock.today(TIME_ZONE)
    by_day = defaultdict(list)
    for lesson in of_school(school.id, today - dt.timedelta(21), today + dt.timedelta(14)):
        if lesson.is_given:
            by_day[lesson.day.date].append(lesson)
    assert len(by_day) > 20
    for day, lessons in by_day.items():
        busy = [conflicts.busy_of(lesson) for lesson in lessons]
        for place, one in enumerate(busy):
            assert not conflicts.conflicts(one, busy[place + 1 :]), (day, one)


def test_a_class_has_its_hours_without_gaps_in_the_day(demo):
    school = db.session.scalars(select(School)).one()
    monday = dt.date(2026, 9, 7)
    hours, days = Counter(), defaultdict(list)
    for lesson in of_school(school.id, monday, monday + dt.timedelta(4)):
        hours[lesson.line.class_name] += 1
        days[lesson.line.class_name, lesson.day.date].append(lesson.day.number)
    assert (hours["1А"], hours["3А"], hours["7А"], hours["11А"]) == (21, 23, 30, 32)
    for where, numbers in days.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), where
    load = Counter()
    for lesson in of_school(school.id, monday, monday + dt.timedelta(4)):
        load[lesson.giver_id] += 1
    assert len(load) == 25
    assert max(load.values()) <= 20


def test_there_are_substitutions_and_lessons_by_call(demo):
    school = db.session.scalars(select(School)).one()
    today = clock.today(TIME_ZONE)
    lessons = of_school(school.id, today - dt.timedelta(21), today + dt.timedelta(6))
    assert sum(lesson.day.substitute_id is not None for lesson in lessons) >= 5
    assert sum(lesson.day.is_distance for lesson in lessons) >= 10
    assert sum(lesson.day.is_cancelled for lesson in lessons) >= 5


def soon(now):
    """Lessons by call that may be entered at once, or within minutes: their classes."""
    school = db.session.scalars(select(School)).one()
    found = set()
    for day in (now.date(), now.date() + dt.timedelta(1)):
        for lesson in of_school(school.id, day, day):
            waits = lesson.begins(ZONE) - dt.timedelta(minutes=15) - now
            is_soon = waits <= dt.timedelta(minutes=5)
            is_worth = lesson.ends(ZONE) - now >= dt.timedelta(minutes=15)
            if lesson.day.is_distance and lesson.is_given and is_soon and is_worth:
                found.add(lesson.line.class_name)
    return found


def test_a_visitor_finds_a_lesson_by_call(demo):
    assert soon(NOW) >= {"5А", "9А", "3А"}


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 11, 25, 3, 41, tzinfo=ZONE),
        dt.datetime(2026, 11, 25, 9, 30, tzinfo=ZONE),
        dt.datetime(2026, 11, 25, 13, 5, tzinfo=ZONE),
        dt.datetime(2026, 11, 28, 22, 58, tzinfo=ZONE),
        dt.datetime(2026, 11, 28, 23, 31, tzinfo=ZONE),
        dt.datetime(2026, 12, 31, 23, 52, tzinfo=ZONE),
        dt.datetime(2027, 7, 4, 12, 0, tzinfo=ZONE),
    ],
)
def test_lessons_by_call_come_anew_whatever_the_hour(demo, moment):
    with clock.frozen(moment):
        lessons_story.renew_calls(db.session())
        assert soon(moment) >= {"5А", "9А", "3А"}
        kept = count(lessons_story.LessonChange)
        lessons_story.renew_calls(db.session())
        assert count(lessons_story.LessonChange) == kept  # pressed twice, done once


def test_every_line_has_topics_and_homework_is_given(demo):
    assert count(Plan) == count(Teaching)
    egor = db.session.scalars(select(Account).where(Account.login == "egor")).one().person
    today = clock.today(TIME_ZONE)
    found = homework.homework_of_pupil(egor.id, today - dt.timedelta(14), today + dt.timedelta(2))
    assert len(found) >= 15
    assert {row.is_done for row in found} == {True, False}
    assert any(row.date > today for row in found)


def test_a_whole_term_has_marks_and_the_one_before_its_totals(demo):
    today = clock.today(TIME_ZONE)
    first, second = calendar.periods_of(db.session.scalars(select(School.id)).one(), today)[:2]
    for period in (first, second):
        pupils = set(
            db.session.scalars(
                select(Mark.pupil_id).where(
                    Mark.date.between(period.since, period.until), Mark.value.is_not(None)
                )
            )
        )
        assert len(pupils) == 300
    assert count(Mark) > 25_000
    assert count(Mark, Mark.date > today) == 0
    assert count(PeriodMark, PeriodMark.period_since == first.since) > 3000
    values = Counter(db.session.scalars(select(Mark.value).where(Mark.value.is_not(None))))
    assert set(values) == {2, 3, 4, 5}
    assert values[2] < values[3] < values[4]
    assert averages.UNATTESTED not in {str(value) for value in values}


def test_a_lesson_has_marks_when_it_is_over(demo):
    school = db.session.scalars(select(School)).one()
    lessons = of_school(school.id, NOW.date(), NOW.date())
    over = {lesson.place for lesson in lessons if lesson.ends(ZONE) <= NOW}
    marked = set(
        db.session.execute(
            select(Mark.teaching_id, Mark.date, Mark.number).where(Mark.date == NOW.date())
        ).all()
    )
    assert len(over) < len(lessons)
    assert marked
    assert marked <= over
    assert count(Mark, Mark.changed_at > NOW) == 0

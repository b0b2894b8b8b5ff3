"""From the weekly timetable to lessons on dates."""

import datetime as dt

import pytest

from app.core.db import db
from app.school.calendar import DayOff, Period, Span, default_periods, period_at, periods_of
from app.school.lesson_days import (
    Change,
    Cover,
    LessonDay,
    Slot,
    changed,
    covered,
    lessons_between,
    spread,
)

NINE, TEN = dt.time(9), dt.time(9, 45)
NOVEMBER = Span(dt.date(2026, 11, 2), dt.date(2026, 11, 15))


def monday(**changes):
    return Slot(
        **(
            {"teaching_id": 1, "weekday": 1, "number": 2, "starts_at": NINE, "ends_at": TEN}
            | changes
        )
    )


def dates(slots, off=()):
    return [lesson.date.day for lesson in spread(slots, [NOVEMBER], off)]


@pytest.mark.parametrize(
    ("slots", "off", "days"),
    [
        ([monday()], [], [2, 9]),
        ([monday()], [Span(dt.date(2026, 11, 2), dt.date(2026, 11, 4))], [9]),
        ([monday(since=dt.date(2026, 11, 9))], [], [9]),
        ([monday(until=dt.date(2026, 11, 9))], [], [2]),
        ([monday(), monday(weekday=3, number=1)], [], [2, 4, 9, 11]),
    ],
)
def test_lessons_fall_on_their_days(slots, off, days):
    assert dates(slots, off) == days


def test_two_lessons_of_one_day_stand_by_their_numbers():
    found = spread([monday(number=3), monday(number=1)], [NOVEMBER], [])
    assert [lesson.number for lesson in found[:2]] == [1, 3]


def test_a_school_without_periods_works_by_the_usual_ones(world):
    found = periods_of(world.main_school.id, dt.date(2026, 11, 24))
    assert [(row.name, row.since, row.until) for row in found] == default_periods(2026)


def test_kept_periods_come_before_the_usual_ones(world):
    world._add(
        Period(
            school_id=world.main_school.id,
            name="1 триместр",
            since=dt.date(2026, 9, 1),
            until=dt.date(2026, 11, 20),
        )
    )
    found = periods_of(world.main_school.id, dt.date(2027, 3, 1))
    assert [row.name for row in found] == ["1 триместр"]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2026, 8, 20), "1 четверть"),
        (dt.date(2026, 10, 30), "1 четверть"),
        (dt.date(2026, 11, 24), "2 четверть"),
        (dt.date(2027, 7, 1), "4 четверть"),
    ],
)
def test_the_period_of_a_day(world, day, name):
    periods = periods_of(world.main_school.id, day)
    assert period_at(periods, day).name == name


ON_2 = LessonDay(dt.date(2026, 11, 2), 2, 1, NINE, TEN)


def change(**changes):
    """A change of the lesson of Monday 2 November; `planned_on=None`: an extra one."""
    fields = {
        "teaching_id": 1,
        "planned_on": dt.date(2026, 11, 2),
        "planned_number": 2,
        "date": dt.date(2026, 11, 2),
        "number": 2,
        "starts_at": NINE,
        "ends_at": TEN,
        "public_id": "c1",
    } | changes
    if fields["planned_on"] is None:
        fields["planned_number"] = None
    return Change(**fields)


def told(lesson):
    """«4/3 cancelled»: the day and number of a lesson, and what is special about it."""
    marks = [name for name in ("is_distance", "is_cancelled", "is_extra") if getattr(lesson, name)]
    marks += [f"to {lesson.moved_to.day}"] if lesson.moved_to else []
    marks += [f"from {lesson.moved_from.day}"] if lesson.moved_from else []
    return " ".join(
        [f"{lesson.date.day}/{lesson.number}", *(mark.removeprefix("is_") for mark in marks)]
    )


WEDNESDAY = {"date": dt.date(2026, 11, 4), "number": 3}


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ([], ["2/2"]),
        ([change()], ["2/2"]),
        ([change(is_distance=True)], ["2/2 distance"]),
        ([change(is_cancelled=True)], ["2/2 cancelled"]),
        ([change(**WEDNESDAY)], ["2/2 cancelled to 4", "4/3 from 2"]),
        ([change(**WEDNESDAY, is_cancelled=True)], ["2/2 cancelled"]),
        ([change(number=5)], ["2/2 cancelled to 2", "2/5"]),
        ([change(planned_on=None, **WEDNESDAY)], ["2/2", "4/3 extra"]),
        ([change(planned_on=None, is_cancelled=True, **WEDNESDAY)], ["2/2", "4/3 cancelled extra"]),
        # The timetable has this lesson no more: what was changed about it is of no use.
        ([change(planned_on=dt.date(2026, 11, 3), **WEDNESDAY)], ["2/2"]),
        ([change(teaching_id=9)], ["2/2"]),
        # An extra lesson in the place of a cancelled one, of the same line.
        ([change(is_cancelled=True), change(planned_on=None, is_distance=True)],
         ["2/2 distance extra"]),
    ],
)  # fmt: skip
def test_what_differs_on_a_date(changes, seen):
    assert [told(lesson) for lesson in changed([ON_2], changes)] == seen


@pytest.mark.parametrize(
    ("cover", "substitute"),
    [
        ((1, 7, dt.date(2026, 11, 1), dt.date(2026, 11, 2)), 7),
        ((1, 7, dt.date(2026, 11, 2), dt.date(2026, 11, 9)), 7),
        ((1, 7, dt.date(2026, 11, 3), dt.date(2026, 11, 9)), None),
        ((2, 7, dt.date(2026, 11, 1), dt.date(2026, 11, 9)), None),
    ],
)
def test_a_substitute_gives_the_lessons_of_the_dates(cover, substitute):
    assert covered([ON_2], [Cover(*cover)])[0].substitute_id == substitute


@pytest.fixture
def physics(world):
    """Physics in 7А on Mondays, the second lesson."""
    teacher = world.teacher("Ким Олег Ильич")
    line = world.teaching(teacher, world.school_class("7А"), world.subject("Физика"))
    world.slot(line, weekday=1, number=2)
    return line


def between(line, first, last):
    return [
        told(lesson)
        for lesson in lessons_between(
            [line.id], dt.date(2026, *map(int, first.split("-"))), dt.date(2026, *map(int, last.split("-")))
        )
    ]  # fmt: skip


def test_lessons_are_given_in_periods_and_not_on_days_off(world, physics):
    world._add(
        DayOff(
            school_id=world.main_school.id,
            name="Карантин",
            since=dt.date(2026, 11, 9),
            until=dt.date(2026, 11, 10),
        )
    )
    assert between(physics, "10-19", "11-16") == ["19/2", "2/2", "16/2"]


def test_a_lesson_moved_into_these_days_from_others_is_seen(world, physics):
    world.lesson_change(
        physics,
        planned_on=dt.date(2026, 11, 16),
        planned_number=2,
        date=dt.date(2026, 11, 11),
        number=4,
    )
    assert between(physics, "11-9", "11-15") == ["9/2", "11/4 from 16"]
    assert between(physics, "11-16", "11-22") == ["16/2 cancelled to 11"]


def test_a_line_of_load_that_ended_gives_no_more_lessons(world, physics):
    physics.ended_on = dt.date(2026, 11, 9)
    db.session.commit()
    assert between(physics, "11-2", "11-22") == ["2/2"]


def test_lessons_of_a_month_take_six_queries(physics, queries):
    with queries() as seen:
        lessons_between([physics.id], dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert len(seen) == 6

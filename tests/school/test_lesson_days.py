"""From the weekly timetable to lessons on dates."""

import datetime as dt

import pytest

from app.school.calendar import Period, Span, default_periods, period_at, periods_of
from app.school.lesson_days import Slot, spread

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

"""Periods, days off and bells, as the administrator sets them."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing
from app.school.bells import USUAL, Ring, bells_of, guessed
from app.school.calendar import named_days_off, periods_of
from app.school.lesson_days import lessons_between
from app.school.school_year import (
    PeriodWords,
    add_day_off,
    days_off_of,
    remove_day_off,
    save_bells,
    save_periods,
)
from app.school.timetable import TimetableSlot

NOVEMBER = dt.date(2026, 11, 23)


def words(name, since, until, key=""):
    return PeriodWords(key, name, dt.date(*since), dt.date(*until))


FIRST = words("1 триместр", (2026, 9, 1), (2026, 11, 29))
SECOND = words("2 триместр", (2026, 12, 1), (2027, 2, 28))


@pytest.fixture
def admin(world):
    return world.administrator("Громова Елена")


def names(world):
    return [row.name for row in periods_of(world.main_school.id, NOVEMBER)]


def test_periods_are_kept_in_order(world, admin):
    save_periods(admin, 2026, [SECOND, FIRST])
    assert names(world) == ["1 триместр", "2 триместр"]


def test_kept_periods_change_in_place_even_when_they_swap_days(world, admin):
    save_periods(admin, 2026, [FIRST, SECOND])
    before = periods_of(world.main_school.id, NOVEMBER)
    left, right = (row.public_id for row in before)
    save_periods(
        admin,
        2026,
        [
            words("1 триместр", (2026, 12, 1), (2027, 2, 28), left),
            words("2 триместр", (2026, 9, 1), (2026, 11, 29), right),
        ],
    )
    assert [row.public_id for row in periods_of(world.main_school.id, NOVEMBER)] == [right, left]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [words("1", (2026, 11, 29), (2026, 9, 1))],
        [words("1", (2026, 9, 1), (2026, 12, 1)), SECOND],
        [words("1", (2025, 9, 1), (2025, 12, 1))],
        [words("1", (2026, 9, 1), (2027, 8, 1))],
    ],
)
def test_periods_that_cannot_be_change_nothing(world, admin, rows):
    save_periods(admin, 2026, [FIRST])
    with pytest.raises(Invalid):
        save_periods(admin, 2026, rows)
    assert names(world) == ["1 триместр"]


def test_a_kept_period_does_not_vanish(world, admin):
    save_periods(admin, 2026, [FIRST, SECOND])
    with pytest.raises(Conflict):
        save_periods(admin, 2026, [words("Другой", (2026, 9, 1), (2026, 9, 30))])
    assert names(world) == ["1 триместр", "2 триместр"]


def test_a_period_of_another_school_is_not_found(world, admin):
    stranger = world.administrator("Чужая Елена", school=world.school("Школа № 2"))
    save_periods(admin, 2026, [FIRST])
    key = periods_of(world.main_school.id, NOVEMBER)[0].public_id
    with pytest.raises(Missing):
        save_periods(stranger, 2026, [words("Моё", (2026, 9, 1), (2026, 9, 30), key)])
    assert names(world) == ["1 триместр"]


@pytest.fixture
def physics(world):
    line = world.teaching(
        world.teacher("Ким Олег"), world.school_class("7А"), world.subject("Физика")
    )
    world.slot(line, weekday=2, number=2)
    return line


def dates(line):
    found = lessons_between([line.id], NOVEMBER, dt.date(2026, 12, 6))
    return [row.date.day for row in found]


def test_a_day_off_takes_its_lessons_and_gives_them_back(world, admin, physics):
    since, until = dt.date(2026, 11, 24), dt.date(2026, 11, 25)
    add_day_off(admin, "Карантин", since, until)
    assert dates(physics) == [1]
    school_id = world.main_school.id
    assert named_days_off(school_id, NOVEMBER, until) == {since: "Карантин", until: "Карантин"}
    with pytest.raises(Conflict):
        add_day_off(admin, "Ещё раз", since, since)
    remove_day_off(admin, since)
    remove_day_off(admin, since)
    assert dates(physics) == [24, 1]
    assert days_off_of(school_id, 2026) == []


def test_days_off_do_not_end_before_they_begin(world, admin):
    with pytest.raises(Invalid):
        add_day_off(admin, "Карантин", NOVEMBER, dt.date(2026, 11, 1))


SECOND_BELL = Ring(2, dt.time(9, 30), dt.time(10, 15))


@pytest.mark.parametrize(
    ("heard", "rings"),
    [
        ([], list(USUAL)),
        ([(SECOND_BELL, 3), (USUAL[1], 1)], [SECOND_BELL, *USUAL[2:]]),
    ],
)
def test_bells_are_guessed_from_the_timetable(heard, rings):
    assert guessed(heard) == rings


def test_lessons_that_rang_by_the_old_bells_ring_by_the_new(world, admin, physics):
    world.slot(physics, weekday=3, number=2)
    world.slot(physics, weekday=4, number=2, starts_at=dt.time(8), ends_at=dt.time(8, 40))
    new = Ring(2, dt.time(9, 40), dt.time(10, 20))
    assert save_bells(admin, [new]) == 2
    assert bells_of(world.main_school.id) == [new]
    times = db.session.scalars(select(TimetableSlot.starts_at).order_by(TimetableSlot.weekday))
    assert times.all() == [dt.time(9, 40), dt.time(9, 40), dt.time(8)]


@pytest.mark.parametrize(
    "rings",
    [
        [],
        [Ring(1, dt.time(9), dt.time(8))],
        [Ring(1, dt.time(8), dt.time(9)), Ring(2, dt.time(8, 50), dt.time(9, 30))],
    ],
)
def test_bells_that_cannot_be_change_nothing(world, admin, rings):
    with pytest.raises(Invalid):
        save_bells(admin, rings)
    assert bells_of(world.main_school.id) == list(USUAL)

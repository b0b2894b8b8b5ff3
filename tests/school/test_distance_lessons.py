"""When the call of a distance lesson is open, and for whom."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from app.core import clock
from app.core.db import db
from app.core.errors import Missing
from app.core.transaction import writing
from app.school.classes import Enrolment
from app.school.distance_lessons import entrance_at, lesson_for

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = dt.date(2026, 11, 24)


def at(hour, minute):
    return dt.datetime(2026, 11, 24, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(9, 14), "ahead"),
        (at(9, 15), "open"),
        (at(9, 30), "open"),
        (at(10, 14), "open"),
        (at(10, 15), "over"),
        (at(23, 0), "over"),
    ],
)
def test_a_call_is_open_from_a_quarter_before_until_the_end(now, state):
    assert entrance_at(at(9, 30), at(10, 15), now) == state


@pytest.fixture
def lesson(world):
    """Physics in 7А on Tuesday at 9:30, made distance; with its people and a stranger."""
    world.kim, world.titova = world.teacher("Ким Олег"), world.teacher("Титова Вера")
    world.c7a = world.school_class("7А", teacher=world.titova)
    world.physics = world.teaching(world.kim, world.c7a, world.subject("Физика"))
    world.slot(world.physics, weekday=2, number=2)
    world.misha = world.pupil("Орлов Миша", in_=world.c7a)
    world.olga = world.guardian("Орлова Ольга", of=[world.misha])
    world.dasha = world.pupil("Белова Даша", in_=world.school_class("8А"))
    world.igor = world.guardian("Белов Игорь", of=[world.dasha])
    world.change = world.lesson_change(
        world.physics, planned_on=DAY, planned_number=2, date=DAY, number=2, is_distance=True
    )
    with clock.frozen(at(9, 20)):
        yield world


@pytest.mark.parametrize(("name", "is_host"), [("kim", True), ("misha", False), ("olga", False)])
def test_who_takes_part_finds_the_open_call(lesson, name, is_host):
    call = lesson_for(getattr(lesson, name), lesson.change.public_id)
    assert (call.entrance, call.is_host) == ("open", is_host)
    assert call.opens_at == at(9, 15)


@pytest.mark.parametrize("name", ["titova", "dasha", "igor"])
def test_others_find_no_such_lesson(lesson, name):
    with pytest.raises(Missing):
        lesson_for(getattr(lesson, name), lesson.change.public_id)


def test_a_guessed_id_is_no_lesson(lesson):
    with pytest.raises(Missing):
        lesson_for(lesson.kim, "no-such-lesson")


def test_a_substitute_of_the_day_is_a_host(lesson):
    lesson.substitution(lesson.physics, lesson.titova, since=DAY, until=DAY)
    assert lesson_for(lesson.titova, lesson.change.public_id).is_host


@pytest.mark.parametrize("changes", [{"is_cancelled": True}, {"is_distance": False}])
def test_a_cancelled_lesson_and_one_at_school_have_no_call(lesson, changes):
    with writing() as session:
        for name, value in changes.items():
            setattr(lesson.change, name, value)
        session.add(lesson.change)
    with pytest.raises(Missing):
        lesson_for(lesson.kim, lesson.change.public_id)


def test_a_pupil_who_left_the_class_before_the_lesson_is_out(lesson):
    enrolment = db.session.query(Enrolment).filter_by(pupil_id=lesson.misha.id).one()
    enrolment.ended_on = DAY
    db.session.commit()
    with pytest.raises(Missing):
        lesson_for(lesson.misha, lesson.change.public_id)
    with pytest.raises(Missing):
        lesson_for(lesson.olga, lesson.change.public_id)

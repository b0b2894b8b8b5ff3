"""Own lessons on one date: cancelled, put back, moved, made distance, added; and who may."""

import datetime as dt

import pytest

from app.core import clock
from app.core.errors import Conflict, Invalid, Missing
from app.school.changing_lessons import add_lesson, cancel_lesson, place_lesson, restore_lesson
from app.school.lesson_places import Place, Taken
from app.school.lessons import given_by, of_class
from app.school.own_lessons import own_lesson

TUESDAY, WEDNESDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 25)
FOURTH = (dt.time(11, 25), dt.time(12, 10))


@pytest.fixture(autouse=True)
def monday_morning(app):
    """Monday 23 November 2026, 8:00 in Moscow."""
    with clock.frozen(dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)), app.test_request_context():
        yield


@pytest.fixture
def school(world):
    """Kim gives 7А physics on Tuesdays, the second lesson; Titova gives 7А chemistry on
    Wednesdays, the fourth.
    """
    world.kim = world.teacher("Ким Олег Ильич")
    world.titova = world.teacher("Титова Вера Андреевна")
    world.c7a = world.school_class("7А")
    world.physics = world.teaching(world.kim, world.c7a, world.subject("Физика"))
    world.chemistry = world.teaching(world.titova, world.c7a, world.subject("Химия"))
    world.slot(world.physics, weekday=2, number=2)
    world.slot(
        world.chemistry, weekday=3, number=4, room="301", starts_at=FOURTH[0], ends_at=FOURTH[1]
    )
    return world


def physics_of(school, person=None, date=TUESDAY, number=2):
    return own_lesson(person or school.kim, school.physics.public_id, date, number)


def week(school):
    return [
        (
            row.day.date.day,
            row.day.number,
            "cancelled" if row.day.is_cancelled else "distance" if row.day.is_distance else "",
        )
        for row in given_by(school.kim.id, dt.date(2026, 11, 23), dt.date(2026, 11, 29))
    ]


def place(date=TUESDAY, number=2, times=(dt.time(9, 30), dt.time(10, 15)), **more):
    return Place(date, number, *times, **more)


def test_a_cancelled_lesson_is_put_back(school):
    cancel_lesson(school.kim, physics_of(school))
    assert week(school) == [(24, 2, "cancelled")]
    cancel_lesson(school.kim, physics_of(school))  # a second tab
    restore_lesson(school.kim, physics_of(school))
    restore_lesson(school.kim, physics_of(school))
    assert week(school) == [(24, 2, "")]


def test_a_lesson_is_made_distance_and_keeps_its_id(school):
    made = place_lesson(school.kim, physics_of(school), place(is_distance=True))
    again = place_lesson(school.kim, physics_of(school), place(is_distance=True))
    assert week(school) == [(24, 2, "distance")]
    assert made.day.change_id == again.day.change_id


def test_a_moved_lesson_leaves_a_trace_and_comes_back(school):
    later = place(WEDNESDAY, 3, (dt.time(10, 30), dt.time(11, 15)))
    moved = place_lesson(school.kim, physics_of(school), later)
    assert moved.day.moved_from == TUESDAY
    assert week(school) == [(24, 2, "cancelled"), (25, 3, "")]
    restore_lesson(school.kim, physics_of(school))
    assert week(school) == [(24, 2, "")]


def test_a_lesson_is_never_put_upon_another_lesson_of_the_class(school):
    with pytest.raises(Taken) as refused:
        place_lesson(school.kim, physics_of(school), place(WEDNESDAY, 4, FOURTH))
    assert refused.value.reasons == ["У 7А в это время Химия, каб. 301"]
    assert week(school) == [(24, 2, "")]


def test_a_distance_lesson_takes_no_room(school):
    c8a = school.school_class("8А")
    other = school.teaching(school.titova, c8a, school.subject("Биология"))
    school.slot(other, weekday=2, number=3, room="105")
    third = (dt.time(10, 30), dt.time(11, 15))
    with pytest.raises(Taken, match="Кабинет 105"):
        place_lesson(school.kim, physics_of(school), place(TUESDAY, 3, third, room="105"))
    away = place(TUESDAY, 3, third, room="105", is_distance=True)
    assert place_lesson(school.kim, physics_of(school), away).day.number == 3


def test_a_cancelled_lesson_does_not_come_back_upon_another(school):
    cancel_lesson(school.kim, physics_of(school))
    second = (dt.time(9, 30), dt.time(10, 15))
    add_lesson(school.titova, school.chemistry.public_id, place(TUESDAY, 2, second))
    with pytest.raises(Taken, match="У 7А в это время Химия"):
        restore_lesson(school.kim, physics_of(school))


def test_an_extra_lesson_at_its_own_time_gets_a_number_after_the_bells(school):
    evening = Place(TUESDAY, None, dt.time(18), dt.time(18, 45), is_distance=True)
    made = add_lesson(school.kim, school.physics.public_id, evening)
    assert made.day.is_extra
    assert made.day.number == 9


def test_a_distance_lesson_at_a_time_of_the_timetable_is_that_lesson(school):
    made = add_lesson(school.kim, school.physics.public_id, place(is_distance=True))
    assert not made.day.is_extra
    assert week(school) == [(24, 2, "distance")]


def test_a_lesson_out_of_the_bells_keeps_its_number_when_only_its_room_changes(school):
    own_time = Place(TUESDAY, None, dt.time(9, 30), dt.time(10, 15), room="12")
    assert place_lesson(school.kim, physics_of(school), own_time).day.number == 2


@pytest.mark.parametrize(
    ("where", "error"),
    [
        (place(times=(dt.time(10), dt.time(10))), Invalid),
        (place(dt.date(2026, 11, 20)), Conflict),
        (place(dt.date(2030, 11, 24)), Invalid),
    ],
)
def test_a_time_that_cannot_be_changes_nothing(school, where, error):
    with pytest.raises(error):
        place_lesson(school.kim, physics_of(school), where)
    assert week(school) == [(24, 2, "")]


def test_a_lesson_that_is_over_is_not_rewritten(school):
    with clock.frozen(dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)):
        with pytest.raises(Conflict, match="уже прошёл"):
            cancel_lesson(school.kim, physics_of(school))
        with pytest.raises(Conflict, match="уже прошёл"):
            place_lesson(school.kim, physics_of(school), place(WEDNESDAY))


def test_only_who_gives_a_lesson_and_the_administrator_change_it(school):
    admin, stranger = school.administrator("Громова Елена"), school.school("Школа № 2")
    other_admin = school.administrator("Чужая Елена", school=stranger)
    assert physics_of(school, admin)
    for nobody in (school.titova, other_admin):
        with pytest.raises(Missing):
            physics_of(school, nobody)
    school.substitution(school.physics, school.titova, since=TUESDAY, until=TUESDAY)
    assert physics_of(school, school.titova).is_substitution
    with pytest.raises(Missing):
        add_lesson(other_admin, school.physics.public_id, place())


def test_a_substitute_and_the_teacher_see_the_lesson_of_those_days(school):
    school.substitution(school.physics, school.titova, since=TUESDAY, until=TUESDAY)
    days = (TUESDAY, dt.date(2026, 12, 1))
    names = [row.line.subject for row in given_by(school.titova.id, *days)]
    assert names == ["Физика", "Химия"]
    assert [row.giver for row in given_by(school.kim.id, *days)] == ["Титова В. А.", "Ким О. И."]
    assert [row.giver for row in of_class(school.c7a.id, TUESDAY, TUESDAY)] == ["Титова В. А."]

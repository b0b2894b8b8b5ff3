"""The weekly timetable edited from a date: the past stays, nobody is doubled; the load."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing
from app.membership.reconcile import reconcile
from app.messenger.chats.models import Chat, Member
from app.school.changing_load import add_teaching, end_teaching
from app.school.editing_timetable import Weekly, add_slot, change_slot, end_slot
from app.school.lesson_places import Taken
from app.school.lessons import of_class
from app.school.roster.kinds import KINDS
from app.school.weekly import lines_of_class, week_of_class

TODAY = dt.date(2026, 11, 23)
SECOND, FOURTH = (dt.time(9, 30), dt.time(10, 15)), (dt.time(11, 25), dt.time(12, 10))


@pytest.fixture
def school(world):
    """Kim gives 7А physics on Tuesdays, the second lesson. Monday 23 November."""
    world.admin = world.administrator("Громова Елена")
    world.kim, world.titova = world.teacher("Ким Олег Ильич"), world.teacher("Титова Вера")
    world.c7a = world.school_class("7А", teacher=world.kim)
    world.c8a = world.school_class("8А")
    world.himia = world.subject("Химия")
    world.physics = world.teaching(world.kim, world.c7a, world.subject("Физика"))
    world.chemistry = world.teaching(world.titova, world.c8a, world.himia)
    world.tuesday = world.slot(world.physics, weekday=2, number=2)
    with clock.frozen(dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)):
        yield world


def words(line, weekday=2, number=2, times=SECOND, room="204", since=TODAY):
    return Weekly(line.public_id, weekday, number, *times, room, since)


def given(school, first=dt.date(2026, 11, 16), last=dt.date(2026, 12, 6)):
    return [
        (row.day.date.day, row.day.number, row.day.room)
        for row in of_class(school.c7a.id, first, last)
    ]


def test_a_lesson_moves_from_a_date_and_the_past_stays(school):
    change_slot(
        school.admin,
        school.tuesday.public_id,
        words(
            school.physics, weekday=4, number=4, times=FOURTH, room="8", since=dt.date(2026, 11, 30)
        ),
    )
    assert given(school) == [(17, 2, "204"), (24, 2, "204"), (3, 4, "8")]


def test_a_changed_room_keeps_the_lesson_in_its_place(school):
    change_slot(school.admin, school.tuesday.public_id, words(school.physics, room="8"))
    assert given(school) == [(17, 2, "204"), (24, 2, "8"), (1, 2, "8")]


def test_changing_again_on_the_same_day_leaves_one_lesson(school):
    change_slot(school.admin, school.tuesday.public_id, words(school.physics, room="8"))
    (slot,) = week_of_class(school.c7a.id, TODAY)
    change_slot(school.admin, slot.public_id, words(school.physics, room="9"))
    assert given(school) == [(17, 2, "204"), (24, 2, "9"), (1, 2, "9")]


def test_a_lesson_ends_from_a_date_and_may_begin_again(school):
    end_slot(school.admin, school.tuesday.public_id, dt.date(2026, 11, 24))
    assert given(school) == [(17, 2, "204")]
    add_slot(school.admin, school.c7a.id, words(school.physics, since=dt.date(2026, 11, 25)))
    assert given(school) == [(17, 2, "204"), (1, 2, "204")]


def test_busy_class_teacher_and_room_are_named(school):
    busy = school.teaching(school.kim, school.c8a, school.subject("Астрономия"))
    with pytest.raises(Taken) as refused:
        add_slot(school.admin, school.c8a.id, words(busy, room="1"))
    assert refused.value.reasons == ["Ким О. И. в это время ведёт: Физика, 7А, каб. 204"]
    with pytest.raises(Taken, match="Кабинет 204 в это время занят: Физика, 7А"):
        add_slot(school.admin, school.c8a.id, words(school.chemistry))
    seven = school.teaching(school.titova, school.c7a, school.himia)
    with pytest.raises(Taken, match=r"У 7А в это время Физика, каб. 204"):
        add_slot(school.admin, school.c7a.id, words(seven, room="1"))
    assert given(school) == [(17, 2, "204"), (24, 2, "204"), (1, 2, "204")]


def test_an_extra_lesson_on_one_such_day_is_named_too(school):
    school.lesson_change(school.chemistry, date=dt.date(2026, 12, 9), number=4, room="301")
    taught = school.teaching(school.titova, school.c7a, school.himia)
    with pytest.raises(Taken, match=r"9 декабря: Титова В. в это время ведёт: Химия, 8А"):
        add_slot(
            school.admin,
            school.c7a.id,
            words(taught, weekday=3, number=4, times=(dt.time(11, 30), dt.time(12, 15)), room="5"),
        )


@pytest.mark.parametrize("since", [dt.date(2026, 11, 20), dt.date(2028, 1, 1)])
def test_the_past_and_far_years_are_refused(school, since):
    with pytest.raises(Invalid):
        change_slot(school.admin, school.tuesday.public_id, words(school.physics, since=since))
    with pytest.raises(Invalid):
        end_slot(school.admin, school.tuesday.public_id, since)


def test_an_administrator_of_another_school_reaches_nothing(school):
    stranger = school.administrator("Чужая Елена", school=school.school("Школа № 2"))
    with pytest.raises(Missing):
        change_slot(stranger, school.tuesday.public_id, words(school.physics, room="8"))
    with pytest.raises(Missing):
        end_slot(stranger, school.tuesday.public_id, TODAY)
    with pytest.raises(Missing):
        end_teaching(stranger, school.physics.public_id, TODAY)
    with pytest.raises(Missing):
        add_teaching(stranger, school.c7a.id, school.himia.public_id, school.titova.public_id)
    assert given(school) == [(17, 2, "204"), (24, 2, "204"), (1, 2, "204")]


def teachers_chat(school):
    return db.session.scalars(
        select(Chat.id).where(Chat.auto_key == f"class:{school.c7a.public_id}:teachers")
    ).one()


def members(chat_id):
    return set(
        db.session.scalars(
            select(Member.profile_id).where(Member.chat_id == chat_id, Member.left_at.is_(None))
        )
    )


def test_who_begins_to_teach_enters_the_classs_chat_and_leaves_when_it_ends(school):
    vera, oleg = school.profile("Вера Титова"), school.profile("Олег Ким")
    school.link(school.titova, vera)
    school.link(school.kim, oleg)
    reconcile()
    chat_id = teachers_chat(school)
    assert vera.id not in members(chat_id)
    add_teaching(school.admin, school.c7a.id, school.himia.public_id, school.titova.public_id)
    assert vera.id in members(chat_id)
    line = next(row for row in week_lines(school) if row.subject == "Химия")
    end_teaching(school.admin, line.key, dt.date(2026, 11, 25))
    assert vera.id in members(chat_id)  # until that day
    with clock.frozen(dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC)):
        reconcile()
        assert vera.id not in members(chat_id)
        assert oleg.id in members(chat_id)


def week_lines(school):
    return lines_of_class(school.c7a.id, TODAY)


def test_an_ended_line_takes_its_lessons_with_it(school):
    end_teaching(school.admin, school.physics.public_id, TODAY)
    assert given(school) == [(17, 2, "204")]
    add_teaching(
        school.admin,
        school.c7a.id,
        school.physics.subject.public_id,
        school.kim.public_id,
    )
    assert given(school) == [(17, 2, "204")]


def test_the_same_line_twice_is_refused(school):
    with pytest.raises(Conflict):
        add_teaching(
            school.admin,
            school.c7a.id,
            school.physics.subject.public_id,
            school.kim.public_id,
        )


def test_a_roster_compares_with_the_newest_row_of_a_lesson(school):
    change_slot(school.admin, school.tuesday.public_id, words(school.physics, room="8"))
    (kind,) = [kind for kind in KINDS if kind.name == "slot"]
    rows = db.session.execute(kind.select([school.main_school.id])).all()
    assert [row[-1] for row in rows] == ["8"]

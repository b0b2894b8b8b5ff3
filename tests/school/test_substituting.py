"""Substitutions with dates: set, refused by name, ended; the chats follow."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing
from app.membership.lesson_chats import open_subject_chat
from app.membership.reconcile import reconcile
from app.messenger.chats.models import Member
from app.school.lesson_places import Taken
from app.school.lessons import attended_by, given_by
from app.school.substituting import (
    end_substitution,
    set_substitution,
    state_at,
    substitutions_of,
)

TODAY = dt.date(2026, 11, 23)
FRIDAY = dt.date(2026, 11, 27)


def day(number):
    return dt.date(2026, 11, number)


@pytest.fixture
def school(world):
    """Kim gives 7А physics on Tuesdays, the second lesson; Titova and the administrator are
    there. Monday 23 November.
    """
    world.admin = world.administrator("Громова Елена")
    world.kim, world.titova = world.teacher("Ким Олег Ильич"), world.teacher("Титова Вера")
    world.c7a = world.school_class("7А")
    world.fizika = world.subject("Физика")
    world.physics = world.teaching(world.kim, world.c7a, world.fizika)
    world.slot(world.physics, weekday=2, number=2)
    world.misha = world.pupil("Орлов Миша", in_=world.c7a)
    with clock.frozen(dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)):
        yield world


def substitute(school, who=None, since=TODAY, until=FRIDAY, **more):
    set_substitution(
        school.admin,
        school.physics.public_id,
        (who or school.titova).public_id,
        since,
        until,
        **more,
    )


def shown(school):
    return [
        (row.substitute, row.since.day, row.until.day, row.state.value)
        for row in substitutions_of(school.main_school)
    ]


@pytest.mark.parametrize(
    ("today", "state"),
    [(22, "ahead"), (23, "now"), (27, "now"), (28, "over")],
)
def test_both_days_of_a_substitution_are_in_it(today, state):
    assert state_at(TODAY, FRIDAY, day(today)) == state


def test_a_substitution_is_seen_by_both_teachers_and_the_pupil(school):
    substitute(school)
    assert shown(school) == [("Титова В.", 23, 27, "now")]
    assert [row.giver for row in given_by(school.titova.id, TODAY, FRIDAY)] == ["Титова В."]
    assert [row.giver for row in given_by(school.kim.id, TODAY, FRIDAY)] == ["Титова В."]
    assert [row.giver for row in attended_by(school.misha.id, TODAY, FRIDAY)] == ["Титова В."]


def members(chat_id):
    return set(
        db.session.scalars(
            select(Member.profile_id).where(Member.chat_id == chat_id, Member.left_at.is_(None))
        )
    )


def test_the_substitute_is_in_the_subject_chat_on_those_days_and_leaves_after(school):
    profile = school.profile("Вера Титова")
    for person in (school.kim, school.misha):
        school.link(person)
    school.link(school.titova, profile)
    chat_id = open_subject_chat(school.c7a.id, school.fizika.id)
    assert profile.id not in members(chat_id)
    substitute(school)
    assert profile.id in members(chat_id)
    with clock.frozen(dt.datetime(2026, 11, 27, 20, tzinfo=dt.UTC)):
        reconcile()
        assert profile.id in members(chat_id)
    with clock.frozen(dt.datetime(2026, 11, 27, 21, 5, tzinfo=dt.UTC)):  # Saturday in Moscow
        reconcile()
        assert profile.id not in members(chat_id)


def test_ending_early_closes_the_chat_at_once(school):
    profile = school.profile("Вера Титова")
    school.link(school.titova, profile)
    chat_id = open_subject_chat(school.c7a.id, school.fizika.id)
    substitute(school)
    row = substitutions_of(school.main_school)[0]
    with clock.frozen(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)):
        end_substitution(school.admin, row.public_id, day(24))
        assert profile.id not in members(chat_id)
        assert shown(school) == [("Титова В.", 23, 24, "over")]


def test_one_that_has_not_begun_is_taken_back_and_the_log_remembers(school):
    substitute(school, since=day(25))
    end_substitution(school.admin, substitutions_of(school.main_school)[0].public_id, day(22))
    assert shown(school) == []
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert actions == ["substitution.set", "substitution.ended"]


def test_a_busy_substitute_is_named_and_refused_unless_it_is_meant(school):
    c8a = school.school_class("8А")
    other = school.teaching(school.titova, c8a, school.subject("Химия"))
    school.slot(other, weekday=2, number=2, room="301")
    with pytest.raises(Taken) as refused:
        substitute(school)
    assert refused.value.reasons == ["24 ноября: Титова В. в это время ведёт: Химия, 8А, каб. 301"]
    assert shown(school) == []
    substitute(school, despite=True)
    assert shown(school) == [("Титова В.", 23, 27, "now")]


@pytest.mark.parametrize(
    ("since", "until", "error"),
    [
        (FRIDAY, TODAY, Invalid),
        (day(16), day(20), Invalid),
        (TODAY, dt.date(2028, 1, 1), Invalid),
    ],
)
def test_days_that_cannot_be_are_refused(school, since, until, error):
    with pytest.raises(error):
        substitute(school, since=since, until=until)
    assert shown(school) == []


def test_two_do_not_substitute_on_the_same_day(school):
    substitute(school)
    with pytest.raises(Conflict, match="Титова"):
        substitute(school, school.teacher("Белова Ирина"), since=FRIDAY, until=FRIDAY)
    substitute(school, school.teacher("Белова Инна"), since=day(28), until=day(30))


def test_a_teacher_does_not_substitute_themselves(school):
    with pytest.raises(Invalid):
        substitute(school, school.kim)


def test_an_administrator_of_another_school_reaches_nothing(school):
    stranger = school.administrator("Чужая Елена", school=school.school("Школа № 2"))
    substitute(school)
    row = substitutions_of(school.main_school)[0]
    with pytest.raises(Missing):
        end_substitution(stranger, row.public_id, TODAY)
    with pytest.raises(Missing):
        set_substitution(
            stranger, school.physics.public_id, school.titova.public_id, day(28), day(29)
        )
    assert shown(school) == [("Титова В.", 23, 27, "now")]

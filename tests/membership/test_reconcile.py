"""The tables follow the school: joining, moving, leaving, substitutions, a second school."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.linking.links import Link
from app.membership.lesson_chats import open_subject_chat
from app.membership.new_day import begin_due
from app.membership.reconcile import reconcile, reconcile_person
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Message
from app.messenger.people import ConfirmedRole
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Teaching
from app.school.people import Person, School

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def school(world):
    """7А: class teacher Иванова, teacher Ким, pupil Орлов with his mother."""
    world.anna = world.teacher("Иванова Анна Петровна")
    world.oleg = world.teacher("Ким Олег Ильич")
    world.c7a = world.school_class("7А", teacher=world.anna)
    world.physics = world.subject("Физика")
    world.teaching_line = world.teaching(world.oleg, world.c7a, world.physics)
    world.misha = world.pupil("Орлов Миша", in_=world.c7a)
    world.olga = world.guardian("Орлова Ольга", of=[world.misha])
    with clock.frozen(NOON):
        yield world


def members(title, label="7А"):
    """Full names of the live members of an automatic chat."""
    rows = db.session.scalars(
        select(Member)
        .join(Chat, Chat.id == Member.chat_id)
        .where(Chat.title == title, Chat.label == label, Member.left_at.is_(None))
    )
    return sorted(row.profile.family_name for row in rows)


def change(kind, row_id, **fields):
    with writing() as session:
        row = session.get_one(kind, row_id)
        for name, value in fields.items():
            setattr(row, name, value)


def end_link(person):
    with writing() as session:
        for link in session.scalars(select(Link)):
            if link.account.person_id == person.id:
                link.ended_at = clock.now()


def test_people_enter_at_the_moment_they_link(school):
    for person in (school.anna, school.misha, school.olga):
        school.link(person)
        reconcile_person(person.id)
    assert members("Чат с обучающимися") == ["Иванова", "Орлов"]
    assert members("Чат с родителями") == ["Иванова", "Орлова"]
    assert members("Чат с преподавателями") == ["Иванова"]


def test_running_it_twice_changes_nothing(school):
    school.link(school.anna)
    school.link(school.olga)
    assert reconcile() > 0
    assert reconcile() == 0


def test_unlinking_closes_and_relinking_restores(school):
    link = school.link(school.olga)
    reconcile()
    end_link(school.olga)
    reconcile_person(school.olga.id)
    assert members("Чат с родителями") == []
    change(Link, link.id, ended_at=None)
    reconcile_person(school.olga.id)
    assert members("Чат с родителями") == ["Орлова"]


def test_a_pupil_who_moves_leaves_one_class_and_enters_the_other(school):
    c7b = school.school_class("7Б", teacher=school.oleg)
    for person in (school.misha, school.olga):
        school.link(person)
    reconcile()
    enrolment = db.session.scalars(select(Enrolment)).one()
    change(Enrolment, enrolment.id, ended_on=NOON.date())
    school.enrol(school.misha, c7b)
    reconcile()
    assert (members("Чат с обучающимися"), members("Чат с родителями")) == ([], [])
    assert members("Чат с обучающимися", "7Б") == ["Орлов"]
    assert members("Чат с родителями", "7Б") == ["Орлова"]


def test_a_dismissed_teacher_leaves_every_chat(school):
    school.link(school.oleg)
    reconcile()
    assert members("Чат с преподавателями") == ["Ким"]
    change(Person, school.oleg.id, left_on=NOON.date())
    reconcile()
    assert members("Чат с преподавателями") == []


def test_what_was_said_before_leaving_stays_readable_and_no_further(school):
    anna, olga = school.link(school.anna), school.link(school.olga)
    assert anna.id != olga.id
    reconcile()
    chat = db.session.scalars(select(Chat).where(Chat.title == "Чат с родителями")).one()
    author = db.session.scalars(select(Member).where(Member.chat_id == chat.id)).first().profile
    school.says(author, chat, "до ухода")
    end_link(school.olga)
    reconcile()
    gone = db.session.scalars(
        select(Member).where(Member.chat_id == chat.id, Member.left_at.is_not(None))
    ).one()
    assert gone.left_seq == 1


@pytest.fixture
def substituted(school):
    """Physics of 7А has a chat, and a substitute until 28 November, all linked."""
    vera = school.teacher("Титова Вера")
    school.link(vera)
    school.link(school.oleg)
    open_subject_chat(school.c7a.id, school.physics.id)
    school.substitution(
        school.teaching_line, vera, since=dt.date(2026, 11, 24), until=dt.date(2026, 11, 28)
    )


@pytest.mark.usefixtures("substituted")
def test_a_substitute_enters_the_subject_chat_and_leaves_when_it_ends():
    reconcile()
    assert members("Физика") == ["Ким", "Титова"]
    with clock.frozen(NOON + dt.timedelta(days=5)):
        reconcile()
    assert members("Физика") == ["Ким"]


@pytest.mark.usefixtures("substituted")
def test_at_midnight_of_the_school_a_substitute_leaves():
    begin_due()
    assert members("Физика") == ["Ким", "Титова"]
    midnight = dt.datetime(2026, 11, 28, 21, tzinfo=dt.UTC)  # in Moscow
    with clock.frozen(midnight - dt.timedelta(seconds=1)):
        begin_due()
        assert begin_due() == 0, "once a day"
        assert members("Физика") == ["Ким", "Титова"]
    with clock.frozen(midnight):
        assert begin_due() == 1
    assert members("Физика") == ["Ким"]


def test_opening_a_subject_chat_twice_makes_one(school):
    first = open_subject_chat(school.c7a.id, school.physics.id)
    assert open_subject_chat(school.c7a.id, school.physics.id) == first
    assert db.session.query(Chat).filter_by(title="Физика").count() == 1


def test_a_parent_of_two_classes_sees_the_class_in_the_title(school):
    c3a = school.school_class("3А", teacher=school.oleg)
    dasha = school.pupil("Орлова Даша", in_=c3a)
    school.link(school.olga)
    reconcile()
    shown = select(Member.shows_label).where(Member.left_at.is_(None))
    assert db.session.scalars(shown).all() == [False]
    school.guardianship(school.olga, dasha)
    reconcile_person(school.olga.id)
    assert db.session.scalars(shown).all() == [True, True]


def test_one_profile_in_two_schools_keeps_both_places(school):
    other = school.school("Школа № 2")
    twin = school.teacher("Иванова Анна Петровна", school=other)
    c5 = school.school_class("5А", teacher=twin, school=other)
    profile = school.profile("Анна Иванова")
    school.link(school.anna, profile)
    school.link(twin, profile)
    reconcile()
    assert members("Чат с родителями") == ["Иванова"]
    assert members("Чат с родителями", c5.name) == ["Иванова"]
    end_link(twin)
    reconcile([other.id])
    assert members("Чат с родителями") == ["Иванова"]
    assert members("Чат с родителями", c5.name) == []


def test_roles_are_confirmed_by_linking_and_withdrawn_by_unlinking(school):
    school.link(school.anna)
    reconcile()
    assert [row.role for row in db.session.scalars(select(ConfirmedRole))] == ["teacher"]
    end_link(school.anna)
    reconcile()
    assert db.session.scalars(select(ConfirmedRole)).all() == []


def test_a_class_without_its_teacher_falls_silent_and_returns(school):
    school.link(school.misha)
    reconcile()
    lead = db.session.scalars(select(ClassTeacher)).one()
    change(ClassTeacher, lead.id, ended_on=NOON.date())
    reconcile()
    assert members("Чат с обучающимися") == []
    change(ClassTeacher, lead.id, teacher_id=school.oleg.id, ended_on=None)
    reconcile()
    assert members("Чат с обучающимися") == ["Орлов"]


def test_a_renamed_class_renames_the_label_not_the_title(school):
    school.link(school.anna)
    reconcile()
    chat = db.session.scalars(select(Chat).where(Chat.title == "Чат с родителями")).one()
    change(Chat, chat.id, title="Родители 7А")
    change(SchoolClass, school.c7a.id, name="8А")
    reconcile()
    db.session.refresh(chat)
    assert (chat.title, chat.label) == ("Родители 7А", "8А")


def test_the_staff_chat_follows_the_switch(school):
    school.link(school.oleg)
    change(School, school.main_school.id, has_staff_chat=True)
    reconcile()
    assert members("Педагогический коллектив", "") == ["Ким"]
    change(School, school.main_school.id, has_staff_chat=False)
    reconcile()
    assert members("Педагогический коллектив", "") == []


def test_a_teaching_line_that_ends_takes_its_teacher_away(school):
    school.link(school.oleg)
    reconcile()
    change(Teaching, school.teaching_line.id, ended_on=NOON.date())
    reconcile()
    assert members("Чат с преподавателями") == []


def test_one_link_is_reconciled_by_a_fixed_number_of_queries(school, queries):
    def cost(person):
        school.link(person)
        with queries() as seen:
            reconcile_person(person.id)
        return len(seen)

    few = cost(school.guardian("Первая Мать", of=[school.misha]))
    for number in range(20):
        pupil = school.pupil(f"Ученик{number} Имя", in_=school.c7a)
        school.link(school.guardian(f"Мать{number} Имя", of=[pupil]))
    reconcile()
    assert cost(school.guardian("Вторая Мать", of=[school.misha])) <= few + 2


def told(title, label="7А"):
    """The system's lines in an automatic chat, as data."""
    return db.session.scalars(
        select(Message.notice)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.title == title, Chat.label == label, Message.notice.is_not(None))
        .order_by(Message.seq)
    ).all()


def test_who_links_later_is_told_to_those_who_are_there(school):
    school.link(school.anna)
    reconcile_person(school.anna.id)
    assert told("Чат с родителями") == []
    link = school.link(school.olga)
    reconcile_person(school.olga.id)
    end_link(school.olga)
    reconcile_person(school.olga.id)
    reconcile_person(school.olga.id)
    assert [(one["event"], one["whom"][0]["name"]) for one in told("Чат с родителями")] == [
        ("joined", "Орлова О."),
        ("gone", "Орлова О."),
    ]
    change(Link, link.id, ended_at=None)
    reconcile()
    reconcile()
    assert [one["event"] for one in told("Чат с родителями")] == ["joined", "gone", "joined"]


def test_a_whole_class_that_comes_at_once_is_one_line(school):
    school.link(school.anna)
    reconcile()
    for number in range(20):
        school.link(school.pupil(f"Номеров{number} Олег", in_=school.c7a))
    reconcile()
    [line] = told("Чат с обучающимися")
    assert line["count"] == 20
    assert len(line["whom"]) == 3

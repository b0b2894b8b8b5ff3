"""Who may reach whom follows the school: links, moves, substitutions, leaving."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.linking.links import Link
from app.membership.reconcile import reconcile, reconcile_person
from app.messenger import reach
from app.messenger.circles import CirclePlace
from app.messenger.safety import Act, Verdict
from app.school.classes import ClassKind, Enrolment

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def school(world):
    """7А and 7Б, each with its class teacher, a pupil and a parent; Ким teaches 7А; all linked."""
    world.profiles = {}

    def linked(person):
        world.profiles[person.family_name] = world.profile(
            f"{person.given_name} {person.family_name}"
        )
        world.link(person, world.profiles[person.family_name])
        return person

    world.anna = linked(world.teacher("Иванова Анна"))
    world.oleg = linked(world.teacher("Ким Олег"))
    world.vera = linked(world.teacher("Лис Вера"))
    world.c7a = world.school_class("7А", teacher=world.anna)
    world.c7b = world.school_class("7Б", teacher=world.vera)
    world.line = world.teaching(world.oleg, world.c7a, world.subject("Физика"))
    world.misha = linked(world.pupil("Орлов Миша", in_=world.c7a))
    world.petya = linked(world.pupil("Петров Петя", in_=world.c7a))
    world.dasha = linked(world.pupil("Сомова Даша", in_=world.c7b))
    world.olga = linked(world.guardian("Орлова Ольга", of=[world.misha]))
    world.nina = linked(world.guardian("Петрова Нина", of=[world.petya]))
    world.zoya = linked(world.guardian("Сомова-Мать Зоя", of=[world.dasha]))
    with clock.frozen(NOON):
        reconcile()
        yield world


def reached(school, name, act=Act.DIRECT):
    ids = reach.reachable(school.profiles[name].id, act)
    return sorted(name for name, profile in school.profiles.items() if profile.id in ids)


def may(school, one, other, act=Act.DIRECT):
    return reach.may(school.profiles[one].id, school.profiles[other].id, act)


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("Орлов", ["Иванова", "Ким", "Орлова", "Петров"]),
        ("Сомова", ["Лис", "Сомова-Мать"]),
        ("Орлова", ["Иванова", "Ким", "Орлов", "Петрова"]),
        ("Ким", ["Иванова", "Лис", "Орлов", "Орлова", "Петров", "Петрова"]),
        ("Лис", ["Иванова", "Ким", "Сомова", "Сомова-Мать"]),
    ],
)
def test_whom_each_may_write_to(school, who, whom):
    assert reached(school, who) == whom


def test_staff_gather_the_whole_school_and_others_do_not(school):
    everybody = sorted(set(school.profiles) - {"Лис"})
    assert reached(school, "Лис", Act.ADD) == everybody
    assert reached(school, "Орлов", Act.ADD) == ["Иванова", "Ким", "Орлова", "Петров"]


def test_the_reason_says_whether_they_know_each_other(school):
    assert may(school, "Орлов", "Сомова") is Verdict.STRANGER
    assert may(school, "Лис", "Орлов") is Verdict.NOT_THIS
    assert may(school, "Ким", "Орлов") is Verdict.YES
    assert may(school, "Ким", "Ким") is Verdict.NOT_THIS


def test_a_move_to_another_class_changes_whom_one_reaches(school):
    with writing() as session:
        row = session.scalars(select(Enrolment).where(Enrolment.pupil_id == school.misha.id)).one()
        row.class_id = school.c7b.id
    reconcile()
    assert reached(school, "Орлов") == ["Лис", "Орлова", "Сомова"]
    assert reached(school, "Орлова") == ["Лис", "Орлов", "Сомова-Мать"]


def test_a_substitute_reaches_the_class_while_the_substitution_lasts(school):
    school.substitution(school.line, school.vera, since=NOON.date(), until=NOON.date())
    reconcile()
    assert may(school, "Лис", "Орлов")
    with clock.frozen(NOON + dt.timedelta(days=1)):
        reconcile()
    assert may(school, "Лис", "Орлов") is Verdict.NOT_THIS


def test_unlinking_takes_somebody_out_at_once_and_linking_brings_back(school):
    with writing() as session:
        link = session.scalars(
            select(Link).where(Link.subject == school.profiles["Орлова"].public_id)
        ).one()
        link.ended_at = clock.now()
    reconcile_person(school.olga.id)
    assert reached(school, "Орлова") == []
    assert "Орлова" not in reached(school, "Ким")
    school.link(school.olga, school.profiles["Орлова"], account=link.account)
    reconcile_person(school.olga.id)
    assert reached(school, "Орлова") == ["Иванова", "Ким", "Орлов", "Петрова"]


def test_one_persons_reconciliation_leaves_other_classes_alone(school):
    before = db.session.scalars(select(CirclePlace.id).order_by(CirclePlace.id)).all()
    reconcile_person(school.dasha.id)
    reconcile_person(school.oleg.id)
    assert db.session.scalars(select(CirclePlace.id).order_by(CirclePlace.id)).all() == before


def test_a_group_joins_its_teacher_with_pupils_and_not_pupils_with_each_other(school):
    group = school.school_class("Английский, 1-я группа", kind=ClassKind.GROUP)
    school.teaching(school.vera, group, school.subject("Английский язык"))
    for pupil in (school.misha, school.dasha):
        school.enrol(pupil, group)
    reconcile()
    assert may(school, "Лис", "Орлов")
    assert may(school, "Орлов", "Сомова") is Verdict.STRANGER


def test_another_school_is_another_world(school):
    other = school.school("Школа № 2")
    mark = school.teacher("Марков Марк", school=other)
    profile = school.profile("Марк Марков")
    school.link(mark, profile)
    reconcile()
    assert reach.may(profile.id, school.profiles["Ким"].id, Act.FIND) is Verdict.STRANGER


def test_people_are_found_by_the_beginning_of_any_part_of_the_name(school):
    def found(search):
        people = reach.acquaintances(school.profiles["Лис"].id, Act.FIND, search)
        return [person.family_first for person in people]

    assert found("орл") == ["Орлов Миша", "Орлова Ольга"]
    assert found("ольга ОРЛ") == ["Орлова Ольга"]
    assert found("мать") == ["Сомова-Мать Зоя"]
    assert found("рлов") == []


def test_a_found_person_has_a_role_and_the_shared_classes(school):
    people = reach.acquaintances(school.profiles["Орлов"].id, Act.DIRECT, "Ким")
    assert [(person.roles, person.labels) for person in people] == [(("teacher",), ("7А",))]


def test_searching_people_takes_three_queries_whatever_the_school(school, queries):
    vera = school.profiles["Лис"].id
    with queries() as seen:
        reach.acquaintances(vera, Act.FIND)
    assert len(seen) == 3

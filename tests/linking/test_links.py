"""Questions about links that other rooms ask."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from app.core.transaction import writing
from app.linking.account_card import card_of
from app.linking.links import Link, active_link, linked_people, links_of_school
from app.school.people import Role
from tests.messenger.counting import counted


def test_who_of_these_people_is_linked_takes_one_query(world):
    anna, boris, vera = (world.teacher(name) for name in ("А А", "Б Б", "В В"))
    profile = world.profile()
    world.link(anna, profile)
    world.link(vera)
    with counted() as queries:
        assert linked_people([anna.id, boris.id]) == {anna.id: profile.public_id}
    assert len(queries) == 1
    assert linked_people([]) == {}


def test_links_of_a_school_are_its_own_and_active(world):
    profile = world.profile()
    here, gone = world.teacher("А А"), world.teacher("Б Б")
    there = world.teacher("А А", school=world.school("Школа № 2"))
    world.link(here, profile)
    world.link(there, profile)
    ended = world.link(gone)
    with writing():
        ended.ended_at = ended.linked_at
    with counted() as queries:
        assert links_of_school(here.school_id) == {here.id: profile.public_id}
    assert len(queries) == 1
    assert active_link(ended.account_id) is None


@pytest.mark.parametrize("other_person", [True, False])
def test_the_database_itself_refuses_a_second_active_link(world, other_person):
    profile, person = world.profile(), world.teacher("А А")
    first = world.link(person, profile)
    with pytest.raises(IntegrityError):
        if other_person:
            world.link(world.teacher("Б Б"), profile)
        else:
            world.link(person, world.profile(), account=first.account)
    assert db.session.query(Link).count() == 1


def test_the_card_names_role_and_place(world):
    school_class = world.school_class("7А", teacher=world.teacher("Иванова Анна Петровна"))
    misha = world.pupil("Иванов Миша", in_=school_class)
    guardian = world.guardian("Иванова Ольга", of=[misha])
    both = world.person("Борисов Пётр", Role.TEACHER, Role.ADMINISTRATOR)
    cards = [card_of(person) for person in (misha, guardian, both)]
    assert [(card.name, card.role, card.place) for card in cards] == [
        ("Иванов Миша", "обучающийся", "7А, Школа № 1"),
        ("Иванова Ольга", "родитель", "Иванов Миша, 7А, Школа № 1"),
        ("Борисов Пётр", "администратор школы, преподаватель", "Школа № 1"),
    ]

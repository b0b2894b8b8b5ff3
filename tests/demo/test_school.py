"""The demo school: who is in it, and that it is the same whenever it is loaded."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core.db import db
from app.demo.links_story import LINKED_LOGINS, UNLINKED_LOGINS
from app.demo.personas import PERSONAS
from app.identity.profiles import Profile
from app.linking.links import Link
from app.messenger.chats.models import Chat
from app.messenger.messages.models import Message
from app.school.accounts import Account
from app.school.classes import SchoolClass, Subject, Teaching
from app.school.marks import Mark
from app.school.people import Person, PersonRole, Role
from tests.demo.demo_school import ZONE, count, demo_site


def people_of(role):
    return count(PersonRole, PersonRole.role == role)


def test_the_school_has_the_promised_people(demo):
    assert people_of(Role.TEACHER) == 25
    assert count(SchoolClass) == 12
    assert people_of(Role.PUPIL) == 300
    assert 415 <= people_of(Role.GUARDIAN) <= 425
    assert people_of(Role.ADMINISTRATOR) == 1
    full = select(Person.family_name, Person.given_name, Person.patronymic)
    assert len(set(db.session.execute(full).all())) > 0.97 * count(Person)


def test_everybody_has_a_believable_name(demo):
    for person in db.session.scalars(select(Person)):
        is_she = person.patronymic.endswith("вна")
        assert is_she or person.patronymic.endswith("ич"), person.full_name
        if person.family_name.endswith(("ов", "ев", "ёв", "ин", "ова", "ева", "ёва", "ина")):
            assert person.family_name.endswith("а") is is_she, person.full_name


def test_personas_stand_where_their_hints_say(demo):
    rows = dict(
        db.session.execute(
            select(Account.login, Link.id)
            .join(Link, Link.account_id == Account.id, isouter=True)
            .where(Account.login.in_([persona.login for persona in PERSONAS]))
        ).all()
    )
    assert {login for login, link in rows.items() if link} == set(LINKED_LOGINS)
    assert {login for login, link in rows.items() if not link} == UNLINKED_LOGINS - {"dasha"}
    names = {persona.login: persona.name for persona in PERSONAS}
    for account in db.session.scalars(select(Account).where(Account.login.in_(names))):
        assert account.person.full_name == names[account.login]


# -- twice the same ---------------------------------------------------------------------------
def told():
    """All that a visitor can see of the demo, without ids."""
    lines = db.session.execute(
        select(SchoolClass.name, Subject.name, Person.family_name, Person.given_name)
        .select_from(Teaching)
        .join(SchoolClass, SchoolClass.id == Teaching.class_id)
        .join(Subject, Subject.id == Teaching.subject_id)
        .join(Person, Person.id == Teaching.teacher_id)
        .order_by(Teaching.id)
    )
    said = db.session.execute(
        select(Chat.title, Chat.label, Message.text, Message.created_at, Profile.family_name)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Profile, Profile.id == Message.author_id)
    )
    marks = db.session.execute(
        select(Mark.pupil_id, Mark.teaching_id, Mark.date, Mark.value).order_by(Mark.id)
    )
    people = db.session.execute(select(Person.family_name, Person.given_name).order_by(Person.id))
    ordered = sorted(tuple(map(str, row)) for row in said)  # ids of chats come as they come
    return [*people, *lines, *ordered, *marks]


def test_the_same_moment_makes_the_same_school(demo, tmp_path):
    first = told()
    with demo_site(tmp_path).app_context():
        second = told()
        db.session.remove()
    assert len(first) > 30_000
    assert first == second


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 8, 15, 12, 0, tzinfo=ZONE),
        dt.datetime(2026, 9, 1, 7, 0, tzinfo=ZONE),
    ],
)
def test_a_school_without_a_mark_yet_is_loaded_too(tmp_path, moment):
    with demo_site(tmp_path, moment).app_context():
        assert count(Mark) == 0
        assert count(Message) > 500
        db.session.remove()

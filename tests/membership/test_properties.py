"""For random schools and changes, the tables equal the rules, twice is once, order is nothing.

The model is written again here, plainly, from the sentences of FLOWS 4.
"""

import copy
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.linking.links import Link
from app.membership.models import Seat
from app.membership.plan import ActualChat, diff
from app.membership.reconcile import reconcile, reconcile_person
from app.membership.rules import ClassView, SchoolView, TeachingView, wanted
from app.messenger.chats.models import Chat, Member
from app.school.classes import Enrolment
from app.school.people import Person

PEOPLE = st.integers(1, 12)
CLASSES = st.integers(1, 3)


@st.composite
def views(draw):
    """A small school: anybody may be anything, several things at once too."""
    here = draw(st.sets(PEOPLE, min_size=1))

    def some():
        return tuple(sorted(draw(st.sets(PEOPLE, max_size=4)) & here))

    classes = tuple(
        ClassView(number, f"c{number}", f"{number}А", draw(st.booleans()), some(), some())
        for number in range(1, draw(CLASSES) + 1)
    )
    teachings = tuple(
        TeachingView(row.id, "s1", "Физика", draw(st.sampled_from(sorted(here))))
        for row in classes
        if draw(st.booleans())
    )
    return SchoolView(
        key="s",
        names={person: f"Имя {person}" for person in here},
        classes=classes,
        guardians={person: some() for person in here},
        teachings=teachings,
        staff=frozenset(some()),
        has_staff_chat=draw(st.booleans()),
        opened_subjects=frozenset(
            f"subject:{row.key}:s1" for row in classes if draw(st.booleans())
        ),
    )


def model(view):
    """Who should sit where, as the sentences say it."""
    chats = {}
    for row in view.classes:
        teachers = {line.teacher for line in view.teachings if line.class_id == row.id}
        parents = {g for pupil in row.pupils for g in view.guardians[pupil]}
        if row.is_homeroom and row.leaders:
            chats[f"class:{row.key}:pupils"] = {*row.leaders, *row.pupils}
            chats[f"class:{row.key}:parents"] = {*row.leaders, *parents}
            chats[f"class:{row.key}:teachers"] = {*row.leaders, *teachers}
        if teachers and f"subject:{row.key}:s1" in view.opened_subjects:
            chats[f"subject:{row.key}:s1"] = {*teachers, *row.pupils, *parents}
    if view.has_staff_chat:
        chats["school:s:staff"] = set(view.staff)
    return chats


def applied(stored, changes):
    """What the tables hold after the changes: a plain reading of a plan."""
    stored = copy.deepcopy(stored)
    for change in changes:
        chat = stored.setdefault(change.key, ActualChat("", ""))
        if change.created:
            chat.title, chat.label = change.created
        if change.label is not None:
            chat.label = change.label
        for person in change.vacated:
            del chat.seats[person]
        for profile in change.left:
            del chat.members[profile]
        chat.seats |= change.seats
        chat.members |= change.members
    return stored


@given(views())
@settings(max_examples=300, deadline=None)
def test_seats_are_as_the_sentences_say(view):
    assert {key: set(chat.seats) for key, chat in wanted(view).items()} == model(view)


@given(views(), views(), st.dictionaries(PEOPLE, st.integers(100, 105)))
@settings(max_examples=300, deadline=None)
def test_a_plan_makes_the_tables_equal_the_rules_and_then_is_empty(before, after, profiles):
    stored = applied({}, diff(wanted(before), {}, profiles))
    changes = diff(wanted(after), stored, profiles)
    stored = applied(stored, changes)
    for key, chat in stored.items():
        seats = model(after).get(key, set())
        assert set(chat.seats) == seats
        assert set(chat.members) == {profiles[p] for p in seats if p in profiles}
    assert diff(wanted(after), stored, profiles) == []


# -- the same against the real tables --------------------------------------------------------

ACTIONS = st.lists(
    st.tuples(st.sampled_from(("link", "unlink", "move", "leave", "return")), st.integers(0, 5)),
    max_size=6,
)


def build(world):
    """Two classes, six people, each a pupil, a parent or a teacher of one of them."""
    anna = world.teacher("Иванова Анна")
    world.classes = [world.school_class(name, teacher=anna) for name in ("1А", "2А")]
    pupils = [world.pupil(f"Ученик{n} Имя", in_=world.classes[n]) for n in range(2)]
    parents = [world.guardian(f"Родитель{n} Имя", of=[pupils[n]]) for n in range(2)]
    oleg = world.teacher("Ким Олег")
    world.teaching(oleg, world.classes[0], world.subject("Физика"))
    world.people = [anna, *pupils, *parents, oleg]
    world.accounts = [world.account(person) for person in world.people]
    world.profiles = [world.profile(f"Имя{n} Фамилия") for n in range(6)]


def perform(world, action, number):
    person = world.people[number]
    with writing() as session:
        links = session.scalars(
            select(Link).where(Link.account_id == world.accounts[number].id)
        ).all()
        live = [link for link in links if link.ended_at is None]
        if action == "unlink":
            for link in live:
                link.ended_at = clock.now()
        elif action in ("leave", "return"):
            row = session.get_one(Person, person.id)
            row.left_on = dt.date(2026, 11, 1) if action == "leave" else None
        elif action == "move":
            for enrolment in session.scalars(select(Enrolment).filter_by(pupil_id=person.id)):
                other = {world.classes[0].id: 1, world.classes[1].id: 0}[enrolment.class_id]
                enrolment.class_id = world.classes[other].id
    if action == "link" and not live:
        world.link(person, world.profiles[number], account=world.accounts[number])


def table():
    """Seats and live members as plain values."""
    chats = {chat.id: chat.auto_key for chat in db.session.scalars(select(Chat))}
    seats = {
        (chats[row.chat_id], row.person_id, str(row.reasons))
        for row in db.session.scalars(select(Seat))
    }
    members = {
        (chats[row.chat_id], row.profile_id, row.role, row.shows_label)
        for row in db.session.scalars(select(Member).where(Member.left_at.is_(None)))
    }
    return seats, members


def wipe():
    with writing() as session:
        for kind in (Member, Seat, Chat):
            session.execute(db.delete(kind))


@pytest.mark.parametrize("batch", range(3))
@given(actions=ACTIONS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_events_in_any_order_end_in_the_table_made_from_nothing(world, batch, actions):
    if not hasattr(world, "people"):
        build(world)
    for action, number in actions:
        perform(world, action, number)
        reconcile_person(world.people[number].id)
    reconcile()
    stepwise = table()
    assert reconcile() == 0
    wipe()
    reconcile()
    assert table() == stepwise

"""Who begins a call where; twice at once is once."""

import threading

import pytest
from sqlalchemy import delete, func, select

from app.core.db import db
from app.core.errors import Denied, Missing, TooMany
from app.core.pace import Pace
from app.core.transaction import writing
from app.messenger.calls import starting
from app.messenger.calls.ending import end_call, sweep
from app.messenger.calls.lookup import live_call
from app.messenger.calls.models import Call
from app.messenger.calls.starting import may_start, start_call
from app.messenger.chats import rights
from app.messenger.chats.listing import row_of
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import Action, ChatKind, Circle, MemberRole
from app.messenger.circles import CirclePlace
from app.messenger.messages.models import Message
from app.messenger.messages.notice_words import notice_sentence
from app.messenger.messages.notices import notice_from
from app.messenger.safety import CircleKind, Place

OWN = rights.CLOSED | {Action.START_CALL: Circle.ADMINISTRATORS}
CREATOR, ADMINISTRATOR, MEMBER = (
    MemberRole.CREATOR,
    MemberRole.ADMINISTRATOR,
    MemberRole.MEMBER,
)


def told_in(chat):
    rows = db.session.scalars(
        select(Message).where(Message.chat_id == chat.id).order_by(Message.seq)
    )
    return [notice_sentence(notice_from(row.notice)) for row in rows if row.notice]


@pytest.mark.parametrize("role", [CREATOR, ADMINISTRATOR, MEMBER])
@pytest.mark.parametrize(
    ("kind", "permissions", "who"),
    [
        (ChatKind.MANUAL, rights.ORDINARY, {CREATOR, ADMINISTRATOR, MEMBER}),
        (ChatKind.MANUAL, rights.CLOSED, {CREATOR}),
        (ChatKind.MANUAL, OWN, {CREATOR, ADMINISTRATOR}),
        (ChatKind.AUTO, {}, {CREATOR, ADMINISTRATOR}),
    ],
)
def test_who_may_begin_is_a_setting_of_the_chat(world, anna, role, kind, permissions, who):
    with writing() as session:
        chat = Chat(
            kind=kind,
            title="Чат",
            permissions={str(key): str(value) for key, value in permissions.items()},
        )
        session.add(chat)
    world.join(anna, chat, role=role)
    if role in who:
        assert may_start(chats_of(anna.id).get(chat.public_id))
        assert live_call(chat.id) is None
        assert start_call(anna.id, chat.public_id) == live_call(chat.id).public_id
    else:
        assert not may_start(chats_of(anna.id).get(chat.public_id))
        with pytest.raises(Denied):
            start_call(anna.id, chat.public_id)
        assert live_call(chat.id) is None


def test_the_second_one_finds_the_first_call_and_nothing_is_told_twice(anna, boris, chat):
    call = start_call(anna.id, chat.public_id)
    assert start_call(anna.id, chat.public_id) == call
    assert start_call(boris.id, chat.public_id) == call  # joining needs no right of its own
    assert told_in(chat) == ["\u2068Иванова А.\u2069 начала звонок"]


def test_after_its_end_another_one_begins(anna, chat):
    first = start_call(anna.id, chat.public_id)
    end_call(anna.id, first)
    assert live_call(chat.id) is None
    assert start_call(anna.id, chat.public_id) != first
    assert told_in(chat)[1].startswith("Звонок завершён, длился")


def test_eight_at_once_begin_one_call(app, anna, chat):
    profile_id, public_id, chat_id = anna.id, chat.public_id, chat.id
    calls, at_once = [], threading.Barrier(8)

    def begin():
        with app.app_context():
            at_once.wait()
            calls.append(start_call(profile_id, public_id))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()  # what was read before is read anew
    assert len(calls) == 8
    assert len(set(calls)) == 1
    assert db.session.scalar(select(func.count(Call.id)).where(Call.chat_id == chat_id)) == 1


def test_strangers_find_no_chat_and_ex_members_may_not(world, anna, boris, chat):
    with pytest.raises(Missing):
        start_call(world.profile("Чужой Человек").id, chat.public_id)
    call = start_call(anna.id, chat.public_id)
    world.leave(boris, chat)
    with pytest.raises(Denied):
        start_call(boris.id, chat.public_id)
    assert live_call(chat.id).public_id == call


def test_who_begins_again_and_again_must_wait(monkeypatch, anna, chat):
    monkeypatch.setattr(starting, "NEW", Pace(burst=2, per_second=0.001))
    for _ in range(2):
        end_call(anna.id, start_call(anna.id, chat.public_id))
    with pytest.raises(TooMany):
        start_call(anna.id, chat.public_id)
    assert live_call(chat.id) is None


def test_the_list_says_that_a_call_goes_on_to_those_who_are_in(world, anna, boris, chat):
    assert not row_of(anna.id, chat.public_id).has_call
    call = start_call(anna.id, chat.public_id)
    world.leave(boris, chat)
    assert row_of(anna.id, chat.public_id).has_call
    assert not row_of(boris.id, chat.public_id).has_call
    end_call(anna.id, call)
    assert not row_of(anna.id, chat.public_id).has_call


def meet(one, place, other, other_place):
    with writing() as session:
        for profile, where in ((one, place), (other, other_place)):
            session.add(
                CirclePlace(
                    circle="class:7a",
                    school_key="school-1",
                    kind=CircleKind.CLASS,
                    profile_id=profile.id,
                    place=where,
                    label="7А",
                )
            )


@pytest.mark.parametrize(
    ("mine", "theirs", "may"),
    [
        (Place.PUPIL, Place.PUPIL, True),
        (Place.PUPIL, Place.LEADER, True),
        (Place.TEACHER, Place.GUARDIAN, True),
        (Place.TEACHER, Place.PUPIL, False),
        (Place.PUPIL, Place.TEACHER, False),
    ],
)
def test_two_people_call_each_other_by_the_table_of_safety(world, anna, boris, mine, theirs, may):
    meet(anna, mine, boris, theirs)
    low, high = sorted((anna.id, boris.id))
    with writing() as session:
        chat = Chat(kind=ChatKind.DIRECT, title="", pair_low_id=low, pair_high_id=high)
        session.add(chat)
    for profile in (anna, boris):
        world.join(profile, chat)
    own = chats_of(anna.id).get(chat.public_id)
    assert may_start(own) is may
    if may:
        assert start_call(anna.id, chat.public_id)
        assert sweep(lambda window: True) == 1
        with writing() as session:
            session.execute(delete(CirclePlace))
        assert sweep(lambda window: True) == 0  # they meet no more: the call is over
    else:
        with pytest.raises(Denied):
            start_call(anna.id, chat.public_id)
        assert live_call(chat.id) is None

"""Who is in a call, how it is left, and how it ends by itself."""

import datetime as dt

import pytest

from app.core import clock
from app.core.errors import Conflict, Denied, Missing
from app.core.transaction import publish, writing
from app.messenger.calls import seats
from app.messenger.calls.ending import GRACE, UNENTERED, end_call, sweep
from app.messenger.calls.lookup import calls_of, live_call, shown_length
from app.messenger.calls.mesh import CAPACITY
from app.messenger.calls.models import Call
from app.messenger.calls.seats import Shown, people_of
from app.messenger.calls.starting import start_call
from app.messenger.chats.models import Chat, Frozen
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.facts import ChatChanged, DirectChanged

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def call(anna, chat):
    return start_call(anna.id, chat.public_id)


def names(call, profile):
    return [one.name for one in people_of(calls_of(profile.id).get(call).id)]


def test_people_come_in_and_go_and_the_last_one_ends_the_call(anna, boris, chat, call):
    seats.enter(anna.id, call, "w1")
    seats.enter(boris.id, call, "w2")
    assert names(call, anna) == ["Анна Иванова", "Борис Петров"]
    assert live_call(chat.id).people == 2
    seats.leave(anna.id, call, "w1")
    assert names(call, boris) == ["Борис Петров"]
    seats.leave(boris.id, call, "w2")
    assert live_call(chat.id) is None
    with pytest.raises(Conflict, match="Звонок завершён"):
        seats.enter(anna.id, call, "w1")


def test_a_mesh_holds_four_and_the_fifth_reads_that_it_is_full(world, anna, chat, call):
    seats.enter(anna.id, call, "w0")
    for number in range(1, CAPACITY):
        profile = world.profile(f"Ученик Номер{number}")
        world.join(profile, chat)
        seats.enter(profile.id, call, f"w{number}")
    late = world.profile("Опоздавший Человек")
    world.join(late, chat)
    with pytest.raises(Conflict, match="Звонок заполнен"):
        seats.enter(late.id, call, "late")
    seats.enter(anna.id, call, "another window of who is in")
    seats.leave(anna.id, call, "another window of who is in")
    seats.enter(late.id, call, "late")
    assert live_call(chat.id).people == CAPACITY


def test_the_same_page_comes_back_to_its_seat_another_tab_takes_it_over(anna, boris, call):
    key = seats.enter(anna.id, call, "w1")
    assert seats.enter(anna.id, call, "w2", key=key) == key
    seats.leave(anna.id, call, "w1")  # the old window has nothing to leave
    assert names(call, anna) == ["Анна Иванова"]
    assert seats.enter(anna.id, call, "w3") != key
    other = seats.enter(boris.id, call, "w4")
    with pytest.raises(Missing):
        seats.way_to(anna.id, call, "w2", other)
    assert seats.way_to(anna.id, call, "w3", other).window == "w4"


def test_a_signal_reaches_people_of_the_same_call_only(world, anna, boris, vera, chat, call):
    mine, theirs = seats.enter(anna.id, call, "w1"), seats.enter(boris.id, call, "w2")
    way = seats.way_to(anna.id, call, "w1", theirs)
    assert (way.sender, way.window) == (mine, "w2")
    for nobody in (mine, "no-such-seat", ""):
        with pytest.raises(Missing):
            seats.way_to(anna.id, call, "w1", nobody)
    with pytest.raises(Missing):  # in the chat, not in the call
        seats.way_to(vera.id, call, "w3", theirs)
    elsewhere = world.chat("Другой чат", vera)
    world.join(anna, elsewhere, role=MemberRole.ADMINISTRATOR)
    other_call = start_call(anna.id, elsewhere.public_id)
    far = seats.enter(vera.id, other_call, "w4")
    with pytest.raises(Missing):
        seats.way_to(anna.id, call, "w1", far)
    seats.leave(boris.id, call, "w2")
    with pytest.raises(Missing):
        seats.way_to(anna.id, call, "w1", theirs)


def test_strangers_find_no_call(world, anna, call):
    stranger = world.profile("Чужой Человек")
    for attempt in (
        lambda: seats.enter(stranger.id, call, "w9"),
        lambda: seats.leave(stranger.id, call, "w9"),
        lambda: seats.show(stranger.id, call, "w9", Shown()),
        lambda: end_call(stranger.id, call),
        lambda: seats.enter(anna.id, "no-such-call", "w9"),
    ):
        with pytest.raises(Missing):
            attempt()


def test_who_leaves_the_chat_is_out_of_its_call_and_stays_out(world, anna, boris, chat, call):
    seats.enter(anna.id, call, "w1")
    theirs = seats.enter(boris.id, call, "w2")
    world.leave(boris, chat)
    assert names(call, anna) == ["Анна Иванова"]
    with pytest.raises(Missing):
        seats.way_to(anna.id, call, "w1", theirs)
    for attempt in (
        lambda: seats.enter(boris.id, call, "w2"),
        lambda: seats.way_to(boris.id, call, "w2", "any"),
        lambda: seats.show(boris.id, call, "w2", Shown(mic=True)),
    ):
        with pytest.raises(Denied):
            attempt()
    world.leave(anna, chat)
    assert live_call(chat.id) is None


@pytest.mark.parametrize(
    ("who", "may"), [("starter", True), ("leader", True), ("member", False), ("left", False)]
)
def test_ending_for_all_is_for_the_starter_and_the_leaders(world, anna, boris, vera, who, may):
    chat = world.chat("Кружок", boris, kind=ChatKind.MANUAL)
    with writing():
        chat.permissions = {"start_call": "everyone"}
    world.join(anna, chat, role=MemberRole.CREATOR)
    world.join(vera, chat)
    call = start_call(boris.id, chat.public_id)
    seats.enter(vera.id, call, "w1")
    asker = {"starter": boris, "leader": anna, "member": vera, "left": boris}[who]
    if who == "left":
        world.leave(boris, chat)
    if may:
        assert calls_of(asker.id).get(call).may_end
        end_call(asker.id, call)
        end_call(asker.id, call)  # twice is once
        assert live_call(chat.id) is None
    else:
        assert not calls_of(asker.id).get(call).may_end
        with pytest.raises(Denied):
            end_call(asker.id, call)
        assert live_call(chat.id) is not None


def test_a_lost_window_may_come_back_for_a_while(anna, boris, chat):
    with clock.frozen(NOON):
        call = start_call(anna.id, chat.public_id)
        key = seats.enter(anna.id, call, "w1")
        seats.enter(boris.id, call, "w2")
        seats.lose("w1", for_good=False)
    with clock.frozen(NOON + GRACE - dt.timedelta(seconds=1)):
        assert sweep(lambda window: True) == 1
        assert [one.is_away for one in people_of(calls_of(anna.id).get(call).id)] == [True, False]
        assert seats.enter(anna.id, call, "w3", key=key) == key
        assert not any(one.is_away for one in people_of(calls_of(anna.id).get(call).id))
        seats.lose("w3", for_good=False)
    with clock.frozen(NOON + 3 * GRACE):
        sweep(lambda window: True)
    assert names(call, boris) == ["Борис Петров"]


def test_what_a_crash_left_behind_ends_by_itself(anna, boris, chat):
    with clock.frozen(NOON):
        call = start_call(anna.id, chat.public_id)
        for profile, window in ((anna, "w1"), (boris, "w2")):
            seats.enter(profile.id, call, window)
        assert sweep(lambda window: False) == 1  # found lost now
    with clock.frozen(NOON + GRACE):
        assert sweep(lambda window: False) == 0
    assert live_call(chat.id) is None


def test_a_closed_page_leaves_at_once(anna, chat, call):
    seats.enter(anna.id, call, "w1")
    seats.lose("another", for_good=True)
    assert live_call(chat.id).people == 1
    seats.lose("w1", for_good=True)
    assert live_call(chat.id) is None


def test_a_call_that_nobody_enters_waits_some_minutes(anna, chat):
    with clock.frozen(NOON):
        start_call(anna.id, chat.public_id)
    with clock.frozen(NOON + UNENTERED - dt.timedelta(seconds=1)):
        assert sweep(lambda window: True) == 1
    with clock.frozen(NOON + UNENTERED):
        assert sweep(lambda window: True) == 0


@pytest.mark.parametrize("what", ["archived", "frozen"])
def test_a_chat_that_is_only_read_has_no_call(world, anna, boris, what):
    chat = world.chat("", anna, boris, kind=ChatKind.DIRECT if what == "frozen" else ChatKind.AUTO)
    with writing() as session:
        session.add(Call(chat_id=chat.id, started_by_id=anna.id))
    with writing() as session:
        row = session.get_one(Chat, chat.id)
        if what == "frozen":
            row.frozen = Frozen.APART
            publish(DirectChanged(chat.id, (anna.id, boris.id)))
        else:
            row.archived_at = clock.now()
            publish(ChatChanged(chat.id))
    assert live_call(chat.id) is None


def test_what_is_switched_on_is_seen_by_the_others(anna, boris, call):
    seats.enter(anna.id, call, "w1")
    seats.show(anna.id, call, "w1", Shown(mic=True, hand=True))
    [one] = people_of(calls_of(anna.id).get(call).id)
    assert one.shown == Shown(mic=True, hand=True)
    seats.leave(anna.id, call, "w1")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (65, "1:05"), (725, "12:05"), (3727, "1:02:07")]
)
def test_a_length_reads_the_same_in_every_language(seconds, words):
    assert shown_length(seconds) == words

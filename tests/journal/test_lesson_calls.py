"""From a distance lesson in the journal to its call: the first launch makes the subject chat."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.errors import Denied
from app.identity.profiles import Profile
from app.linking import unlinking
from app.linking.links import active_link
from app.membership.lesson_chats import launch_call
from app.messenger.calls import seats
from app.messenger.calls.ending import end_call
from app.messenger.calls.lookup import live_call
from app.messenger.calls.models import Call
from app.messenger.calls.starting import start_call
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Message
from app.school.accounts import Account
from app.school.signing_in import hash_password

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = dt.date(2026, 11, 24)
PASSWORD = "a long password"


def at(hour, minute):
    return dt.datetime(2026, 11, 24, hour, minute, tzinfo=MOSCOW)


@pytest.fixture
def lesson(world):
    """Physics in 7А at 9:30, distance. Dasha's family and Petya's are not linked."""
    world.kim, world.titova = world.teacher("Ким Олег"), world.teacher("Титова Вера")
    world.c7a = world.school_class("7А", teacher=world.titova)
    world.fizika = world.subject("Физика")
    world.physics = world.teaching(world.kim, world.c7a, world.fizika)
    world.slot(world.physics, weekday=2, number=2)
    world.misha = world.pupil("Орлов Миша", in_=world.c7a)
    world.olga = world.guardian("Орлова Ольга", of=[world.misha])
    world.petya = world.pupil("Белов Петя", in_=world.c7a)
    world.dasha = world.pupil("Котова Даша", in_=world.school_class("8А"))
    hashed = hash_password(PASSWORD)
    for name in ("kim", "titova", "misha", "olga", "petya", "dasha"):
        account = world.account(getattr(world, name), login=name, password_hash=hashed)
        if name != "petya":
            world.link(getattr(world, name), account=account)
    world.change = world.lesson_change(
        world.physics, planned_on=DAY, planned_number=2, date=DAY, number=2, is_distance=True
    )
    with clock.frozen(at(9, 20)):
        yield world


@pytest.fixture
def entered(browser):
    def enter(login):
        account = db.session.query(Account).filter_by(login=login).one()
        return browser().signs_in(account, PASSWORD)

    return enter


@pytest.fixture
def door(lesson):
    return f"/timetable/calls/{lesson.change.public_id}"


def link_of(world, name):
    return active_link(db.session.query(Account).filter_by(login=name).one().id)


def subject_chats():
    db.session.rollback()
    return db.session.scalars(select(Chat).where(Chat.auto_key.startswith("subject:"))).all()


def test_the_first_launch_makes_the_chat_with_its_people_and_the_call(lesson, entered, door):
    assert subject_chats() == []
    answer = entered("kim").post(door)
    [chat] = subject_chats()
    assert (chat.title, chat.label) == ("Физика", "7А")
    live = live_call(chat.id)
    assert answer.status_code == 303
    assert f"next=/im/calls/{live.public_id}&" in answer.location
    assert f"profile={link_of(lesson, 'kim').subject}" in answer.location
    members = {
        member.profile.family_name
        for member in db.session.scalars(select(Member).where(Member.chat_id == chat.id))
    }
    # Teacher, linked pupils and their linked parents; not the class teacher, nor another class.
    assert members == {"Ким", "Орлов", "Орлова"}
    [notice] = db.session.scalars(select(Message).where(Message.chat_id == chat.id)).all()
    assert notice.notice["event"] == "call_started"


def test_the_second_launch_finds_the_chat_and_the_call(lesson, entered, door):
    web = entered("kim")
    assert web.post(door).location == web.post(door).location
    [chat] = subject_chats()
    first = live_call(chat.id).public_id
    end_call(db.session.scalar(select(Call.started_by_id)), first)
    web.post(door)  # the same lesson once more, and any later one
    assert [one.id for one in subject_chats()] == [chat.id]
    assert live_call(chat.id).public_id != first


def test_two_tabs_at_once_make_one_chat_and_one_call(app, lesson):
    place = lesson.c7a.id, lesson.fizika.id
    account_id = db.session.query(Account).filter_by(login="kim").one().id
    db.session.rollback()
    calls, at_once = [], threading.Barrier(6)

    def launch():
        with app.app_context():
            link = active_link(account_id)
            at_once.wait()
            calls.append(launch_call(*place, link))

    threads = [threading.Thread(target=launch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 6
    assert len(set(calls)) == 1
    assert len(subject_chats()) == 1
    assert db.session.scalar(select(func.count(Call.id))) == 1


@pytest.mark.parametrize("name", ["misha", "olga"])
def test_pupils_and_parents_wait_for_the_teacher_and_then_join(lesson, entered, door, name):
    web = entered(name)
    assert web.post(door).location == door
    assert subject_chats() == []
    page = web.get(door).text
    assert "Преподаватель ещё не начал звонок" in page
    assert 'hx-trigger="every 5s"' in page
    entered("kim").post(door)
    assert "Присоединиться" in web.get(door, headers={"HX-Request": "true"}).text
    assert "next=/im/calls/" in web.post(door).location


def test_who_is_not_linked_reads_what_to_do(entered, door):
    web = entered("petya")
    answer = web.post(door)
    assert answer.status_code == 200
    assert "Нужен учебный профиль" in answer.text
    assert subject_chats() == []


@pytest.mark.parametrize("name", ["titova", "dasha"])
def test_others_find_no_such_lesson(entered, door, name):
    web = entered(name)
    assert web.get(door).status_code == 404
    assert web.post(door).status_code == 404
    assert subject_chats() == []


@pytest.mark.parametrize(
    ("now", "words"), [(at(9, 0), "Звонок откроется в 09:15"), (at(10, 20), "Занятие прошло")]
)
def test_before_and_after_the_lesson_nothing_begins(entered, door, now, words):
    with clock.frozen(now):
        web = entered("kim")
        assert web.post(door).location == door
        assert words in web.get(door).text
    assert subject_chats() == []


def test_a_substitute_starts_the_call_of_the_day_and_may_end_it(lesson, entered, door):
    lesson.substitution(lesson.physics, lesson.titova, since=DAY, until=DAY)
    entered("titova").post(door)
    [chat] = subject_chats()
    live = live_call(chat.id)
    assert live is not None
    starter = db.session.scalar(select(Call.started_by_id))
    end_call(starter, live.public_id)
    with pytest.raises(Denied):
        start_call(starter, chat.public_id)  # without a lesson it has no such right


def test_who_unlinks_is_out_of_the_call(lesson, entered, door):
    entered("kim").post(door)
    [chat] = subject_chats()
    call = live_call(chat.id)
    account = db.session.query(Account).filter_by(login="misha").one()
    profile = db.session.query(Profile).filter_by(public_id=active_link(account.id).subject).one()
    seats.enter(profile.id, call.public_id, "window")
    assert live_call(chat.id).people == 1
    unlinking.unlink(account, PASSWORD)
    assert live_call(chat.id) is None  # the last one in it, so the call is over
    with pytest.raises(Denied):
        seats.enter(profile.id, call.public_id, "window")


def test_the_timetable_and_the_first_page_lead_to_the_call(entered, door):
    for login, words in (("kim", "Начать звонок"), ("misha", "Присоединиться")):
        web = entered(login)
        for page in ("/", "/timetable?day=2026-11-24"):
            text = web.get(page).text
            assert f'action="{door}"' in text
            assert words in text

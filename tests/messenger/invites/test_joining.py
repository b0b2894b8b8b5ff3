"""The link of a chat over HTTP: what everybody sees who opens it, asking to be let in, the last use."""

import threading

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats import administration
from app.messenger.chats.models import Member
from app.messenger.chats.rights import MemberRole
from app.messenger.invites import joining
from app.messenger.invites.links import MISSES, token_of
from app.messenger.invites.making import living_invite
from app.messenger.invites.models import Invite, JoinRequest, RequestState
from app.messenger.invites.rules import Welcome
from tests.messenger.invites.doors import names_in, url


# -- what everybody sees ---------------------------------------------------------------------------
def test_who_has_not_signed_in_sees_neither_name_nor_people(app, link):
    page = app.test_client().get(path := link())
    assert page.status_code == 200
    assert "Войдите в свой учебный профиль" in page.text
    assert f"next={path}" in page.text
    assert "Стенгазета" not in page.text
    assert "Иванова" not in page.text


@pytest.mark.parametrize("token", ["x", "a" * 16, "a" * 40, "a" * 500])
def test_an_unknown_link_is_over(app, token):
    page = app.test_client().get(f"/join/{token}")
    assert page.status_code == 410
    assert "Ссылка больше не действует" in page.text


def test_the_id_alone_or_a_changed_mark_opens_nothing(browser_of, link):
    path = link()
    newcomer = browser_of("newcomer")
    assert newcomer.get(path[:-24]).status_code == 410
    assert newcomer.get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 410


def test_links_are_not_guessed_by_the_thousand(app):
    web = app.test_client()
    for _ in range(MISSES.count):
        web.get("/join/wrong")
    assert web.get("/join/wrong").status_code == 429


def test_an_unlinked_person_is_sent_to_the_diary(world, app, link):
    web = world.signed_in(app.test_client(), world.profile("Ни Кто"))
    page = web.get(path := link())
    assert page.status_code == 403
    assert "Сначала подключите дневник" in page.text
    assert "Стенгазета" not in page.text
    web.post(path)
    assert db.session.scalar(select(Invite.uses)) == 0


def test_a_pupil_of_another_class_is_told_it_is_not_for_them(world, app, people, link):
    """The author is a parent: they reach the parents and pupils of their own class only."""
    pupil = world.profile("Миша Орлов")
    world.confirmed(pupil, "pupil")
    path = link()
    with writing() as session:
        session.execute(
            db.text("UPDATE confirmed_roles SET role = 'guardian' WHERE profile_id = :id"),
            {"id": people["creator"].id},
        )
    web = world.signed_in(app.test_client(), pupil)
    page = web.get(path)
    assert page.status_code == 403
    assert "Этот чат не для вас" in page.text
    assert "Стенгазета" not in page.text
    assert web.post(path).status_code == 303
    assert db.session.scalar(select(Member.id).where(Member.profile_id == pupil.id)) is None


def test_a_pupil_whom_the_author_may_add_comes_in(world, app, chat, link):
    pupil = world.profile("Миша Орлов")
    world.confirmed(pupil, "pupil")
    web = world.signed_in(app.test_client(), pupil)
    assert web.post(link()).location == f"/im/chats/{chat.public_id}"
    assert "Миша" in names_in(chat)


def test_who_is_in_is_led_to_the_chat(browser_of, chat, link):
    page = browser_of("member").get(path := link(uses="1"))
    assert "Вы уже в этом чате" in page.text
    assert browser_of("member").post(path).location == f"/im/chats/{chat.public_id}"
    assert living_invite(chat.id).uses == 0


def test_a_newcomer_comes_in_once(browser_of, chat, link):
    path = link()
    newcomer = browser_of("newcomer")
    assert "Войти в чат" in newcomer.get(path).text
    assert newcomer.post(path).location == f"/im/chats/{chat.public_id}"
    newcomer.post(path)
    assert "Глеб" in names_in(chat)
    assert db.session.scalar(select(Invite.uses)) == 1


def test_a_link_can_make_administrators(browser_of, people, chat, link):
    browser_of("newcomer").post(link(role="administrator"))
    role = select(Member.role).where(Member.profile_id == people["newcomer"].id)
    assert db.session.scalar(role) is MemberRole.ADMINISTRATOR


def test_who_left_on_their_own_comes_back_by_the_link(browser_of, chat, link):
    browser_of("ex").post(link())
    assert "Егор" in names_in(chat)


def test_a_removed_member_asks_and_only_an_administrator_lets_in(browser_of, people, chat, link):
    path = link()
    administration.remove(people["creator"].id, chat.public_id, people["member"].public_id)
    page = browser_of("member").get(path)
    assert "Отправить заявку" in page.text
    browser_of("member").post(path)
    assert "Вера" not in names_in(chat)
    assert "Заявка отправлена" in browser_of("member").get(path).text


# -- approval --------------------------------------------------------------------------------------
@pytest.fixture
def asked(browser_of, link):
    browser_of("newcomer").post(link(needs_approval=True))


def answer(browser_of, people, chat, who, word):
    page = url(chat, f"requests/{people['newcomer'].public_id}")
    return browser_of(who).post(page, data={"answer": word})


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 404), ("ex", 403), ("member", 403), ("administrator", 303), ("creator", 303)],
)
def test_leaders_answer_requests(browser_of, people, chat, asked, who, status):
    assert answer(browser_of, people, chat, who, "yes").status_code == status
    assert ("Глеб" in names_in(chat)) is (status == 303)


def test_requests_are_listed_for_leaders_alone(browser_of, chat, asked):
    assert "Глеб" in browser_of("administrator").get(url(chat, "members")).text
    assert "Глеб" not in browser_of("member").get(url(chat, "members")).text


def test_a_declined_person_waits_a_day(browser_of, people, chat, asked):
    answer(browser_of, people, chat, "creator", "no")
    path = f"/join/{token_of(living_invite(chat.id))}"
    newcomer = browser_of("newcomer")
    assert "Заявку отклонили" in newcomer.get(path).text
    newcomer.post(path)
    assert db.session.scalar(select(JoinRequest.state)) is RequestState.DECLINED
    with writing() as session:
        row = session.scalars(select(JoinRequest)).one()
        row.decided_at = clock.now() - joining.ASK_AGAIN
    newcomer.post(path)
    assert db.session.scalar(select(JoinRequest.state)) is RequestState.WAITING


def test_a_request_is_answered_once(browser_of, people, chat, asked):
    answer(browser_of, people, chat, "creator", "no")
    assert answer(browser_of, people, chat, "administrator", "yes").status_code == 409
    assert "Глеб" not in names_in(chat)


def test_asking_twice_is_one_request(browser_of, chat, asked, link):
    browser_of("newcomer").post(link(needs_approval=True))
    assert len(joining.waiting_in(chat.id)) == 1


# -- the last use ----------------------------------------------------------------------------------
def test_fifty_at_once_fill_the_last_places_exactly(app, world, people, chat, link):
    link(uses="5")
    invite_id, chat_id = living_invite(chat.id).id, chat.id
    crowd = []
    for number in range(50):
        profile = world.profile(f"Имя{number} Гость")
        world.confirmed(profile, "teacher")
        crowd.append(profile.id)
    db.session.remove()
    seen, start = [], threading.Barrier(len(crowd))

    def run(profile_id):
        with app.app_context():
            start.wait()
            seen.append(joining.enter(invite_id, profile_id))
            db.session.remove()

    threads = [threading.Thread(target=run, args=(one,)) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [Welcome.ALREADY_IN] * 5 + [Welcome.OVER] * 45
    count = select(Member.profile_id).where(
        Member.chat_id == chat_id, Member.profile_id.in_(crowd), Member.left_at.is_(None)
    )
    assert len(db.session.scalars(count).all()) == 5
    assert db.session.scalar(select(Invite.uses)) == 5

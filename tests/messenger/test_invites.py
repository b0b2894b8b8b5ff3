"""The link of a chat over HTTP: who makes it, what everybody sees who opens it, the last use."""

import datetime as dt
import threading

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats import administration
from app.messenger.chats.members import Place, grant
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import CLOSED, ORDINARY, Action, ChatKind, Circle, MemberRole
from app.messenger.facts import MembersChanged
from app.messenger.invites import joining, making
from app.messenger.invites.links import MISSES, token_of
from app.messenger.invites.making import Terms, living_invite, void_of_left
from app.messenger.invites.models import Invite, JoinRequest, RequestState
from app.messenger.invites.rules import Welcome

NAMES = {
    "creator": "Анна Иванова",
    "administrator": "Борис Петров",
    "member": "Вера Ёлкина",
    "newcomer": "Глеб Котов",
    "outsider": "Дина Лис",
}
WHO = ("outsider", "ex", "member", "administrator", "creator")


@pytest.fixture
def people(world):
    found = {key: world.profile(name) for key, name in NAMES.items()}
    for profile in found.values():
        world.confirmed(profile, "teacher")
    return found


@pytest.fixture
def chat(world, people):
    chat = world.chat("Стенгазета", kind=ChatKind.MANUAL)
    world.join(people["creator"], chat, role=MemberRole.CREATOR)
    world.join(people["administrator"], chat, role=MemberRole.ADMINISTRATOR)
    world.join(people["member"], chat)
    people["ex"] = world.profile("Егор Чиж")
    world.confirmed(people["ex"], "teacher")
    world.join(people["ex"], chat)
    world.leave(people["ex"], chat)
    return chat


@pytest.fixture
def browser_of(app, world, people):
    return lambda who: world.signed_in(app.test_client(), people[who])


@pytest.fixture
def link(people, chat):
    """`link()` makes the chat's link by its creator and returns its path."""

    def make(**terms):
        making.save_invite(people["creator"].id, chat.public_id, Terms(**terms))
        return f"/join/{token_of(living_invite(chat.id))}"

    return make


def settings(chat, rows):
    with writing() as session:
        session.get_one(Chat, chat.id).permissions = {k.value: v.value for k, v in rows.items()}


def names_in(chat):
    return {
        member.profile.given_name
        for member in db.session.scalars(
            select(Member).where(Member.chat_id == chat.id, Member.left_at.is_(None))
        )
    }


def url(chat, rest):
    return f"/im/chats/{chat.public_id}/{rest}"


# -- every entrance x everybody -------------------------------------------------------------------
GETS = ["invite", "invite/qr.svg", "invite/qr.png", "invite/print"]
POSTS = ["invite", "invite/renew", "invite/annul"]


@pytest.mark.parametrize("page", GETS)
@pytest.mark.parametrize(
    ("circle", "expected"),
    [
        (Circle.CREATOR, [404, 403, 403, 403, 200]),
        (Circle.ADMINISTRATORS, [404, 403, 403, 200, 200]),
        (Circle.EVERYONE, [404, 403, 200, 200, 200]),
    ],
)
def test_who_sees_the_link(browser_of, chat, link, page, circle, expected):
    link()
    settings(chat, CLOSED | {Action.SEE_LINK: circle})
    assert [browser_of(who).get(url(chat, page)).status_code for who in WHO] == expected


@pytest.mark.parametrize("page", POSTS)
def test_who_may_only_see_the_link_changes_nothing(browser_of, chat, link, page):
    path = link()
    settings(chat, CLOSED | {Action.SEE_LINK: Circle.EVERYONE})
    answers = [browser_of(who).post(url(chat, page)).status_code for who in WHO[:-1]]
    assert answers == [404, 403, 403, 403]
    assert browser_of("newcomer").get(path).status_code == 200
    assert browser_of("creator").post(url(chat, page)).status_code == 303


def test_an_automatic_chat_has_no_link(world, browser_of, people):
    chat = world.chat("Чат с родителями", people["member"])
    assert browser_of("member").get(url(chat, "invite")).status_code == 403


def test_administrators_are_not_made_by_who_may_not_appoint(browser_of, chat):
    settings(chat, ORDINARY)
    answer = browser_of("member").post(url(chat, "invite"), data={"role": "administrator"})
    assert answer.status_code == 403
    assert living_invite(chat.id) is None


@pytest.mark.parametrize(
    "form", [{"role": "creator"}, {"role": "x"}, {"lifetime": "x"}, {"uses": "7"}, {"uses": "-1"}]
)
def test_terms_are_of_the_lists(browser_of, chat, form):
    assert browser_of("creator").post(url(chat, "invite"), data=form).status_code == 422
    assert living_invite(chat.id) is None


def test_the_pane_shows_the_link_and_what_it_allows(browser_of, chat, link):
    path = link(uses="5", needs_approval=True)
    page = browser_of("creator").get(url(chat, "invite")).text
    assert f"http://localhost{path}" in page
    assert "Вошли: 0 из 5" in page
    assert "Каждого впускает администратор" in page


def test_the_code_is_svg_and_png(browser_of, chat, link):
    link()
    creator = browser_of("creator")
    svg = creator.get(url(chat, "invite/qr.svg"))
    png = creator.get(url(chat, "invite/qr.png?save"))
    assert svg.content_type == "image/svg+xml"
    assert b"<svg" in svg.data
    assert png.data.startswith(b"\x89PNG")
    assert "attachment" in png.headers["Content-Disposition"]
    assert creator.get(url(chat, "invite/qr.gif")).status_code == 404


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


# -- ends ------------------------------------------------------------------------------------------
def test_renewing_shuts_the_old_link_and_keeps_the_terms(browser_of, people, chat, link):
    old = link(uses="5")
    making.renew_invite(people["creator"].id, chat.public_id)
    fresh = living_invite(chat.id)
    assert browser_of("newcomer").get(old).status_code == 410
    assert browser_of("newcomer").get(f"/join/{token_of(fresh)}").status_code == 200
    assert (fresh.most_uses, fresh.uses) == (5, 0)


def test_an_annulled_or_late_link_lets_nobody_in(browser_of, people, chat, link):
    path = link()
    making.annul_invite(people["creator"].id, chat.public_id)
    assert browser_of("newcomer").get(path).status_code == 410
    path = link(lifetime="day")
    with writing() as session:
        living_invite(chat.id).expires_at = clock.now() - dt.timedelta(seconds=1)
        session.flush()
    assert browser_of("newcomer").post(path).status_code == 303
    assert "Глеб" not in names_in(chat)


def test_fewer_uses_than_there_were_are_refused(browser_of, people, world, chat, link):
    browser_of("newcomer").post(link())
    browser_of("outsider").post(link())
    form = {"uses": "1", "lifetime": "keep"}
    answer_ = browser_of("creator").post(url(chat, "invite"), data=form)
    assert answer_.status_code == 422
    assert "уже вошли: 2" in answer_.text


def test_unlinking_or_leaving_voids_the_links_of_that_person(browser_of, people, world, chat):
    settings(chat, CLOSED | dict.fromkeys((Action.SEE_LINK, Action.INVITE), Circle.EVERYONE))
    making.save_invite(people["member"].id, chat.public_id, Terms())
    path = f"/join/{token_of(living_invite(chat.id))}"
    world.leave(people["member"], chat)
    assert browser_of("newcomer").get(path).status_code == 410
    grant(chat.id, {people["member"].id: Place(MemberRole.MEMBER)})
    assert browser_of("newcomer").get(path).status_code == 410
    assert living_invite(chat.id) is None


def test_a_link_shuts_when_its_author_may_no_longer_invite(browser_of, people, chat):
    settings(chat, CLOSED | dict.fromkeys((Action.SEE_LINK, Action.INVITE), Circle.EVERYONE))
    making.save_invite(people["member"].id, chat.public_id, Terms())
    path = f"/join/{token_of(living_invite(chat.id))}"
    assert browser_of("newcomer").get(path).status_code == 200
    settings(chat, CLOSED)
    assert browser_of("newcomer").get(path).status_code == 410


def test_only_links_of_those_who_left_are_voided(people, chat, link):
    link()
    void_of_left(MembersChanged(chat.id, joined=(), left=(people["member"].id,)))
    assert living_invite(chat.id) is not None
    void_of_left(MembersChanged(chat.id, joined=(), left=(people["creator"].id,)))
    assert living_invite(chat.id) is None


def test_an_archived_chat_lets_nobody_in(browser_of, people, chat, link):
    path = link()
    administration.archive(people["creator"].id, chat.public_id, is_archived=True)
    assert browser_of("newcomer").get(path).status_code == 410


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

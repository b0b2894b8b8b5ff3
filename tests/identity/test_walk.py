"""The pages of the walk: every step, back and forth, other browsers, shared computers."""

import datetime as dt

from app.core import clock
from app.identity import sessions, walks
from tests.identity.test_provider import request

PHONE = "+7 916 123-45-67"
NAMES = {"family_name": "Иванова", "given_name": "Анна", "patronymic": ""}


def walk_to_names(web, last_code, start="/id/sign-in?next=/im/"):
    web.get(start)
    web.post("/id/phone", phone=PHONE)
    return web.post("/id/code", code=last_code())


def test_every_step_leads_to_the_next(web, last_code):
    assert web.get("/id/sign-in?next=/im/").headers["Location"] == "/id/phone"
    assert web.post("/id/phone", phone=PHONE).headers["Location"] == "/id/code"
    assert web.post("/id/code", code=last_code()).headers["Location"] == "/id/about"
    assert web.post("/id/about", **NAMES).headers["Location"] == "/id/create"
    assert web.post("/id/create").headers["Location"] == "/id/profile"
    page = web.get("/id/profile")
    assert 'value="Иванова"' in page.text
    assert web.post("/id/profile", **NAMES).headers["Location"] == "/im/"


def test_a_later_step_leads_back_to_the_one_that_is_needed(web):
    web.get("/id/sign-in")
    for page in ("/id/code", "/id/about", "/id/create", "/id/profile"):
        assert web.get(page).headers["Location"] == "/id/phone"


def test_a_known_person_goes_straight_from_the_code_to_the_end(web, browser, last_code):
    walk_to_names(web, last_code)
    web.post("/id/about", **NAMES)
    web.post("/id/create")
    web.post("/id/profile", **NAMES)
    again = browser()
    with clock.frozen(clock.now() + dt.timedelta(minutes=2)):
        assert walk_to_names(again, last_code).headers["Location"] == "/im/"


def test_names_must_be_names_and_what_was_typed_stays(web, last_code):
    walk_to_names(web, last_code)
    reply = web.post("/id/about", family_name="<b>1</b>", given_name="Анна", patronymic="")
    assert reply.status_code == 422
    assert "Только буквы" in reply.text
    assert "&lt;b&gt;1&lt;/b&gt;" in reply.text


def test_a_walk_ends_after_an_hour_with_a_way_on(web):
    web.get("/id/sign-in")
    with clock.frozen(clock.now() + dt.timedelta(minutes=61)):
        reply = web.get("/id/phone")
    assert reply.status_code == 410
    assert "Вход прерван" in reply.text


def test_a_page_of_a_finished_walk_leads_on(web, last_code):
    walk_to_names(web, last_code)
    web.post("/id/about", **NAMES)
    web.post("/id/create")
    web.post("/id/profile", **NAMES)
    assert web.get("/id/profile").headers["Location"] == "/im/"


def test_the_next_person_at_the_computer_proves_their_own_phone(web, last_code):
    walk_to_names(web, last_code, start=request())
    reply = web.get("/id/sign-in?next=/im/")
    assert reply.headers["Location"] in ("/id/about", "/id/phone")
    other = walks.begin(
        "/x", web.client.get_cookie(walks.COOKIE, path="/id").value, context="other"
    )
    assert (other[0].phone, other[0].proved_at) == (None, None)


def test_a_foreign_address_is_not_where_a_walk_leads(web, last_code):
    walk_to_names(web, last_code, start="/id/sign-in?next=https://evil.example/")
    web.post("/id/about", **NAMES)
    web.post("/id/create")
    assert web.post("/id/profile", **NAMES).headers["Location"] == "/im/"


def test_the_answer_does_not_tell_whether_a_phone_is_known(web, browser, world):
    world.profile("Анна Иванова", phone="+79161234567")
    known, unknown = browser(), browser()
    replies = []
    for visitor, phone in ((known, PHONE), (unknown, "+7 916 765-43-21")):
        visitor.get("/id/sign-in")
        replies.append(visitor.post("/id/phone", phone=phone))
    assert [(r.status_code, r.headers["Location"]) for r in replies] == [(303, "/id/code")] * 2


def test_another_profiles_browser_is_asked_before_it_is_switched(web, world):
    anna, olga = world.profile("Анна Иванова"), world.profile("Ольга Орлова")
    web.cookie(sessions.COOKIE, sessions.start_session(anna.id, address="", user_agent=""))
    page = web.get(f"/id/sign-in?profile={olga.public_id}")
    assert "Открыт другой профиль" in page.text
    assert "Ольга" not in page.text


def test_signing_out_ends_the_session(web, world):
    token = sessions.start_session(world.profile().id, address="", user_agent="")
    web.cookie(sessions.COOKIE, token)
    assert sessions.find_session(token) is not None
    web.post("/id/sign-out")
    assert sessions.find_session(token) is None


def test_a_session_sleeps_out_after_thirty_days(web, world):
    token = sessions.start_session(world.profile().id, address="", user_agent="")
    with clock.frozen(clock.now() + dt.timedelta(days=31)):
        assert sessions.find_session(token) is None

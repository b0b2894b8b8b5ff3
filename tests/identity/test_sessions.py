"""Sessions of a profile: the list, ending them, new devices, and tokens that change."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.devices import device_in_words, place_in_words
from app.core.transaction import connect, writing
from app.identity import sessions
from app.identity.facts import SessionEnded
from app.identity.sessions import ProfileSession

PHONE = "+79161234567"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile Safari/604.1"


@pytest.fixture
def vera(world):
    return world.profile("Вера Тестова", phone=PHONE)


@pytest.fixture
def enters(browser, vera, last_code, world):
    """`enters(agent)`: another browser walks in by phone and code."""

    def walk(agent=CHROME, web=None):
        web = web or browser()
        web.client.environ_base["HTTP_USER_AGENT"] = agent
        world.a_minute_passes()
        web.get("/id/sign-in?next=/im/")
        web.post("/id/phone", phone=PHONE)
        assert web.post("/id/code", code=last_code()).location == "/im/"
        return web

    return walk


@pytest.fixture
def ended(app):
    facts = []
    connect({SessionEnded: [facts.append]})
    return facts


def session_ids():
    db.session.rollback()
    return db.session.scalars(select(ProfileSession.public_id).order_by(ProfileSession.id)).all()


def test_the_list_names_devices_and_no_whole_address(enters):
    desk, _phone = enters(CHROME), enters(IPHONE)
    page = desk.get("/id/sessions").text
    assert "Chrome, Windows" in page
    assert "Safari, iPhone" in page
    assert page.count("этот браузер") == 1
    assert "127.0.0.1" not in page


def test_ending_one_ends_that_one(enters, ended):
    desk, phone = enters(CHROME), enters(IPHONE)
    desk.post("/id/sessions/end", session=session_ids()[1])
    assert phone.get("/im/").location.startswith("/id/sign-in")
    assert desk.get("/im/").status_code == 200
    assert len(ended) == 1
    assert desk.post("/id/sessions/end", session=session_ids()[1]).status_code == 404


def test_ending_all_keeps_this_browser(enters, ended):
    desk, phone, third = enters(), enters(IPHONE), enters()
    desk.post("/id/sessions/end")
    assert desk.get("/im/").status_code == 200
    assert [web.get("/im/").status_code for web in (phone, third)] == [303, 303]
    assert len(ended) == 2


def test_nobody_ends_the_session_of_another(enters, world, browser, ended):
    phone = enters(IPHONE)
    stranger = browser()
    world.signed_in(stranger.client, world.profile("Чужой Человек"))
    assert stranger.post("/id/sessions/end", session=session_ids()[0]).status_code == 404
    stranger.post("/id/sessions/end")
    assert phone.get("/im/").status_code == 200
    assert ended == []


def test_a_new_device_is_asked_about_in_the_other_browser(enters):
    desk = enters(CHROME)
    assert "новом устройстве" not in desk.get("/im/").text
    phone = enters(IPHONE)
    assert "новом устройстве: Safari, iPhone" in desk.get("/im/").text
    assert "новом устройстве" not in phone.get("/im/").text, "it does not answer for itself"
    assert desk.post("/id/sessions/known", session=session_ids()[1], next="/im/").location == "/im/"
    assert "новом устройстве" not in desk.get("/im/").text


def test_the_stranger_is_put_out_from_the_notice(enters):
    desk, phone = enters(CHROME), enters(IPHONE)
    desk.post("/id/sessions/end", session=session_ids()[1], next="/im/")
    assert phone.get("/im/").location.startswith("/id/sign-in")
    assert "новом устройстве" not in desk.get("/im/").text


def test_a_known_device_signs_in_again_without_a_word(enters):
    desk, phone = enters(CHROME), enters(IPHONE)
    desk.post("/id/sessions/known", session=session_ids()[1])
    phone.post("/id/sign-out")
    enters(IPHONE, web=phone)
    assert "новом устройстве" not in desk.get("/im/").text


def test_every_sign_in_has_a_new_token(enters):
    web = enters()
    old = web.client.get_cookie(sessions.COOKIE).value
    web.post("/id/sign-out")
    enters(web=web)
    assert web.client.get_cookie(sessions.COOKIE).value != old
    assert sessions.find_session(old) is None


def test_an_ended_page_says_so_and_leads_back(enters):
    web = enters()
    assert web.get("/id/ended?next=/im/").location == "/im/", "it goes on: nothing has ended"
    web.post("/id/sign-out")
    page = web.get("/id/ended?next=/im/chats/abc")
    assert "Вход завершён" in page.text
    assert "next=/im/chats/abc" in page.text
    assert 'sign-in?next=/im/"' in web.get("/id/ended?next=//evil.example").text


def test_a_session_in_use_does_not_sleep_out(enters):
    web = enters()
    with writing() as session:
        seen = clock.now() - dt.timedelta(days=29)
        session.execute(update(ProfileSession).values(last_seen_at=seen))
    web.get("/im/")
    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        assert web.get("/im/").status_code == 200


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("85.26.164.12", "85.26.•.•"),
        ("2a00:1fa0:4a1:9c2::1", "2a00:1fa0:04a1:…"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_a_place_is_coarse(app, address, words):
    assert place_in_words(address) == words


def test_an_unknown_device_is_called_so(app):
    with app.test_request_context():
        assert device_in_words("curl/8") == "Неизвестное устройство"


def test_a_device_that_was_put_out_is_asked_about_when_it_comes_back(enters):
    desk, phone = enters(CHROME), enters(IPHONE)
    desk.post("/id/sessions/end", session=session_ids()[1])
    enters(IPHONE, web=phone)
    assert "новом устройстве: Safari, iPhone" in desk.get("/im/").text


def test_who_came_and_left_is_told_of_and_answered_for_once(enters):
    desk, phone = enters(CHROME), enters(IPHONE)
    phone.post("/id/sign-out")
    page = desk.get("/im/").text
    assert "новом устройстве: Safari, iPhone" in page
    assert "Нет, не я" in page
    desk.post("/id/sessions/end", session=session_ids()[1])
    assert "новом устройстве" not in desk.get("/im/").text


def test_no_device_vouches_for_itself(enters):
    desk, phone = enters(CHROME), enters(IPHONE)
    phone.post("/id/sessions/known", session=session_ids()[1])
    assert "новом устройстве" in desk.get("/im/").text


def test_sessions_from_before_devices_were_known_raise_no_alarm(enters, vera):
    with writing() as session:
        session.add(ProfileSession(token_digest="old", profile_id=vera.id))
    assert "новом устройстве" not in enters(CHROME).get("/im/").text


def test_an_address_written_as_ipv6_is_shown_as_it_is(app):
    assert place_in_words("::ffff:85.26.1.2") == "85.26.•.•"


def test_a_planted_walk_does_not_share_the_proof(browser, last_code):
    victim, thief = browser(), browser()
    thief.get("/id/sign-in?next=/im/")
    planted = thief.client.get_cookie("svyazka_walk", path="/id").value
    victim.client.set_cookie("svyazka_walk", planted, path="/id")
    victim.get("/id/sign-in?next=/im/")
    victim.post("/id/phone", phone="+79167654321")
    assert victim.post("/id/code", code=last_code()).location == "/id/about"
    assert victim.get("/id/about").status_code == 200
    assert thief.get("/id/about").status_code == 410

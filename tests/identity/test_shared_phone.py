"""A phone of a family: choosing among its profiles, adding one, and what an old proof opens."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.identity import shared_phone
from app.identity.profiles import Profile
from app.identity.sessions import ProfileSession

PHONE = "+79161234567"


@pytest.fixture
def olga(world):
    return world.profile("Ольга Орлова", phone=PHONE)


@pytest.fixture
def enters(browser, olga, last_code, world):
    """`enters(next)`: a browser proves the phone on its way to `next`; where it was sent."""

    def walk(target="/im/"):
        web = browser()
        world.a_minute_passes()
        web.get(f"/id/sign-in?next={target}")
        web.post("/id/phone", phone=PHONE)
        return web, web.post("/id/code", code=last_code()).location

    return walk


def adds(web, given="Миша", family="Орлов", target="/im/"):
    return web.post(f"/id/profiles/new?next={target}", family_name=family, given_name=given)


def names():
    db.session.rollback()
    return db.session.scalars(select(Profile.given_name).order_by(Profile.id)).all()


def profile_named(given):
    db.session.rollback()
    return db.session.scalars(select(Profile).where(Profile.given_name == given)).one()


def age_the_proof():
    with writing() as session:
        session.execute(
            update(ProfileSession).values(created_at=clock.now() - dt.timedelta(minutes=16))
        )


def test_one_profile_is_not_asked_about(enters):
    web, location = enters()
    assert location == "/im/"
    assert web.get("/id/profiles?next=/im/").location == "/im/"


def test_another_profile_is_added_and_opened_and_chosen_from_the_next_time(enters):
    web, _ = enters()
    assert adds(web).location == "/im/"
    assert "Миша" in web.get("/id/").text
    assert names() == ["Ольга", "Миша"]
    again, location = enters()
    assert location == "/id/profiles?next=/im/"
    page = again.get(location).text
    assert "Кто входит?" in page
    assert "Ольга" in page
    chosen = again.post(location, profile=profile_named("Миша").public_id)
    assert chosen.location == "/im/"
    assert "Миша" in again.get("/id/").text


def test_a_double_click_makes_one(enters):
    web, _ = enters()
    adds(web)
    adds(web)
    assert names() == ["Ольга", "Миша"]


def test_a_wrong_name_stays_typed_and_makes_nothing(enters):
    web, _ = enters()
    answer = adds(web, given="")
    assert answer.status_code == 422
    assert 'value="Орлов"' in answer.text
    assert names() == ["Ольга"]


def test_a_phone_has_so_many_profiles_and_no_more(enters):
    web, _ = enters()
    for letter in "абвгд":
        adds(web, given=f"Имя{letter}")
    answer = adds(web, given="Лишний")
    assert answer.status_code == 409
    assert "создать нельзя" in answer.text
    assert len(names()) == shared_phone.MOST_PROFILES


def test_the_profile_left_is_closed_in_this_browser(enters):
    web, _ = enters()
    adds(web)
    db.session.rollback()
    first, second = db.session.scalars(select(ProfileSession).order_by(ProfileSession.id))
    assert first.ended_at is not None
    assert second.ended_at is None
    assert second.created_at == first.created_at, "the proof is as old as it was"


def test_an_old_proof_opens_no_other_profile_and_adds_none(enters):
    web, _ = enters()
    adds(web)
    age_the_proof()
    olga = profile_named("Ольга").public_id
    assert web.get("/id/profiles?next=/im/").location == "/im/"
    web.post("/id/profiles?next=/im/", profile=olga)
    assert "Миша" in web.get("/id/").text
    assert adds(web, given="Даша").location.startswith("/id/sign-in")
    assert names() == ["Ольга", "Миша"]


def test_the_profile_of_another_phone_is_never_opened(enters, world):
    stranger = world.profile("Чужой Человек")
    web, _ = enters()
    web.post("/id/profiles?next=/im/", profile=stranger.public_id)
    assert "Ольга" in web.get("/id/").text


def test_switching_goes_nowhere_else(enters):
    web, _ = enters()
    answer = web.post(
        "/id/profiles?next=https://evil.example/", profile=profile_named("Ольга").public_id
    )
    assert answer.location == "/im/"
    assert adds(web, target="//evil.example").location == "/im/"


def test_the_linked_profile_of_the_family_is_chosen_and_not_proved_again(enters):
    web, _ = enters()
    adds(web)
    olga = profile_named("Ольга").public_id
    location = web.get(f"/id/sign-in?next=/im/&profile={olga}").location
    assert location == "/id/profiles?next=/im/"

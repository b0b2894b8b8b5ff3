"""A number that changed hands: half a year of silence asks for more than an SMS."""

import datetime as dt
import re

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.transaction import writing
from app.identity.profiles import Profile, VkId
from app.identity.sessions import ProfileSession

PHONE = "+79161234567"


@pytest.fixture
def owner(world):
    """Anna's profile, used last seven months ago."""
    profile = world.profile("Алёна Королёва", phone=PHONE)
    with writing() as session:
        session.execute(update(VkId).values(created_at=clock.now() - dt.timedelta(days=400)))
        session.add(
            ProfileSession(
                token_digest="old",
                profile_id=profile.id,
                last_seen_at=clock.now() - dt.timedelta(days=210),
            )
        )
    return profile


@pytest.fixture
def holder(web, owner, last_code):
    """Whoever holds the number now, with the right code typed."""
    web.get("/id/sign-in?next=/im/")
    web.post("/id/phone", phone=PHONE)
    web.answer = web.post("/id/code", code=last_code())
    return web


def names(family, given):
    return {"family_name": family, "given_name": given}


def test_the_code_alone_opens_nothing_and_names_nobody(holder):
    assert holder.answer.location == "/id/confirm"
    assert holder.get("/im/").location.startswith("/id/sign-in")
    page = holder.get("/id/confirm").text
    for secret in ("Королёва", "Королева", "Алёна"):
        assert secret not in page
    for later in ("/id/about", "/id/create", "/id/profile", "/id/code"):
        assert holder.get(later).location == "/id/confirm"


def test_the_owner_names_themselves_and_is_let_in(holder):
    assert holder.post("/id/confirm", **names("королева", " алена ")).location == "/im/"
    assert holder.get("/im/").status_code == 200


def test_a_wrong_name_is_told_and_stays_and_the_fourth_waits(holder):
    for _ in range(3):
        answer = holder.post("/id/confirm", **names("Петрова", "Ольга"))
        assert answer.status_code == 422
        assert "Петрова" in answer.text
    answer = holder.post("/id/confirm", **names("Королёва", "Алёна"))
    assert answer.status_code == 429
    assert "администратора школы" in answer.text


def test_a_new_walk_does_not_forgive_wrong_names(holder, browser, last_code, world):
    for _ in range(3):
        holder.post("/id/confirm", **names("Петрова", "Ольга"))
    world.a_minute_passes()
    other = browser()
    other.get("/id/sign-in?next=/im/")
    other.post("/id/phone", phone=PHONE)
    other.post("/id/code", code=last_code())
    assert other.post("/id/confirm", **names("Королёва", "Алёна")).status_code == 429


def test_the_new_holder_begins_a_profile_and_never_sees_the_old_one(holder, owner):
    assert holder.post("/id/confirm/other").location == "/id/about"
    assert "Королёва" not in holder.get("/id/about").text
    holder.post("/id/about", **names("Петрова", "Ольга"))
    holder.post("/id/create")
    assert holder.post("/id/profile", **names("Петрова", "Ольга")).location == "/im/"
    profiles = db.session.scalars(select(Profile).order_by(Profile.id)).all()
    assert [profile.family_name for profile in profiles] == ["Королёва", "Петрова"]
    assert [profile.vk_id.phone for profile in profiles] == [None, PHONE]
    told = db.session.scalars(select(AuditEntry.action)).all()
    assert "phone.released" in told


@pytest.mark.parametrize("days", [0, 180])
def test_a_profile_in_use_needs_the_code_alone(web, owner, last_code, days):
    with writing() as session:
        seen = clock.now() - dt.timedelta(days=days)
        session.execute(update(ProfileSession).values(last_seen_at=seen))
    web.get("/id/sign-in?next=/im/")
    web.post("/id/phone", phone=PHONE)
    assert web.post("/id/code", code=last_code()).location == "/im/"
    assert web.get("/id/confirm").location is not None


def test_an_open_messenger_counts_as_use(web, world, owner):
    world.signed_in(web.client, owner)
    old = clock.now() - dt.timedelta(hours=1)
    with writing() as session:
        session.execute(update(ProfileSession).values(last_seen_at=old))
    web.get("/im/")
    newest = db.session.scalars(
        select(ProfileSession.last_seen_at).order_by(ProfileSession.id.desc())
    ).first()
    assert newest > old


def test_the_same_answer_whether_or_not_a_number_is_known(browser, owner, queries):
    seen = []
    for phone in (PHONE, "+79169999999"):
        web = browser()
        web.get("/id/sign-in?next=/im/")
        with queries() as asked:
            answer = web.post("/id/phone", phone=phone)
            page = web.get("/id/code")
        shown = page.text.replace("+7 916 123-45-67", "#").replace("+7 916 999-99-99", "#")
        shown = re.sub(r'data-countdown="\d+"', "", shown)
        lines = [line for line in shown.splitlines() if "csrf" not in line.lower()]
        seen.append((answer.status_code, answer.location, page.status_code, lines, len(asked)))
    assert seen[0] == seen[1]

"""Sessions of the journal: new devices, and tokens that change when more becomes possible."""

from sqlalchemy import select

from app.core.db import db
from app.school.accounts import JournalSession
from tests.journal.conftest import PASSWORD


def token_of(web):
    with web.client.session_transaction() as cookie:
        return cookie.get("journal_token")


def newest():
    db.session.rollback()
    return db.session.scalars(
        select(JournalSession.public_id).order_by(JournalSession.id.desc())
    ).first()


def test_a_new_device_is_asked_about_and_may_be_put_out(entered):
    first = entered("anna")
    assert "новом устройстве" not in first.get("/").text
    second = entered("anna")
    assert "новом устройстве" in first.get("/").text
    assert "новом устройстве" not in second.get("/").text
    first.post("/personal/sessions/end", session=newest())
    assert second.get("/").location.startswith("/sign-in")
    assert "новом устройстве" not in first.get("/").text


def test_a_recognised_device_is_known_from_then_on(entered, people):
    first, second = entered("anna"), entered("anna")
    assert (
        first.post("/personal/sessions/known", session=newest(), next="/chats").location == "/chats"
    )
    second.post("/sign-out")
    second.signs_in(people.accounts["anna"], PASSWORD)
    assert "новом устройстве" not in first.get("/").text


def test_nobody_recognises_the_device_of_another(entered):
    first, _second = entered("anna"), entered("anna")
    entered("misha").post("/personal/sessions/known", session=newest())
    db.session.rollback()
    assert "новом устройстве" in first.get("/").text


def test_a_changed_password_changes_the_token_and_ends_the_others(entered):
    first, second = entered("anna"), entered("anna")
    old = token_of(first)
    first.post("/password", current=PASSWORD, new="совсем другой пароль 9")
    assert token_of(first) != old
    assert first.get("/").status_code == 200
    assert second.get("/").location.startswith("/sign-in")
    with second.client.session_transaction() as cookie:
        cookie["journal_token"] = old
    assert second.get("/").location.startswith("/sign-in"), "the old token opens nothing"


def test_the_address_is_not_shown_whole(entered):
    assert "127.0.0.1" not in entered("anna").get("/personal").text


def test_a_device_that_was_put_out_is_asked_about_when_it_comes_back(entered, people):
    first, second = entered("anna"), entered("anna")
    first.post("/personal/sessions/end", session=newest())
    second.signs_in(people.accounts["anna"], PASSWORD)
    assert "новом устройстве" in first.get("/").text


def test_who_came_and_left_is_told_of_and_answered_for_once(entered):
    first, second = entered("anna"), entered("anna")
    second.post("/sign-out")
    assert "Нет, не я" in first.get("/").text
    first.post("/personal/sessions/end", session=newest())
    assert "новом устройстве" not in first.get("/").text


def test_no_device_vouches_for_itself(entered):
    first, second = entered("anna"), entered("anna")
    second.post("/personal/sessions/known", session=newest())
    assert "новом устройстве" in first.get("/").text

"""The door of the journal: right, wrong, too often, first passwords, sessions."""

import datetime as dt
from functools import cache

import pytest

from app.core import clock
from app.core.errors import Invalid, TooMany
from app.core.transaction import writing
from app.school import journal_sessions, signing_in
from app.school.accounts import Account
from app.school.people import Person

PASSWORD = "сирень под окном 7"


@cache
def password_hash():
    return signing_in.hash_password(PASSWORD)


@pytest.fixture
def anna(world):
    person = world.teacher("Иванова Анна Петровна")
    return world.account(person, login="ivanova", password_hash=password_hash())


def sign_in(login="ivanova", password=PASSWORD, address="10.0.0.1"):
    return signing_in.sign_in(login, password, address=address, user_agent="Test")


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context():
        yield


def test_the_right_password_opens_a_session(anna):
    account, token = sign_in(" Ivanova ")
    assert account.id == anna.id
    assert journal_sessions.find_session(token).account_id == anna.id


@pytest.mark.parametrize(
    ("login", "password"), [("ivanova", "не тот"), ("nobody", PASSWORD), ("", "")]
)
def test_a_wrong_try_says_the_same_whatever_is_wrong(anna, login, password):
    with pytest.raises(Invalid) as caught:
        sign_in(login, password)
    assert str(caught.value) == "Неверный логин или пароль"


def test_ten_failures_close_the_account_for_a_while(anna):
    for _ in range(10):
        with pytest.raises(Invalid):
            sign_in(password="не тот")
    with pytest.raises(TooMany):
        sign_in()
    with clock.frozen(clock.now() + dt.timedelta(minutes=16)):
        sign_in()


def test_a_success_forgets_the_failures(anna):
    for _ in range(9):
        with pytest.raises(Invalid):
            sign_in(password="не тот")
    sign_in()
    for _ in range(9):
        with pytest.raises(Invalid):
            sign_in(password="не тот")
    sign_in()


def test_who_has_left_the_school_does_not_enter(anna):
    _, token = sign_in()
    with writing() as session:
        session.get_one(Person, anna.person_id).left_on = clock.now().date()
    with pytest.raises(Invalid, match="не числитесь"):
        sign_in()
    assert journal_sessions.find_session(token) is None


def test_an_ended_session_is_over_and_the_others_go_on(anna):
    (_, first), (_, second) = sign_in(), sign_in()
    ended = journal_sessions.find_session(first)
    assert journal_sessions.end_session(anna, ended.public_id)
    assert journal_sessions.find_session(first) is None
    assert journal_sessions.find_session(second) is not None


def test_nobody_ends_anothers_session(anna, world):
    other = world.account(world.teacher("Ким Олег"), password_hash=password_hash())
    _, token = sign_in()
    found = journal_sessions.find_session(token)
    assert not journal_sessions.end_session(other, found.public_id)
    assert journal_sessions.find_session(token) is not None


def test_a_session_sleeps_out(anna):
    _, token = sign_in()
    with clock.frozen(clock.now() + dt.timedelta(hours=13)):
        assert journal_sessions.find_session(token) is None


def test_an_account_without_a_password_cannot_be_entered(world):
    world.account(world.teacher("Ким Олег"), login="kim")
    with pytest.raises(Invalid):
        sign_in("kim", "")


@pytest.mark.parametrize("bad", ["короткий", "qwertyuiop", "ivanova-2026"])
def test_an_own_password_must_be_hard_to_guess(anna, bad):
    with pytest.raises(Invalid):
        signing_in.change_password(anna, PASSWORD, bad)


def test_changing_the_password_needs_the_old_one(anna):
    with pytest.raises(signing_in.WrongPassword):
        signing_in.change_password(anna, "не тот", "новый длинный пароль")
    signing_in.change_password(anna, PASSWORD, "новый длинный пароль")
    sign_in(password="новый длинный пароль")


def test_passwords_are_kept_as_argon2id(anna):
    with writing() as session:
        assert session.get_one(Account, anna.id).password_hash.startswith("$argon2id$")

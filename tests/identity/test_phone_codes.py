"""Codes: six digits, five minutes, five tries, one use, a minute between sends; never shown."""

import datetime as dt
import logging
import threading

import pytest
from sqlalchemy import select

from app import create_app
from app.core import clock, throttle
from app.core.db import db
from app.core.errors import Invalid, TooMany
from app.core.transaction import writing
from app.identity import walks
from app.identity.code_delivery import Channel, PhoneCode, text_of
from app.identity.phone_codes import (
    FAILURES_IN_ALL,
    FAILURES_PER_ADDRESS,
    Verdict,
    check_code,
    may_call,
    send_code,
)
from app.identity.phones import masked_phone, normal_phone
from app.identity.sms import Log, SmsMessage
from tests.conftest import make_settings

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
PHONE = "+79161234567"


@pytest.fixture
def walk(app):
    with clock.frozen(NOW):
        return walks.begin("/im/", None)[0].id


def at(seconds):
    return clock.frozen(NOW + dt.timedelta(seconds=seconds))


def send(walk, seconds=0, phone=PHONE, channel=Channel.SMS):
    with at(seconds):
        send_code(walk_id=walk, phone=phone, address="10.0.0.1", channel=channel)


def check(walk, typed, seconds=1, phone=PHONE, address="10.0.0.1"):
    with at(seconds):
        return check_code(walk_id=walk, phone=phone, typed=typed, address=address).verdict


def wrong(code):
    return "000000" if code != "000000" else "111111"


@pytest.mark.parametrize(
    "typed",
    ["8(916)123-45-67", "+7 916 123 45 67", "9161234567", "89161234567", "7 916 1234567"],
)
def test_a_phone_is_understood_however_it_is_typed(typed):
    assert normal_phone(typed) == PHONE


@pytest.mark.parametrize("typed", ["", "123", "8 800 200-00-00", "8 495 123-45-67", "телефон"])
def test_what_cannot_receive_a_text_is_refused_in_words(app, typed):
    with app.test_request_context(), pytest.raises(Invalid):
        normal_phone(typed)


def test_the_right_code_proves_once(walk, last_code):
    send(walk)
    code = last_code()
    assert check(walk, code) is Verdict.RIGHT
    assert check(walk, code) is Verdict.EXPIRED


def test_a_code_lives_five_minutes(walk, last_code):
    send(walk)
    assert check(walk, last_code(), seconds=301) is Verdict.EXPIRED


def test_five_wrong_tries_use_a_code_up(walk, last_code):
    send(walk)
    code = last_code()
    verdicts = [check(walk, wrong(code)) for _ in range(5)]
    assert verdicts == [Verdict.WRONG] * 4 + [Verdict.USED_UP]
    assert check(walk, code) is Verdict.USED_UP


def test_a_new_code_makes_the_old_one_worthless(walk, last_code):
    send(walk)
    old = last_code()
    send(walk, 61)
    new = last_code()
    if old != new:
        assert check(walk, old, seconds=62) is Verdict.WRONG
    assert check(walk, new, seconds=62) is Verdict.RIGHT


def test_a_minute_passes_between_sends(app, walk):
    send(walk)
    with app.test_request_context(), pytest.raises(TooMany) as caught:
        send(walk, 30)
    assert caught.value.retry_after == pytest.approx(30, abs=2)


def test_a_new_code_does_not_forgive_failures(app, walk, last_code):
    for number in range(2):
        send(walk, number * 61)
        for _ in range(5):
            check(walk, wrong(last_code()), seconds=number * 61 + 1)
    send(walk, 200)
    with app.test_request_context(), pytest.raises(TooMany):
        check(walk, last_code(), seconds=201)


def test_another_browser_cannot_use_the_code(walk, last_code):
    send(walk)
    with at(1):
        other = walks.begin("/im/", None)[0].id
    assert check(other, last_code()) is Verdict.EXPIRED


def test_only_a_keyed_digest_is_stored(walk, last_code):
    send(walk)
    stored = db.session.scalars(select(PhoneCode.digest)).one()
    assert last_code() not in stored
    assert len(stored) == 64


def test_the_text_is_one_sms_and_ends_with_the_webotp_line(walk, last_code):
    send(walk)
    text = db.session.scalars(select(SmsMessage.text)).one()
    assert len(text) < 70
    assert text.splitlines()[-1] == f"@localhost #{last_code()}"


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("school.ru", "123456 — код Сферума, это секрет"),
        ("journal.school-1.tver.example.ru", "123456 — код Сферума"),
        ("journal.very-long-name-of-a-school.example.ru", "123456"),
    ],
)
def test_the_words_give_way_to_a_long_address_and_the_webotp_line_stays(tmp_path, host, words):
    app = create_app(make_settings(tmp_path, base_url=f"https://{host}"))
    with app.app_context():
        text = text_of("123456")
    assert text == f"{words}\n@{host} #123456"
    assert len(text) < 70


def test_the_log_sender_never_writes_the_code(app, caplog):
    with caplog.at_level(logging.DEBUG):
        Log().send(PHONE, "123456 — код")
    assert "123456" not in caplog.text


def test_parallel_guesses_are_counted_one_by_one(app, walk, last_code):
    send(walk)
    bad = wrong(last_code())
    verdicts = []

    def guess():
        with app.app_context():
            verdicts.append(check(walk, bad))

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts.count(Verdict.WRONG) == 4
    db.session.rollback()  # the guesses were counted in other sessions
    assert db.session.scalars(select(PhoneCode.tries)).one() == 5


def test_a_phone_is_masked_but_for_its_end():
    assert masked_phone(PHONE) == "+7 ••• •••-••-67"


# -- brakes beyond one phone --------------------------------------------------------------------
def test_one_address_guesses_at_many_phones_only_so_long(app, walk, last_code):
    for _ in range(FAILURES_PER_ADDRESS.count):
        with at(1):
            throttle.record("code:fail:address:10.0.0.1")
    send(walk)
    with app.test_request_context(), pytest.raises(TooMany):
        check(walk, last_code())
    assert check(walk, last_code(), address="10.0.0.2") is Verdict.RIGHT


def test_many_addresses_guess_at_many_phones_only_so_long(app, walk, last_code):
    with at(1), writing():
        for _ in range(FAILURES_IN_ALL.count):
            throttle.record("code:fail:all")
    send(walk)
    with app.test_request_context(), pytest.raises(TooMany):
        check(walk, last_code())


def test_a_wrong_code_counts_for_the_phone_the_address_and_the_site(walk, last_code):
    send(walk)
    check(walk, wrong(last_code()))
    with at(2):
        for key in (f"code:fail:{PHONE}", "code:fail:address:10.0.0.1", "code:fail:all"):
            assert throttle.count(key, dt.timedelta(hours=1)) == 1


def test_the_day_has_a_budget_of_codes(tmp_path, new_database):
    url = new_database(tmp_path)
    app = create_app(make_settings(tmp_path, database_url=url, sms_per_day=2))
    with app.test_request_context():
        with clock.frozen(NOW):
            walk = walks.begin("/im/", None)[0].id
        for number in range(2):
            send(walk, phone=f"+7916000000{number}")
        with pytest.raises(TooMany) as caught:
            send(walk, phone="+79160000009")
        assert "администратору школы" in str(caught.value.message)
        send(walk, 24 * 3600 + 1, phone="+79160000009")
        db.engine.dispose()


# -- the dropped call ---------------------------------------------------------------------------
def test_a_call_is_offered_after_two_texts(walk):
    offers = []
    for number in range(3):
        with at(number * 61):
            offers.append(may_call(PHONE))
        send(walk, number * 61)
    assert offers == [False, False, True]


def test_the_last_four_digits_of_the_caller_are_the_code(walk):
    send(walk)
    send(walk, 61)
    send(walk, 122, channel=Channel.CALL)
    text = db.session.scalars(select(SmsMessage.text).order_by(SmsMessage.id.desc())).first()
    digits = "".join(char for char in text if char.isdigit())[-4:]
    assert check(walk, wrong(digits)[:4], seconds=123) is Verdict.WRONG
    assert check(walk, digits, seconds=124) is Verdict.RIGHT


def test_four_digits_have_three_tries_and_two_calls_a_day(app, walk):
    for number in range(2):
        send(walk, number * 61, channel=Channel.CALL)
        verdicts = [check(walk, "xxxx", seconds=number * 61 + 1) for _ in range(3)]
        assert verdicts == [Verdict.WRONG, Verdict.WRONG, Verdict.USED_UP]
    with app.test_request_context(), pytest.raises(TooMany):
        send(walk, 200, channel=Channel.CALL)
    with at(201):
        assert not may_call(PHONE)

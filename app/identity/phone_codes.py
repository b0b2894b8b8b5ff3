"""Codes that prove a phone: how many may be asked for and guessed, and when one is right.

Numbers: NIST SP 800-63B-4 §3.1.3.2 (six digits, short life, one use, attempts limited; a new code
does not reset the count of failures).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import structlog
from flask_babel import gettext
from sqlalchemy import select

from app.core import clock, throttle, tokens
from app.core.config import current_settings
from app.core.errors import TooMany
from app.core.throttle import Limit
from app.core.transaction import writing
from app.identity import code_delivery, sms
from app.identity.code_delivery import Channel, Delivery, PhoneCode, code_digest

log = structlog.get_logger(__name__)
DAY = dt.timedelta(hours=24)
HOUR = dt.timedelta(hours=1)
DIGITS = {Channel.SMS: 6, Channel.CALL: sms.CALL_DIGITS}
LIFE = dt.timedelta(minutes=5)
# Four digits are a hundred times easier to guess: fewer tries, and two calls a day. Together they
# leave 6 guesses in 10,000.
TRIES = {Channel.SMS: 5, Channel.CALL: 3}
CALLS_PER_PHONE = Limit(2, DAY)
TEXTS_BEFORE_CALL = 2
PAUSE = Limit(1, dt.timedelta(seconds=60))
FAILURES_PER_PHONE = Limit(10, DAY)
SENDS_PER_PHONE = Limit(5, HOUR)
# A whole school may link from one address in one parents' evening.
SENDS_PER_ADDRESS = Limit(120, HOUR)
FAILURES_PER_ADDRESS = Limit(60, HOUR)
# The brake for guessing from many addresses at many phones.
FAILURES_IN_ALL = Limit(500, HOUR)
BUDGET_WARNING = 0.8


class Verdict(StrEnum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED_UP = "used_up"
    ON_ITS_WAY = "on_its_way"


@dataclass(frozen=True)
class Answer:
    """The verdict, and how many tries this code has left."""

    verdict: Verdict
    tries_left: int = 0


def seconds_until_resend(phone: str) -> int:
    """How long until another code may be sent to this phone (0: now)."""
    return throttle.seconds_to_wait(f"code:send:{phone}", PAUSE)


def may_call(phone: str) -> bool:
    """Offer the dropped call: two texts did not help, and somebody here can call (FLOWS 1.4)."""
    return (
        sms.can_call()
        and throttle.count(f"code:send:{phone}", HOUR) >= TEXTS_BEFORE_CALL
        and not throttle.seconds_to_wait(f"code:call:{phone}", CALLS_PER_PHONE)
    )


def send_code(*, walk_id: int, phone: str, address: str, channel: Channel = Channel.SMS) -> None:
    """Make a new code for this walk and send it; earlier ones of the walk stop working.

    Raises:
        TooMany: asked again within a minute, or over the limits of the phone, the address, or the
            site's day.
    """
    code = tokens.digits(DIGITS[channel])
    with writing() as session:
        _check_sends(phone, address, channel)
        turn = throttle.count(f"code:send:{phone}", HOUR)
        for old in session.scalars(
            select(PhoneCode).where(PhoneCode.walk_id == walk_id, PhoneCode.used_at.is_(None))
        ):
            old.used_at = clock.now()
        row = PhoneCode(walk_id=walk_id, phone=phone, channel=channel)
        row.digest = code_digest(phone, code) if channel is Channel.SMS else ""
        session.add(row)
        session.flush()
        code_id = row.id
        throttle.record(f"code:send:{phone}")
        throttle.record(f"code:send:address:{address}")
        throttle.record("code:send:all")
        if channel is Channel.CALL:
            throttle.record(f"code:call:{phone}")
    _warn_of_budget()
    if channel is Channel.SMS:
        code_delivery.send_text(code_id, phone, code, turn=turn)
    else:
        code_delivery.make_call(code_id, phone)


def check_code(*, walk_id: int, phone: str, typed: str, address: str) -> Answer:
    """Try a code. Tries are counted under the write lock, so parallel guesses count one by one.

    Raises:
        TooMany: ten wrong codes for this phone within 24 hours, or too many from this address or
            on the whole site.
    """
    with writing() as session:
        _check_failures(phone, address)
        code = session.scalar(
            select(PhoneCode)
            .where(
                PhoneCode.walk_id == walk_id,
                PhoneCode.phone == phone,
                PhoneCode.used_at.is_(None),
            )
            .order_by(PhoneCode.id.desc())
            .limit(1)
            .with_for_update()
        )
        return _judge(code, typed, address)


def _judge(code: PhoneCode | None, typed: str, address: str) -> Answer:
    if code is None or clock.now() - code.sent_at > LIFE:
        return Answer(Verdict.EXPIRED)
    if code.channel is Channel.CALL and not code.digest:
        is_waiting = code.delivery is Delivery.PENDING
        return Answer(Verdict.ON_ITS_WAY if is_waiting else Verdict.EXPIRED)
    if code.tries >= TRIES[code.channel]:
        return Answer(Verdict.USED_UP)
    if tokens.is_same(code.digest, code_digest(code.phone, typed)):
        code.used_at = clock.now()
        return Answer(Verdict.RIGHT)
    code.tries += 1
    for key in (f"code:fail:{code.phone}", f"code:fail:address:{address}", "code:fail:all"):
        throttle.record(key)
    left = TRIES[code.channel] - code.tries
    return Answer(Verdict.WRONG if left else Verdict.USED_UP, left)


def _check_failures(phone: str, address: str) -> None:
    wait = throttle.seconds_to_wait(f"code:fail:{phone}", FAILURES_PER_PHONE)
    if wait:
        raise TooMany(
            gettext(
                "Слишком много неверных кодов для этого номера. Попробуйте завтра "
                "или войдите с другим номером."
            ),
            retry_after=wait,
        )
    wait = max(
        throttle.seconds_to_wait(f"code:fail:address:{address}", FAILURES_PER_ADDRESS),
        throttle.seconds_to_wait("code:fail:all", FAILURES_IN_ALL),
    )
    if wait:
        raise TooMany(
            gettext(
                "Слишком много неверных кодов подряд. Попробуйте через %(minutes)d мин.",
                minutes=-(-wait // 60),
            ),
            retry_after=wait,
        )


def _check_sends(phone: str, address: str, channel: Channel) -> None:
    pause = seconds_until_resend(phone)
    if pause:
        raise TooMany(
            gettext("Новый код можно запросить через %(seconds)d с", seconds=pause),
            retry_after=pause,
        )
    wait = max(
        throttle.seconds_to_wait(f"code:send:{phone}", SENDS_PER_PHONE),
        throttle.seconds_to_wait(f"code:send:address:{address}", SENDS_PER_ADDRESS),
    )
    if channel is Channel.CALL:
        wait = max(wait, throttle.seconds_to_wait(f"code:call:{phone}", CALLS_PER_PHONE))
    if wait:
        raise TooMany(
            gettext(
                "Кодов запрошено слишком много. Попробуйте через %(minutes)d мин.",
                minutes=-(-wait // 60),
            ),
            retry_after=wait,
        )
    wait = throttle.seconds_to_wait("code:send:all", Limit(current_settings().sms_per_day, DAY))
    if wait:
        raise TooMany(
            gettext(
                "На сегодня коды закончились: школа отправляет ограниченное число СМС в день. "
                "Попробуйте завтра или скажите администратору школы."
            ),
            retry_after=wait,
        )


def _warn_of_budget() -> None:
    budget = current_settings().sms_per_day
    sent = throttle.count("code:send:all", DAY)
    if sent == int(budget * BUDGET_WARNING):
        log.warning("most of the day's SMS budget is spent", sent=sent, budget=budget)

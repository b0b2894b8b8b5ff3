"""Codes that prove a phone: sent by SMS, kept only as a keyed digest, counted one by one.

Numbers: NIST SP 800-63B-4 §3.1.3.2 (six digits, short life, one use, attempts limited; a new code
does not reset the count of failures).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import phonenumbers
from flask_babel import gettext
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, throttle, tokens
from app.core.config import current_settings
from app.core.db import UTC, Model
from app.core.errors import Invalid, TooMany
from app.core.throttle import Limit
from app.core.transaction import writing
from app.identity import sms

DIGITS = 6
LIFE = dt.timedelta(minutes=5)
TRIES = 5
PAUSE = dt.timedelta(seconds=60)
FAILURES_PER_PHONE = Limit(10, dt.timedelta(hours=24))
SENDS_PER_PHONE = Limit(5, dt.timedelta(hours=1))
# A whole school may link from one address in one parents' evening.
SENDS_PER_ADDRESS = Limit(120, dt.timedelta(hours=1))
REGION = "RU"


class PhoneCode(Model):
    """One sent code, bound to the walk (browser) that asked for it."""

    __tablename__ = "phone_codes"
    __table_args__ = (Index("ix_phone_codes_walk_id", "walk_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walks.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTC)


class Verdict(StrEnum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED_UP = "used_up"


@dataclass(frozen=True)
class Answer:
    """The verdict, and how many tries this code has left."""

    verdict: Verdict
    tries_left: int = 0


def normal_phone(typed: str) -> str:
    """«8 (916) 123-45-67» -> «+79161234567» (E.164).

    Raises:
        Invalid: not a phone number, or one that cannot receive an SMS.
    """
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        raise Invalid(gettext("Введите номер целиком, например +7 916 123-45-67")) from None
    if not phonenumbers.is_valid_number(number):
        raise Invalid(gettext("Такого номера нет. Проверьте, все ли цифры на месте"))
    kind = phonenumbers.number_type(number)
    if kind not in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    ):
        raise Invalid(gettext("На этот номер не приходят СМС. Введите номер мобильного телефона"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(phone: str) -> str:
    """«+79161234567» -> «+7 ••• •••-••-67»."""
    country = str(phonenumbers.parse(phone).country_code)
    return f"+{country} ••• •••-••-{phone[-2:]}"


def shown_phone(phone: str) -> str:
    """«+79161234567» -> «+7 916 123-45-67», for its own owner."""
    return phonenumbers.format_number(
        phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def seconds_until_resend(phone: str) -> int:
    """How long until another code may be sent to this phone (0: now)."""
    return throttle.seconds_to_wait(f"code:send:{phone}", Limit(1, PAUSE))


def send_code(*, walk_id: int, phone: str, address: str) -> None:
    """Make a new code for this walk and send it; earlier ones of the walk stop working.

    Raises:
        TooMany: asked again within a minute, or over the limits of the phone or the address.
    """
    _check_sends(phone, address)
    code = tokens.digits(DIGITS)
    with writing() as session:
        for old in session.scalars(
            select(PhoneCode).where(PhoneCode.walk_id == walk_id, PhoneCode.used_at.is_(None))
        ):
            old.used_at = clock.now()
        session.add(PhoneCode(walk_id=walk_id, phone=phone, digest=_digest(phone, code)))
        throttle.record(f"code:send:{phone}")
        throttle.record(f"code:send:address:{address}")
    sms.sender().send(phone, _text(code))


def check_code(*, walk_id: int, phone: str, typed: str) -> Answer:
    """Try a code. Tries are counted under the write lock, so parallel guesses count one by one.

    Raises:
        TooMany: ten wrong codes for this phone within 24 hours.
    """
    wait = throttle.seconds_to_wait(f"code:fail:{phone}", FAILURES_PER_PHONE)
    if wait:
        raise TooMany(
            gettext(
                "Слишком много неверных кодов для этого номера. Попробуйте завтра "
                "или войдите с другим номером."
            ),
            retry_after=wait,
        )
    with writing() as session:
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
        return _judge(code, phone, typed)


def _judge(code: PhoneCode | None, phone: str, typed: str) -> Answer:
    if code is None or clock.now() - code.sent_at > LIFE:
        return Answer(Verdict.EXPIRED)
    if code.tries >= TRIES:
        return Answer(Verdict.USED_UP)
    if tokens.is_same(code.digest, _digest(phone, typed)):
        code.used_at = clock.now()
        return Answer(Verdict.RIGHT)
    code.tries += 1
    throttle.record(f"code:fail:{phone}")
    left = TRIES - code.tries
    return Answer(Verdict.WRONG if left else Verdict.USED_UP, left)


def _check_sends(phone: str, address: str) -> None:
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
    if wait:
        raise TooMany(
            gettext(
                "Кодов запрошено слишком много. Попробуйте через %(minutes)d мин.",
                minutes=-(-wait // 60),
            ),
            retry_after=wait,
        )


def _digest(phone: str, code: str) -> str:
    return tokens.keyed_digest(f"{phone}:{code}", key=current_settings().secret_key)


def _text(code: str) -> str:
    """Under 70 characters, so that a Cyrillic SMS is one part; the last line is for WebOTP."""
    host = urlsplit(current_settings().base_url).hostname
    return f"{code} — код Сферума, это секрет\n@{host} #{code}"

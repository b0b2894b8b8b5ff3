"""Signing in to the journal: logins and passwords. Sessions are in `journal_sessions`."""

from __future__ import annotations

import datetime as dt

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import audit, throttle
from app.core.db import db
from app.core.errors import Invalid, TooMany
from app.core.throttle import Limit
from app.core.transaction import writing
from app.school.accounts import Account
from app.school.journal_sessions import open_session
from app.school.people import Person

# RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
MIN_PASSWORD = 10
MAX_PASSWORD = 200
# A school sits behind one address, so the address limit only stops floods.
ACCOUNT_LIMIT = Limit(10, dt.timedelta(minutes=15))
ADDRESS_LIMIT = Limit(100, dt.timedelta(minutes=15))
_DUMMY_HASH = HASHER.hash("nobody's password")
COMMON_PASSWORDS = frozenset(
    {
        *("1234567890", "qwertyuiop", "qwerty12345", "password123", "12345678910", "1q2w3e4r5t"),
        *("йцукенгшщз", "пароль12345", "1111111111", "0987654321", "qwerty123456", "0000000000"),
    }
)


class WrongPassword(Invalid):
    """The current password was not given right."""


def hash_password(text: str) -> str:
    """The argon2id hash of a password, with its parameters inside."""
    return HASHER.hash(text)


def check_password(account: Account | None, text: str) -> bool:
    """Whether `text` is the account's password; takes the same time when there is no account."""
    stored = account.password_hash if account is not None else ""
    try:
        HASHER.verify(stored or _DUMMY_HASH, text[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def normal_login(text: str) -> str:
    """How logins are compared: without spaces around, without case."""
    return text.strip().casefold()


def find_account(login: str) -> Account | None:
    """The account with this login, its person loaded."""
    return db.session.scalar(
        select(Account)
        .options(joinedload(Account.person).joinedload(Person.school))
        .where(Account.login == normal_login(login))
    )


def sign_in(
    login: str, password: str, *, address: str, user_agent: str, device: str = ""
) -> tuple[Account, str]:
    """Open a browser session; returns the account and the token for the browser to keep.

    Raises:
        TooMany: too many failures for this account or from this address.
        Invalid: wrong login or password (not said which), or the person has left the school.
    """
    account_key = f"sign-in:account:{normal_login(login)}"
    address_key = f"sign-in:address:{address}"
    wait = max(
        throttle.seconds_to_wait(account_key, ACCOUNT_LIMIT),
        throttle.seconds_to_wait(address_key, ADDRESS_LIMIT),
    )
    if wait:
        raise TooMany(
            gettext(
                "Слишком много попыток входа. Попробуйте через %(minutes)d мин.",
                minutes=-(-wait // 60),
            ),
            retry_after=wait,
        )
    account = find_account(login)
    if account is None or not check_password(account, password):
        with writing():
            throttle.record(account_key)
            throttle.record(address_key)
        raise Invalid(gettext("Неверный логин или пароль"))
    if account.person.left_on is not None:
        raise Invalid(gettext("Вы больше не числитесь в этой школе. Обратитесь к администратору."))
    throttle.forget(account_key)
    return account, open_session(account, address=address, user_agent=user_agent, device=device)


def confirm_password(account: Account, text: str) -> None:
    """Ask for the password again before what only the owner may do.

    Raises:
        Invalid: it is wrong.
        TooMany: wrong too many times.
    """
    key = f"confirm:{account.id}"
    wait = throttle.seconds_to_wait(key, ACCOUNT_LIMIT)
    if wait:
        raise TooMany(
            gettext("Пароль введён неверно несколько раз подряд. Попробуйте через 15 минут."),
            retry_after=wait,
        )
    if not check_password(account, text):
        throttle.record(key)
        raise Invalid(gettext("Неверный пароль. Введите пароль от электронного журнала."))
    throttle.forget(key)


def change_password(account: Account, current: str, new: str) -> None:
    """Replace the password, after proving the current one.

    Raises:
        WrongPassword: `current` is wrong. TooMany: too often. Invalid: see `set_password`.
    """
    key = f"password:{account.public_id}"
    wait = throttle.seconds_to_wait(key, ACCOUNT_LIMIT)
    if wait:
        raise TooMany(
            gettext(
                "Слишком много попыток. Попробуйте через %(minutes)d мин.",
                minutes=-(-wait // 60),
            ),
            retry_after=wait,
        )
    if not check_password(account, current):
        throttle.record(key)
        raise WrongPassword(gettext("Неверный пароль"))
    set_password(account, new)


def set_password(account: Account, new: str) -> None:
    """Give the account its own password.

    Raises:
        Invalid: too short, too common, or contains the login.
    """
    if len(new) < MIN_PASSWORD:
        raise Invalid(gettext("Не короче %(count)d символов", count=MIN_PASSWORD))
    lowered = new.casefold()
    if lowered in COMMON_PASSWORDS or account.login in lowered:
        raise Invalid(gettext("Такой пароль легко угадать, придумайте другой"))
    hashed = hash_password(new[:MAX_PASSWORD])
    with writing():
        account.password_hash = hashed
        account.must_change_password = False
        audit.note(
            actor=f"account:{account.public_id}",
            action="journal.password_set",
            subject=f"account:{account.public_id}",
        )

"""Signing in to the journal: passwords, and the sessions of browsers.

The browser keeps a random token in its signed cookie; the database keeps the token's digest.
"""

from __future__ import annotations

import datetime as dt

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app.core import audit, clock, throttle, tokens
from app.core.db import db
from app.core.errors import Invalid, TooMany
from app.core.throttle import Limit
from app.core.transaction import writing
from app.school.accounts import Account, JournalSession
from app.school.people import Person

# RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
MIN_PASSWORD = 10
MAX_PASSWORD = 200
# A school sits behind one address, so the address limit only stops floods.
ACCOUNT_LIMIT = Limit(10, dt.timedelta(minutes=15))
ADDRESS_LIMIT = Limit(100, dt.timedelta(minutes=15))
# Decision: a browser stays signed in for 12 hours of silence. Journals are opened on shared
# school computers; a working day is longer than any lesson break.
IDLE = dt.timedelta(hours=12)
SEEN_STEP = dt.timedelta(minutes=1)
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


def sign_in(login: str, password: str, *, address: str, user_agent: str) -> tuple[Account, str]:
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
    return account, _open_session(account, account_key, address, user_agent)


def _open_session(account: Account, account_key: str, address: str, user_agent: str) -> str:
    token = tokens.secret()
    with writing() as session:
        throttle.forget(account_key)
        session.add(
            JournalSession(
                token_digest=tokens.digest(token),
                account_id=account.id,
                address=address[:45],
                user_agent=user_agent[:300],
            )
        )
        if account.first_signed_in_at is None:
            account.first_signed_in_at = clock.now()
        audit.note(
            actor=f"account:{account.public_id}",
            action="journal.sign_in",
            subject=f"account:{account.public_id}",
        )
    return token


def find_session(token: str) -> JournalSession | None:
    """The live session of this token, with its account, person and school, by one query."""
    if not token:
        return None
    found = db.session.scalar(
        select(JournalSession)
        .options(
            joinedload(JournalSession.account).joinedload(Account.person).joinedload(Person.school)
        )
        .where(
            JournalSession.token_digest == tokens.digest(token),
            JournalSession.ended_at.is_(None),
            JournalSession.last_seen_at > clock.now() - IDLE,
        )
    )
    if found is None or found.account.person.left_on is not None:
        return None
    return found


def touch(session_row: JournalSession) -> None:
    """Note that the browser is alive, at most once a minute."""
    if clock.now() - session_row.last_seen_at < SEEN_STEP:
        return
    with writing():
        session_row.last_seen_at = clock.now()


def sessions_of(account: Account) -> list[JournalSession]:
    """Live sessions of the account, the latest used first."""
    return list(
        db.session.scalars(
            select(JournalSession)
            .where(
                JournalSession.account_id == account.id,
                JournalSession.ended_at.is_(None),
                JournalSession.last_seen_at > clock.now() - IDLE,
            )
            .order_by(JournalSession.last_seen_at.desc())
        )
    )


def end_session(account: Account, public_id: str) -> bool:
    """End one session of this account; False when it has no such live session."""
    with writing() as session:
        result = session.execute(
            update(JournalSession)
            .where(
                JournalSession.account_id == account.id,
                JournalSession.public_id == public_id,
                JournalSession.ended_at.is_(None),
            )
            .values(ended_at=clock.now())
        )
        return bool(getattr(result, "rowcount", 0))


def end_other_sessions(account: Account, *, keep: JournalSession) -> int:
    """End every other session of the account; returns how many."""
    with writing() as session:
        result = session.execute(
            update(JournalSession)
            .where(
                JournalSession.account_id == account.id,
                JournalSession.id != keep.id,
                JournalSession.ended_at.is_(None),
            )
            .values(ended_at=clock.now())
        )
        return int(getattr(result, "rowcount", 0))


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

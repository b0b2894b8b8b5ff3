"""Browsers signed in to the journal: their sessions, new devices, ending them.

The browser keeps a random token in its signed cookie; the database keeps the token's digest.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from app.core import audit, clock, tokens
from app.core.db import db
from app.core.transaction import writing
from app.school.accounts import Account, JournalSession
from app.school.people import Person

# Decision: a browser stays signed in for 12 hours of silence. Journals are opened on shared
# school computers; a working day is longer than any lesson break.
IDLE = dt.timedelta(hours=12)
SEEN_STEP = dt.timedelta(minutes=1)
NOTICE_LASTS = dt.timedelta(days=30)


def open_session(account: Account, *, address: str, user_agent: str, device: str) -> str:
    """Open a session after the password was right; returns the token for the browser to keep."""
    token, digest = tokens.secret(), tokens.digest(device) if device else ""
    with writing() as session:
        known = set(
            session.scalars(
                select(JournalSession.device_digest).where(
                    JournalSession.account_id == account.id,
                    JournalSession.device_digest != "",
                    JournalSession.is_new_device.is_(False),
                )
            )
        )
        session.add(
            JournalSession(
                token_digest=tokens.digest(token),
                account_id=account.id,
                address=address[:45],
                user_agent=user_agent[:300],
                device_digest=digest,
                is_new_device=bool(digest and known) and digest not in known,
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


def renew(session_row: JournalSession) -> str:
    """A new token for the same session at a rise of privilege; the old one opens nothing.

    What somebody may have planted or copied before is worthless after it (OWASP ASVS 5.0, 7.2.4).
    """
    token = tokens.secret()
    with writing():
        session_row.token_digest = tokens.digest(token)
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


def sign_out(session_row: JournalSession) -> None:
    """The person leaves by themselves: the device stays as known as it was."""
    with writing():
        session_row.ended_at = session_row.ended_at or clock.now()


def end_session(account: Account, public_id: str) -> bool:
    """End one session of this account and forget its device: back again, it is asked about.

    False when there is nothing to end and nothing to answer (`new_devices` lists ended ones too).
    """
    with writing() as session:
        row = session.scalar(
            select(JournalSession).where(
                JournalSession.account_id == account.id,
                JournalSession.public_id == public_id,
                or_(JournalSession.ended_at.is_(None), JournalSession.is_new_device.is_(True)),
            )
        )
        if row is None:
            return False
        row.ended_at = row.ended_at or clock.now()
        session.execute(
            update(JournalSession)
            .where(
                JournalSession.account_id == account.id,
                JournalSession.device_digest == row.device_digest,
            )
            .values(device_digest="", is_new_device=False)
        )
    return True


def end_all(account: Account) -> None:
    """End every session of the account."""
    with writing() as session:
        session.execute(
            update(JournalSession)
            .where(JournalSession.account_id == account.id, JournalSession.ended_at.is_(None))
            .values(ended_at=clock.now())
        )


def end_other_sessions(account: Account, *, keep: JournalSession) -> int:
    """End every other session of the account; returns how many. It answers for new devices too."""
    with writing() as session:
        session.execute(
            update(JournalSession)
            .where(
                JournalSession.account_id == account.id,
                JournalSession.id != keep.id,
                JournalSession.is_new_device.is_(True),
            )
            .values(device_digest="", is_new_device=False)
        )
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


def new_devices(account: Account, here: JournalSession) -> list[JournalSession]:
    """Sign-ins of the last 30 days on devices not seen before, that another device may answer for.

    Ended ones too: who came, looked and left is worth knowing of.
    """
    return list(
        db.session.scalars(
            select(JournalSession)
            .where(
                JournalSession.account_id == account.id,
                JournalSession.is_new_device.is_(True),
                JournalSession.device_digest != here.device_digest,
                JournalSession.created_at > clock.now() - NOTICE_LASTS,
            )
            .order_by(JournalSession.id.desc())
        )
    )


def recognise(here: JournalSession, public_id: str) -> None:
    """«Да, это я»: the device is known from now on. No device vouches for itself."""
    with writing() as session:
        session.execute(
            update(JournalSession)
            .where(
                JournalSession.account_id == here.account_id,
                JournalSession.public_id == public_id,
                JournalSession.device_digest != here.device_digest,
            )
            .values(is_new_device=False)
        )

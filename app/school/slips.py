"""First sign-in slips: a login and a one-time password on paper for each person.

Who gets one is asked in `slip_people`; `issue_slips` sets the passwords and lets the paper be
written (`slip_printing`) before it commits, so that paper and database cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from argon2 import PasswordHasher
from flask_babel import gettext
from sqlalchemy import bindparam, update

from app.core import audit, clock, tokens
from app.core.db import db
from app.core.errors import Missing
from app.core.transaction import writing
from app.school.accounts import Account, JournalSession
from app.school.slip_people import Slip, SlipQuery, find_slips

PASSWORD_LENGTH = 10
# Decision: one-time passwords are hashed with 8 MiB and one pass, so that a school's 3,300 slips
# take seconds. They are 50 random bits, not words somebody chose: guessing one by its hash would
# take a machine of a million tries a second 18 years on average, and it dies at the first
# sign-in. The person's own password is hashed by `signing_in.HASHER`; a hash names its own
# parameters, so checking needs no difference.
ONE_TIME_HASHER = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
WORKERS = 2


def issue_slips(query: SlipQuery, write: Callable[[Sequence[Slip]], None]) -> int:
    """Give everybody of `query` a new one-time password and `write` their slips; returns how many.

    With `again` old passwords die and the people's browsers are signed out. If writing fails
    nothing has changed.

    Raises:
        Missing: nobody fits.
    """
    slips = [replace(slip, password=_new_password()) for slip in find_slips(query)]
    if not slips:
        raise Missing(gettext("Памятки печатать некому: все уже входили в журнал."))
    with ThreadPoolExecutor(WORKERS) as pool:
        hashes = list(pool.map(lambda slip: ONE_TIME_HASHER.hash(slip.password), slips))
    with writing():
        _store(slips, hashes)
        audit.note(
            actor="system:command",
            action="slips.issued",
            subject=f"slips:{len(slips)}",
            again=query.again,
        )
        write(slips)
    return len(slips)


def _new_password() -> str:
    return tokens.printable(PASSWORD_LENGTH)


def _store(slips: Sequence[Slip], hashes: Sequence[str]) -> None:
    accounts, sessions = Account.__table__, JournalSession.__table__
    rows = [
        {"row_id": slip.account_id, "hash": hashed}
        for slip, hashed in zip(slips, hashes, strict=True)
    ]
    db.session.execute(
        update(accounts)  # type: ignore[arg-type]
        .where(accounts.c.id == bindparam("row_id"))
        .values(password_hash=bindparam("hash"), must_change_password=True),
        rows,
    )
    db.session.execute(
        update(sessions)  # type: ignore[arg-type]
        .where(sessions.c.account_id == bindparam("row_id"), sessions.c.ended_at.is_(None))
        .values(ended_at=clock.now()),
        [{"row_id": slip.account_id} for slip in slips],
    )

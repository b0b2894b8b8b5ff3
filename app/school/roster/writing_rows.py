"""Writing changes to the site's tables, a thousand at a time; and accounts for new people."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.core.db import db
from app.school.accounts import Account
from app.school.people import Person, School
from app.school.roster.diff import Change, New, Verdict
from app.school.roster.kinds import Ending, Kind
from app.school.roster.logins import choose_login
from app.school.roster.staging import BATCH, Staging, make_key, split_key


def write(
    stage: Staging, kind: Kind, changes: Iterable[Change], counts: Counter[Verdict], today: dt.date
) -> None:
    """Carry out `changes` of one kind and count them, unchanged ones too."""
    waiting: dict[Verdict, list[Change]] = defaultdict(list)
    for change in changes:
        counts[change.verdict] += 1
        if change.verdict is Verdict.UNCHANGED:
            continue
        waiting[change.verdict].append(change)
        if len(waiting[change.verdict]) >= BATCH:
            _write_batch(stage, kind, change.verdict, waiting.pop(change.verdict), today)
    for verdict, batch in waiting.items():
        _write_batch(stage, kind, verdict, batch, today)


def _write_batch(
    stage: Staging, kind: Kind, verdict: Verdict, batch: list[Change], today: dt.date
) -> None:
    if verdict is Verdict.NEW:
        rows = [_new_row(stage, kind, change.new, today) for change in batch if change.new]
        db.session.execute(insert(kind.table), rows)
    elif verdict is Verdict.LEFT:
        _end(kind, batch, today)
    else:
        _update(kind, verdict, batch)


def _new_row(stage: Staging, kind: Kind, new: New, today: dt.date) -> dict[str, Any]:
    parts = split_key(new.key)
    row: dict[str, Any] = {column: load(parts[part]) for column, part, load in kind.own}
    for reference in kind.references:
        key = make_key(*(parts[part] for part in reference.parts))
        row[reference.column] = stage.id_of(reference.kind, key)
    for value, cell in zip(kind.values, new.values, strict=True):
        row[value.column] = value.stored(cell)
    for value, cell in zip(kind.extra, new.extra, strict=True):
        row[value.column] = value.stored(cell) or today
    return row


def _end(kind: Kind, batch: list[Change], today: dt.date) -> None:
    table = kind.table
    ids = [{"row_id": change.old.id} for change in batch if change.old]
    if kind.ending is Ending.DELETED:
        db.session.execute(delete(table).where(table.c.id == bindparam("row_id")), ids)
    else:
        statement = update(table).where(table.c.id == bindparam("row_id"))
        db.session.execute(statement.values({kind.end_column: today}), ids)


def _update(kind: Kind, verdict: Verdict, batch: list[Change]) -> None:
    """New values; a row that returned is open again.

    Decision: an enrolment that returns keeps its first `since`, so that a mistaken import is
    undone by the right file on the same day.
    """
    table = kind.table
    statement = update(table).where(table.c.id == bindparam("row_id"))
    values: dict[str, Any] = {
        value.column: bindparam(f"new_{value.column}") for value in kind.values
    }
    if verdict is Verdict.RETURNED:
        values[kind.end_column] = None
    rows = [
        {"row_id": change.old.id}
        | {
            f"new_{value.column}": value.stored(cell)
            for value, cell in zip(kind.values, change.new.values, strict=True)
        }
        for change in batch
        if change.old and change.new
    ]
    db.session.execute(statement.values(values), rows)


def ids_of_schools(stage: Staging) -> list[int]:
    """The site's ids of the roster's schools, new ones too."""
    known = db.session.execute(select(School.id, School.external_id).order_by(School.id))
    wanted = {new.key for new in stage.wanted("school")}
    return [school_id for school_id, external_id in known if external_id in wanted]


def open_accounts(stage: Staging, school_ids: Iterable[int]) -> int:
    """A journal account for every present person without one; returns how many.

    No password yet: it comes with the first sign-in slip.
    """
    for login in db.session.scalars(select(Account.login).execution_options(yield_per=BATCH)):
        stage.run("INSERT OR IGNORE INTO logins VALUES (?)", (login,))
    count = 0
    while batch := _without_account(school_ids):
        rows = [
            {
                "person_id": person_id,
                "login": choose_login(
                    stage.one("SELECT username FROM persons WHERE person = ?", (external_id,))
                    or "",
                    family,
                    lambda login: (
                        stage.run("INSERT OR IGNORE INTO logins VALUES (?)", (login,)) == 1
                    ),
                ),
            }
            for person_id, external_id, family in batch
        ]
        db.session.execute(insert(Account.__table__), rows)  # type: ignore[arg-type]
        count += len(rows)
    return count


def _without_account(school_ids: Iterable[int]) -> list[Any]:
    return list(
        db.session.execute(
            select(Person.id, Person.external_id, Person.family_name)
            .join(Account, Account.person_id == Person.id, isouter=True)
            .where(
                Person.school_id.in_(list(school_ids)),
                Person.left_on.is_(None),
                Account.id.is_(None),
            )
            .order_by(Person.id)
            .limit(BATCH)
        )
    )

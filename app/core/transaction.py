"""One use case, one transaction; what happened is told to others only once it is durable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from flask import current_app
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from app.core.db import IMMEDIATE, db

Reaction = Callable[[Any], None]
REACTIONS_KEY = "svyazka.reactions"
_FACTS = "svyazka.facts"

log = structlog.get_logger(__name__)


def connect(table: Mapping[type, Sequence[Reaction]]) -> None:
    """Install the fact -> reactions table of the current application (called by `create_app`)."""
    current_app.extensions[REACTIONS_KEY] = table


def publish(fact: object) -> None:
    """Queue a fact; its reactions run after the open transaction commits.

    Raises:
        RuntimeError: there is no open `writing()`.
    """
    try:
        db.session.info[_FACTS].append(fact)
    except KeyError:
        raise RuntimeError("publish() needs an open writing()") from None


def is_writing() -> bool:
    """Whether a `writing()` is open here: what must not run under the write lock asks this."""
    return _FACTS in db.session.info


@contextmanager
def writing() -> Iterator[scoped_session[Session]]:
    """Commit at the end, roll back on error. Inside another `writing()` it joins the outer one.

    What was read before is read anew inside: the lock is taken first, so that a decision and its
    write see the same data. Facts published inside are told after the commit.
    """
    session = db.session
    if _FACTS in session.info:
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("objects were changed outside writing()")
    session.rollback()  # ends a reading transaction and expires what it loaded
    session.info[_FACTS] = []
    try:
        session.connection(execution_options={IMMEDIATE: True})
        yield session
        session.commit()
    except BaseException:
        session.info.pop(_FACTS, None)
        session.rollback()
        raise
    for fact in session.info.pop(_FACTS):
        _tell(fact)


def _tell(fact: object) -> None:
    """Run the reactions to a durable fact; a failing one is logged and never undoes the fact."""
    table: Mapping[type, Sequence[Reaction]] = current_app.extensions.get(REACTIONS_KEY, {})
    for reaction in table.get(type(fact), ()):
        try:
            reaction(fact)
        except Exception:
            db.session.rollback()
            log.exception("reaction failed", fact=type(fact).__name__, reaction=reaction.__name__)
            if current_app.testing:
                raise

"""One use case, one transaction; what happened is told to others only once it is durable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from inspect import isgeneratorfunction
from typing import Any

import structlog
from flask import current_app
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from app.core.db import CONNECTION, IMMEDIATE, db

Reaction = Callable[[Any], Iterator[None] | None]
"""What follows a fact, once it is durable. A generator runs up to its `yield` in the transaction,
just before the commit: what it has to read is at hand there, and of the same moment.
"""
REACTIONS_KEY = "svyazka.reactions"
_FACTS = "svyazka.facts"
_Table = Mapping[type, Sequence[tuple[Reaction, bool]]]

log = structlog.get_logger(__name__)


def connect(table: Mapping[type, Sequence[Reaction]]) -> None:
    """Install the fact -> reactions table of the current application (called by `create_app`)."""
    current_app.extensions[REACTIONS_KEY] = {
        fact: [(reaction, isgeneratorfunction(reaction)) for reaction in reactions]
        for fact, reactions in table.items()
    }


def publish(fact: object) -> None:
    """Queue a fact; its reactions run after the open transaction commits.

    Raises:
        RuntimeError: there is no open `writing()`.
    """
    try:
        db.session().info[_FACTS].append(fact)
    except KeyError:
        raise RuntimeError("publish() needs an open writing()") from None


def is_writing() -> bool:
    """Whether a `writing()` is open here: what must not run under the write lock asks this."""
    return _FACTS in db.session().info


@contextmanager
def writing() -> Iterator[scoped_session[Session]]:
    """Commit at the end, roll back on error. Inside another `writing()` it joins the outer one.

    What was read before is read anew inside: the lock is taken first, so that a decision and its
    write see the same data. Facts published inside are told after the commit.
    """
    session = db.session()
    info = session.info
    if _FACTS in info:
        yield db.session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("objects were changed outside writing()")
    session.rollback()  # ends a reading transaction and expires what it loaded
    info[_FACTS] = []
    try:
        info[CONNECTION] = session.connection(execution_options={IMMEDIATE: True})
        yield db.session
        told = [step for fact in info[_FACTS] for step in _prepared(fact)]
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del info[_FACTS]
        info.pop(CONNECTION, None)
    for tell in told:
        tell()


def _prepared(fact: object) -> Iterator[Callable[[], None]]:
    """What to run when the fact is durable; what fails here undoes the fact."""
    table: _Table = current_app.extensions.get(REACTIONS_KEY, {})
    for reaction, prepares in table.get(type(fact), ()):
        rest = partial(reaction, fact)
        if prepares:
            begun: Any = reaction(fact)
            next(begun, None)
            rest = partial(next, begun, None)
        yield partial(_tell, fact, reaction.__name__, rest)


def _tell(fact: object, name: str, react: Callable[[], object]) -> None:
    """Run a reaction to a durable fact; a failing one is logged and never undoes the fact."""
    try:
        react()
    except Exception:
        db.session.rollback()
        log.exception("reaction failed", fact=type(fact).__name__, reaction=name)
        if current_app.testing:
            raise

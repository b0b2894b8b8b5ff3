"""writing() and publish(): a fact is told once it is durable, and only then."""

from dataclasses import dataclass

import pytest

from app.core import throttle, transaction
from app.core.db import db
from app.core.throttle import Attempt
from app.core.transaction import publish, writing


@dataclass(frozen=True)
class Happened:
    what: str


def count():
    return db.session.query(Attempt).count()


@pytest.fixture
def told(app):
    told = []
    transaction.connect({Happened: [lambda fact: told.append((fact.what, count()))]})
    return told


def test_a_fact_is_told_after_the_commit(told):
    with writing():
        throttle.record("a")
        publish(Happened("x"))
        assert told == []
    assert told == [("x", 1)]


def test_an_error_keeps_nothing_and_tells_nothing(told):
    with pytest.raises(ZeroDivisionError), writing():
        throttle.record("a")
        publish(Happened("x"))
        1 / 0
    assert told == []
    assert count() == 0


def test_an_inner_writing_joins_the_outer_one(told):
    with pytest.raises(ZeroDivisionError), writing():
        with writing():
            throttle.record("a")
        1 / 0
    assert count() == 0


def test_a_fact_outside_a_transaction_is_refused(told):
    with pytest.raises(RuntimeError):
        publish(Happened("x"))


def test_what_was_changed_outside_writing_is_refused(told):
    db.session.add(Attempt(key="k"))
    with pytest.raises(RuntimeError), writing():
        pass

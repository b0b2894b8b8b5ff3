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


@pytest.fixture
def followed(app):
    """What a reaction in two steps has seen: how many there were, before and after the commit."""
    seen = []

    def follow(fact):
        if fact.what == "bad":
            raise ZeroDivisionError
        seen.append(("before", fact.what, count()))
        yield
        seen.append(("after", fact.what, db.session().in_transaction()))

    transaction.connect({Happened: [follow]})
    return seen


def test_a_reaction_reads_in_the_transaction_and_acts_after_it(followed):
    with writing():
        throttle.record("a")
        publish(Happened("x"))
        publish(Happened("y"))
        assert followed == []
    assert followed == [
        ("before", "x", 1),
        ("before", "y", 1),
        ("after", "x", False),
        ("after", "y", False),
    ]


def test_what_cannot_be_prepared_is_not_stored(followed):
    with pytest.raises(ZeroDivisionError), writing():
        throttle.record("a")
        publish(Happened("x"))
        publish(Happened("bad"))
    assert followed == [("before", "x", 1)]
    assert count() == 0

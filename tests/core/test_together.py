"""Writes of the same moment share a commit, and each gets its own answer."""

import pytest
from flask_babel import force_locale, get_locale
from gevent import Timeout, joinall, sleep, spawn
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from app.core import together
from app.core.db import db
from app.core.errors import Denied
from app.core.together import Together, write_together
from app.core.transaction import is_writing, writing
from app.messenger.messages.models import Message
from app.messenger.messages.sending import send_message


@pytest.fixture
def chat(world, anna):
    return world.chat("Чат с родителями", anna)


@pytest.fixture
def commits(app, chat):
    """Commits since the chat was there."""
    seen = []

    def note(_connection):
        seen.append(True)

    event.listen(db.engine, "commit", note)
    yield seen
    event.remove(db.engine, "commit", note)


@pytest.fixture
def at_once(app):
    """Runs these writes as requests that have come at the same moment; returns what each got."""
    shared = Together()

    def request(write, language):
        with app.app_context(), force_locale(language):
            db.session.execute(select(1))  # who asks: it holds a connection
            try:
                return shared.run(write)
            except Exception as problem:
                return problem

    def run(*writes, languages=()):
        spoken = [*languages, *["ru"] * (len(writes) - len(languages))]
        with Timeout(20):
            asked = [spawn(request, *pair) for pair in zip(writes, spoken, strict=True)]
            joinall(asked)
        return [one.value for one in asked]

    return run


def saying(anna, chat, number):
    return lambda: send_message(anna.id, chat.public_id, f"message-{number}", "привет").seq


def stored():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Message))


def test_writes_of_one_moment_share_a_commit(at_once, commits, anna, chat):
    answers = at_once(*(saying(anna, chat, number) for number in range(10)))
    assert (answers, len(commits)) == (list(range(1, 11)), 1)


def test_more_may_wait_than_the_pool_has_connections(at_once, commits, anna, chat):
    """Whoever waits has given its connection back; else the writes would wait for ever."""
    asking = [saying(anna, chat, number) for number in range(40)]
    assert at_once(*asking) == list(range(1, 41))


def test_more_than_a_batch_takes_several(at_once, commits, anna, chat, monkeypatch):
    monkeypatch.setattr(together, "MOST", 4)
    answers = at_once(*(saying(anna, chat, number) for number in range(10)))
    assert (answers, len(commits)) == (list(range(1, 11)), 3)


def test_who_fails_fails_alone(at_once, anna, chat):
    def fail_late():
        send_message(anna.id, chat.public_id, "message-of-nobody", "привет")
        raise Denied("нельзя")

    first, second, third = at_once(saying(anna, chat, 1), fail_late, saying(anna, chat, 2))
    assert isinstance(second, Denied)
    assert (first, third, stored()) == (1, 2, 2)


def test_a_failure_alone_stores_nothing(at_once, anna, chat):
    def fail_late():
        send_message(anna.id, chat.public_id, "message-of-nobody", "привет")
        return 1 / 0

    [problem] = at_once(fail_late)
    assert isinstance(problem, ZeroDivisionError)
    assert stored() == 0


def test_everybody_is_answered_in_their_own_language(at_once):
    words = [lambda: str(get_locale()) for _ in range(2)]
    assert at_once(*words, languages=["ru", "en"]) == ["ru", "en"]


def test_the_next_moment_works_too(at_once, commits, anna, chat):
    assert at_once(saying(anna, chat, 1)) == [1]
    assert at_once(saying(anna, chat, 2)) == [2]
    assert len(commits) == 2


def test_inside_a_transaction_it_joins(app):
    with writing():
        assert write_together(is_writing)


def test_who_stores_may_be_killed_and_the_others_are_answered(app, anna, chat):
    shared = Together()

    def request(write):
        with app.app_context(), force_locale("ru"):
            return shared.run(write)

    def slow():
        sleep(0.2)

    with Timeout(20):
        first = spawn(request, slow)
        second = spawn(request, saying(anna, chat, 1))
        sleep(0.1)
        first.kill()
        assert second.get() == 1


def test_two_that_meet_are_run_once_more(app, anna, chat):
    """As two resends do under PostgreSQL."""
    tried = []

    def write():
        tried.append(is_writing())
        if len(tried) == 1:
            raise IntegrityError("", {}, Exception())
        return "found"

    assert write_together(write) == "found"
    assert tried == [True, True]

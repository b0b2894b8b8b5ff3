"""What is told a moment later is told once, and in the site's own context."""

import pytest
from flask import current_app
from gevent import Timeout, sleep

from app.realtime import soon

TOLD = []


def tell(*about):
    if about == ("bad",):
        raise ZeroDivisionError
    TOLD.append((current_app.name, *about))


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    TOLD.clear()
    monkeypatch.setattr(soon, "PAUSE", 0.05)


@pytest.fixture
def _greenlets(monkeypatch):
    """As on the served site."""
    monkeypatch.setattr(soon, "is_module_patched", lambda _name: True)


def test_without_greenlets_it_is_told_at_once(app):
    soon.once(tell, 1)
    soon.once(tell, 1)
    assert TOLD == [("app", 1), ("app", 1)]


@pytest.mark.usefixtures("_greenlets")
def test_what_happens_many_times_is_told_once(app):
    for _ in range(30):
        soon.once(tell, 1)
    soon.once(tell, 2)
    assert TOLD == []
    with Timeout(20):
        sleep(0.15)
    assert TOLD == [("app", 1), ("app", 2)]
    soon.once(tell, 1)
    with Timeout(20):
        sleep(0.15)
    assert TOLD == [("app", 1), ("app", 2), ("app", 1)], "what happens later is told again"


@pytest.mark.usefixtures("_greenlets")
def test_a_failure_is_logged_and_stops_nothing(app, caplog):
    soon.once(tell, "bad")
    soon.once(tell, 3)
    with Timeout(20):
        sleep(0.15)
    assert TOLD == [("app", 3)]
    assert "telling failed" in caplog.text

"""What is due is done again and again, and one job's failure is no other's."""

from app.core import ticking
from app.core.db import db
from app.reactions import DUE


def test_a_job_that_fails_does_not_stop_the_others(app):
    done = []

    def fails():
        raise RuntimeError("no")

    ticking.install(app, [fails, lambda: done.append(db.session.connection() is not None)])
    ticking.run_due(app)
    ticking.run_due(app)
    assert done == [True, True]


def test_a_served_site_looks_until_it_is_told_to_stop(app, monkeypatch):
    monkeypatch.setattr(ticking, "EVERY", 0.001)
    rounds = []

    def third_time_is_enough():
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()

    ticking.install(app, [third_time_is_enough])
    stop = ticking.start(app)
    assert stop.wait(10)
    assert len(rounds) == 3


def test_the_site_knows_what_to_look_for(app):
    assert app.extensions[ticking.KEY] == tuple(DUE)

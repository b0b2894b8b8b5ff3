"""What is due at a moment (a poll's deadline): looked for every few seconds by the served site.

A job asks the database what is due, so that nothing is forgotten by a restart: what came due while
the site stood still is done when it runs again. It must be cheap when there is nothing, and claim
what it does within `writing()`: several processes of one site may ask at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import structlog
from flask import Flask

log = structlog.get_logger(__name__)
EVERY = 10.0
Job = Callable[[], object]
KEY = "svyazka.jobs"


def install(app: Flask, jobs: Sequence[Job]) -> None:
    """Remember what to look for; nothing runs yet."""
    app.extensions[KEY] = tuple(jobs)


def start(app: Flask) -> threading.Event:
    """Begin to look, in a thread (a greenlet under gevent) of its own; the event ends it.

    Called where the site is served (deploy/gunicorn.conf.py), not by commands and tests.
    """
    stop = threading.Event()
    threading.Thread(target=_run, args=(app, stop), name="ticking", daemon=True).start()
    return stop


def run_due(app: Flask) -> None:
    """Do once what is due now. A job that fails is logged and asked again the next time."""
    for job in app.extensions[KEY]:
        try:
            with app.app_context():
                job()
        except Exception:
            log.exception("timed job failed", job=job.__qualname__)


def _run(app: Flask, stop: threading.Event) -> None:
    while not stop.wait(EVERY):
        run_due(app)

"""Writes that come at the same moment share one transaction, and one fsync.

A commit waits for the disk, and SQLite lets one writer in at a time. When a class writes at once,
the messages that have come while the last commit waited are stored by one commit. Each is
confirmed only after it, as always. Works where greenlets do (the served site); elsewhere a write
simply runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from flask import Flask, current_app
from flask_babel import force_locale, get_locale
from gevent.event import AsyncResult
from gevent.monkey import is_module_patched

from app.core.db import db
from app.core.transaction import is_writing, writing

T = TypeVar("T")
MOST = 32
"""Writes in one transaction: the others of the site wait meanwhile."""

Write = Callable[[], Any]


class Together:
    """A queue of writes. One greenlet, alive while there are any, stores all that wait."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Write, AsyncResult]] = []
        self._is_working = False

    def run(self, write: Callable[[], T]) -> T:
        """Run `write` inside a `writing()` that it may share; returns when it is committed.

        `write` must not look at the request: it runs in another greenlet, in the caller's
        language. It is run anew, alone, when something in the shared transaction failed.

        Raises:
            Exception: what `write` itself has raised; nothing of it is stored.
        """
        language = str(get_locale())

        def spoken() -> T:
            with force_locale(language):
                return write()

        done = AsyncResult()
        self._waiting.append((spoken, done))
        if not self._is_working:
            self._is_working = True
            # Starts when everybody whose bytes have come by now has put a write in.
            gevent.spawn(self._work, current_app._get_current_object())  # type: ignore[attr-defined]
        # What was read before is read anew, as with `writing()`; and whoever waits must not keep a
        # connection from the pool: with all of them waiting, the worker would get none.
        db.session.rollback()
        result: T = done.get()
        return result

    def _work(self, app: Flask) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                with app.app_context():
                    _store(batch)
        finally:
            self._is_working = False


def _store(batch: list[tuple[Write, AsyncResult]]) -> None:
    if len(batch) > 1:
        try:
            with writing():
                results = [write() for write, _done in batch]
        except Exception:
            db.session.rollback()  # one of them failed: each for itself
        else:
            for (_write, done), result in zip(batch, results, strict=True):
                done.set(result)
            return
    for write, done in batch:
        try:
            with writing():
                result = write()
        except BaseException as problem:
            done.set_exception(problem)
        else:
            done.set(result)


_together = Together()


def write_together(write: Callable[[], T]) -> T:
    """Run `write` in a transaction, shared with those that come at the same moment.

    Inside a `writing()` it joins that one.
    """
    if is_writing() or not is_module_patched("socket"):
        return write()
    return _together.run(write)

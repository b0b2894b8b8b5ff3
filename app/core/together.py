"""Writes that come at the same moment share one transaction, and one fsync.

A commit waits for the disk, and SQLite lets one writer in at a time. When a class writes at once,
the messages that have come while the last commit waited are stored by one commit. Each is
confirmed only after it, as always. Works where greenlets do (the served site); elsewhere a write
simply runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import gevent
from babel import Locale
from flask import Flask, current_app
from flask_babel import get_locale
from gevent import getcurrent
from gevent.event import AsyncResult
from gevent.monkey import is_module_patched
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from app.core.language import spoken
from app.core.transaction import is_writing, writing

T = TypeVar("T")
MOST = 32
"""Writes in one transaction: the others of the site wait meanwhile."""

Write = Callable[[], Any]


class Together:
    """A queue of writes. Who comes first stores what has come by then, in its own greenlet."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._is_working = False

    def run(self, write: Callable[[], T]) -> T:
        """Run `write` inside a `writing()` that it may share; returns when it is committed.

        `write` must not look at the request: it may run in another greenlet, in the caller's
        language. It is run anew, alone, when something in the shared transaction failed.

        Raises:
            Exception: what `write` itself has raised; nothing of it is stored.
        """
        # What was read before is read anew, as with `writing()`; and whoever waits must not keep a
        # connection from the pool: with all of them waiting, the worker would get none.
        db.session.rollback()
        own = _Waiting(write, get_locale(), getcurrent(), AsyncResult())
        self._waiting.append(own)
        if not self._is_working:
            self._is_working = True
            batch: list[_Waiting] = []
            try:
                gevent.sleep(0)  # everybody whose bytes have come by now puts a write in
                batch = self._next()
                _store(batch)
            finally:
                # Whoever stores may be killed at it; the others must not wait for ever.
                self._waiting[:0] = [one for one in batch if not one.done.ready()]
                self._go_on()
        result: T = own.done.get()
        return result

    def _next(self) -> list[_Waiting]:
        batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return batch

    def _go_on(self) -> None:
        """Those who came meanwhile are stored by a greenlet of their own: the first has its
        answer.
        """
        if self._waiting:
            # mypy: Flask types the proxy, which has no such attribute.
            gevent.spawn(self._work, current_app._get_current_object())  # type: ignore[attr-defined]
        else:
            self._is_working = False

    def _work(self, app: Flask) -> None:
        try:
            while self._waiting:
                with app.app_context():
                    _store(self._next())
        finally:
            self._is_working = False


@dataclass(frozen=True)
class _Waiting:
    """A write, its author's language and greenlet, and where the answer goes."""

    write: Write
    locale: Locale | None
    author: gevent.Greenlet
    done: AsyncResult

    def run(self) -> Any:
        if getcurrent() is self.author:
            return self.write()
        with spoken(str(self.locale)):
            return self.write()


def _store(batch: list[_Waiting]) -> None:
    if len(batch) > 1:
        try:
            with writing():
                results = [one.run() for one in batch]
        except Exception:
            db.session.rollback()  # one of them failed: each for itself
        else:
            for one, result in zip(batch, results, strict=True):
                one.done.set(result)
            return
    for one in batch:
        try:
            with writing():
                result = one.run()
        except BaseException as problem:
            one.done.set_exception(problem)
        else:
            one.done.set(result)


_together = Together()


def write_together(write: Callable[[], T]) -> T:
    """Run `write` in a transaction, shared with those that come at the same moment.

    Inside a `writing()` it joins that one. A write that meets another one of the same (two resends
    under PostgreSQL; SQLite lets writers in one by one) is run once more, and finds it.
    """
    if is_writing():
        return write()
    run: Callable[[Callable[[], T]], T] = _together.run if is_module_patched("socket") else _alone
    try:
        return run(write)
    except IntegrityError:
        return run(write)


def _alone(write: Callable[[], T]) -> T:
    with writing():
        return write()

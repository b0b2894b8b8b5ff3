"""Work that must not hold a web worker: a few threads (greenlets under gevent), a short queue.

Nothing durable is promised: what must survive a restart is a row that its owner looks at again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from flask import Flask, current_app

log = structlog.get_logger(__name__)
WORKERS = 4
LONGEST_QUEUE = 64
KEY = "svyazka.background"


class Background:
    """The site's own threads. They start with the first task."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="background")
        self._room = threading.BoundedSemaphore(LONGEST_QUEUE)

    def run(self, task: Callable[..., None], *args: Any) -> bool:
        """Run `task` soon, in an application context of its own. False: the queue is full."""
        if not self._room.acquire(blocking=False):
            return False
        # mypy: Flask types the proxy, which has no such attribute.
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self._threads.submit(self._guarded, app, task, args)
        return True

    def _guarded(self, app: Flask, task: Callable[..., None], args: tuple[Any, ...]) -> None:
        try:
            with app.app_context():
                task(*args)
        except Exception:
            log.exception("background task failed", task=task.__qualname__)
        finally:
            self._room.release()


def install(app: Flask) -> None:
    """Give the site its threads."""
    app.extensions[KEY] = Background()


def run_soon(task: Callable[..., None], *args: Any) -> bool:
    """Run `task` beside the requests. False: too much is waiting already."""
    background: Background = current_app.extensions[KEY]
    return background.run(task, *args)

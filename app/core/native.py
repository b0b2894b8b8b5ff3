"""Work for a real thread. Under gevent all requests share one: decoding a photo or talking to
foreign storage there would hold everybody; here only the one who asked waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import fsspec.asyn
from gevent import monkey

Result = TypeVar("Result")

# Few, because a photo being decoded takes up to 200 MB.
THREADS = 2


def in_thread(task: Callable[..., Result], *args: Any) -> Result:
    """The result of `task(*args)`, worked out beside the other requests.

    The task knows no request and no database session: those stay with the caller.
    """
    if not monkey.is_module_patched("threading"):
        return task(*args)
    result, problem = _pool().apply(_outcome, (task, args))
    if problem is not None:
        raise problem
    answer: Result = result
    return answer


def _outcome(task: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    """What the task returned or raised: the pool would write every raised one into the log, and a
    refused file is no fault of the site.
    """
    try:
        return task(*args), None
    except Exception as problem:
        return None, problem


@cache
def _pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(THREADS)


@cache
def run_foreign_loop() -> None:
    """Give fsspec its asyncio loop in a real thread, before it makes one in a greenlet.

    Under gevent its own would run in the thread of all requests, and every call from there would be
    refused («sync() from within a running loop»).
    """
    if not monkey.is_module_patched("threading"):
        return
    is_ready: list[bool] = []  # no Event: gevent's would have to be set from its own thread

    def run() -> None:
        loop = asyncio.new_event_loop()  # here: its selector belongs to this thread
        fsspec.asyn.loop[0] = fsspec.asyn.iothread[0] = loop
        is_ready.append(True)
        loop.run_forever()

    monkey.get_original("_thread", "start_new_thread")(run, ())
    while not is_ready:
        time.sleep(0.01)

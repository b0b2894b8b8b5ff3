"""Work for a real thread. Under gevent all requests share one: decoding a photo or talking to
foreign storage there would hold everybody; here only the one who asked waits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

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
    result: Result = _pool().apply(task, args)
    return result


@cache
def _pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(THREADS)

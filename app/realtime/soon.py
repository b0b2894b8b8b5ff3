"""What is told a moment later, once for all that happened meanwhile.

A class that writes at once moves its chat in everybody's list once, not thirty times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import structlog
from flask import Flask, current_app
from gevent.monkey import is_module_patched

PAUSE = 0.1
"""Seconds: the eye takes a list that changes within them for one that changes at once."""

log = structlog.get_logger(__name__)
_due: set[tuple[Callable[..., None], tuple[Any, ...]]] = set()


def once(tell: Callable[..., None], *about: Any) -> None:
    """Run `tell(*about)` after PAUSE, in a context of its own; once, however often it is asked.

    Where there are no greenlets (the tests) it runs at once.
    """
    if not is_module_patched("socket"):
        tell(*about)
    elif (tell, about) not in _due:
        _due.add((tell, about))
        # mypy: Flask types the proxy, which has no such attribute.
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        gevent.spawn_later(PAUSE, _run, app, tell, about)


def _run(app: Flask, tell: Callable[..., None], about: tuple[Any, ...]) -> None:
    _due.discard((tell, about))
    try:
        with app.app_context():
            tell(*about)
    except Exception:
        log.exception("telling failed", what=tell.__name__)

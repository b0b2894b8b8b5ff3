"""Which doors take files: all other forms stay small, and the limit holds before a byte is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import ClientDisconnected

from app.core.config import current_settings

View = TypeVar("View", bound=Callable[..., Any])
COUNT = "accepted_files"
LONG = "accepts_long_forms"
AROUND = 1024 * 1024
"""Bytes beside the files: the form's other fields and multipart's own lines."""


def accepts_files(count: int = 1) -> Callable[[View], View]:
    """Mark a view: its request may bring up to `count` files of the allowed size.

    The files of a multipart form go to disk as they come (werkzeug); a bare body is read by the
    view from `bare_body`.
    """

    def mark(view: View) -> View:
        setattr(view, COUNT, count)
        return view

    return mark


def accepts_long_forms(view: View) -> View:
    """Mark a view: its form is a whole table of texts, up to the size of any request."""
    setattr(view, LONG, True)
    return view


class WholeBody:
    """The bytes of a request, which must be as many as its head has promised.

    Servers that say that their input ends by itself (gunicorn) end it where the network broke, and
    werkzeug trusts them: half a file would look like a whole one.
    """

    def __init__(self, stream: IO[bytes], promised: int | None) -> None:
        self._stream = stream
        self._missing = promised

    def read(self, size: int = -1, /) -> bytes:
        """As any file. Raises ClientDisconnected when the body ends too early."""
        data = self._stream.read(size)
        if self._missing is not None:
            self._missing -= len(data)
            if self._missing > 0 and (not data or size < 0):
                raise ClientDisconnected
        return data


def bare_body() -> WholeBody:
    """The body of this request, whole or ClientDisconnected."""
    return WholeBody(request.stream, request.content_length)


def install(app: Flask) -> None:
    """Must come before whatever reads forms (the CSRF check)."""
    app.before_request(_widen)


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    count = getattr(view, COUNT, 0)
    if count:
        request.max_content_length = count * current_settings().max_file_size + AROUND
    if getattr(view, LONG, False):
        request.max_form_memory_size = request.max_content_length

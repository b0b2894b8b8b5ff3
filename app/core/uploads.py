"""Which doors take files: all other forms stay small, and the limit holds before a byte is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from app.core.config import current_settings

View = TypeVar("View", bound=Callable[..., Any])
COUNT = "accepted_files"
LONG = "accepts_long_forms"
AROUND = 1024 * 1024
"""Bytes beside the files: the form's other fields and multipart's own lines."""


def accepts_files(count: int = 1) -> Callable[[View], View]:
    """Mark a view: its request may bring up to `count` files of the allowed size.

    The files of a multipart form go to disk as they come (werkzeug); a bare body is read by the
    view from `request.stream`.
    """

    def mark(view: View) -> View:
        setattr(view, COUNT, count)
        return view

    return mark


def accepts_long_forms(view: View) -> View:
    """Mark a view: its form is a whole table of texts, up to the size of any request."""
    setattr(view, LONG, True)
    return view


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

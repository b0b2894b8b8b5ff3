"""What the commands of `flask …` share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.core.errors import Problem


@contextmanager
def problems_in_words() -> Iterator[None]:
    """A problem ends the command with its sentence, not with a traceback."""
    try:
        yield
    except Problem as problem:
        raise click.ClickException(str(problem.message)) from problem

"""Counting SQL statements."""

from contextlib import contextmanager

from sqlalchemy import event

from app.core.db import db


@contextmanager
def counted():
    """The statements that run inside the block, without BEGIN and COMMIT."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

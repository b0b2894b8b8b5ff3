"""Statements that every message runs: compiled once, and asked of SQLite's own cursor.

SQLAlchemy spends 40 µs on running a statement that SQLite answers in 3 to 10 (after a fan-out to
five hundred sockets, twice that), and a message takes eight of them: bench/fanout.py. Here it only
compiles them, and its types read and write the values. PostgreSQL, and whoever listens to the
engine's statements (tests that count them), is asked in the ordinary way.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.core.db import CONNECTION, db

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Process = Callable[[Any], Any]


class Prepared:
    """A statement of columns, built once; its rows have the columns' names.

    Runs in the session's transaction, after what the session has to write.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._plan: _Plan | None = None

    def rows(self, **values: Any) -> list[Any]:
        """All rows. `values` are the statement's parameters."""
        session = db.session()
        session.flush()
        connection = session.info.get(CONNECTION) or session.connection()
        engine = connection.engine
        if engine.dialect.name != "sqlite" or engine.dispatch.before_cursor_execute:
            result = connection.execute(self._statement, values)
            return list(result) if result.returns_rows else []
        plan = self._plan
        if plan is None:
            plan = self._plan = _plan(self._statement, engine.dialect)
        return plan.run(connection.connection.dbapi_connection, values)

    def row(self, **values: Any) -> Any:
        """The only row, or None.

        Raises:
            ValueError: there are several.
        """
        found = self.rows(**values)
        if not found:
            return None
        [row] = found
        return row

    def value(self, **values: Any) -> Any:
        """The first column of the only row, or None."""
        row = self.row(**values)
        return None if row is None else row[0]


@dataclass(frozen=True)
class _Plan:
    """`parameters`: a name and None, or None and a constant; then how the type writes it.
    `columns`: the place of a column, and how its type reads it, where it does anything.
    """

    sql: str
    parameters: tuple[tuple[str | None, Any, Process | None], ...]
    columns: tuple[tuple[int, Process], ...]
    make: Callable[[Any], Any]

    def run(self, driver: Any, values: Mapping[str, Any]) -> list[Any]:
        given = [
            constant if name is None else values[name] if write is None else write(values[name])
            for name, constant, write in self.parameters
        ]
        try:
            found = driver.execute(self.sql, given).fetchall()
        except sqlite3.Error as problem:
            raise DBAPIError.instance(self.sql, given, problem, sqlite3.Error) from problem
        make, columns = self.make, self.columns
        if not columns:
            return [make(row) for row in found]
        rows = []
        for row in found:
            read = list(row)
            for place, process in columns:
                read[place] = process(read[place])
            rows.append(make(read))
        return rows


def _plan(statement: Statement, dialect: Dialect) -> _Plan:
    """How this statement is run.

    Raises:
        ValueError: it fills columns by Python's defaults, which nobody would do here, or has an
            `in_`, whose length is not the statement's.
    """
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    if compiled.prefetch:
        raise ValueError("a prepared statement names the values of all its columns")
    if compiled.post_compile_params:
        raise ValueError("a prepared statement has no lists and no literals")
    columns = list(statement.exported_columns)
    readers = ((place, _reader(one.type, dialect)) for place, one in enumerate(columns))
    row = namedtuple("Row", [one.key for one in columns])  # type: ignore[misc]  # known only now
    return _Plan(
        compiled.string,
        tuple(_parameter(compiled, name, dialect) for name in compiled.positiontup or ()),
        tuple((place, read) for place, read in readers if read is not None),
        row._make,
    )


def _parameter(
    compiled: SQLCompiler, name: str, dialect: Dialect
) -> tuple[str | None, Any, Process | None]:
    bind = compiled.binds[name]
    write = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return bind.key, None, write
    constant = bind.effective_value
    return None, constant if write is None else write(constant), None


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)

"""The database: one `db`, the UTC type, constraint names, and SQLite made strict and durable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Engine,
    Executable,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

IMMEDIATE = "svyazka_immediate"
CONNECTION = "svyazka.connection"
"""Where a session keeps the connection of its open `writing()`."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base with names for every constraint, so migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(
    model_class=Base, session_options={"expire_on_commit": False}, disable_autonaming=True
)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def ask(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
    """Run a statement of columns, built once, in the session's transaction.

    For what pages with messages ask: `session.execute` prepares for mapped objects, which takes
    longer than SQLite's answer. Whole entities and loader options are not for it.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


class UTC(TypeDecorator[dt.datetime]):
    """An aware datetime, stored in UTC. SQLite drops time zones; this type puts UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        aware: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return aware.astimezone(dt.UTC)


def _render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types as plain SQLAlchemy ones in migrations (notes: feasibility, 8)."""
    if kind == "type" and isinstance(item, UTC):
        return "sa.DateTime(timezone=True)"
    return False


def is_compared(_item: object, name: str | None, *_rest: object) -> bool:
    """Full-text indexes (`fts_…`) are made by hand: migrations do not compare them with models."""
    return not (name or "").startswith("fts_")


migrate = Migrate(
    db=db,
    render_as_batch=True,
    compare_type=True,
    render_item=_render_item,
    include_object=is_compared,
)


@event.listens_for(Engine, "connect")
def _strict_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """WAL, fsync on every commit (acknowledged = on disk), real foreign keys."""
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # we send BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "connect")
def _careful_postgres(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Texts with a NUL are no reason to fail."""
    if type(connection).__module__.startswith("psycopg"):
        # Here: a site on SQLite need not keep the driver, 10 MB, in memory.
        from app.core import postgres

        postgres.prepare(connection)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """A writing transaction takes SQLite's write lock at once.

    A transaction that reads first and writes later fails at once with "database is locked" when
    somebody else wrote in between; busy_timeout does not help it.
    """
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get(IMMEDIATE)
        begin = "BEGIN IMMEDIATE" if immediate else "BEGIN"
        connection.connection.cursor().execute(begin).close()

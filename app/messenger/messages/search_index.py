"""The index over `messages.stems`: FTS5 on SQLite, GIN on PostgreSQL. Made by hand, not by models.

The application splits texts into stems itself (`words`), so neither database may do it its own
way: SQLite gets quoted words, PostgreSQL an array of them (its parser, as in to_tsvector('simple',
…), would cut some words where SQLite does not).
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, event, inspect

from app.messenger.messages.models import Message

VECTOR = "array_to_tsvector(string_to_array(stems, ' '))"
POSTGRESQL = (f"CREATE INDEX IF NOT EXISTS fts_messages_stems ON messages USING gin ({VECTOR})",)
_TAKE_OUT = (
    "INSERT INTO fts_messages(fts_messages, rowid, stems) VALUES ('delete', old.id, old.stems);"
)
_PUT_IN = "INSERT INTO fts_messages(rowid, stems) VALUES (new.id, new.stems);"
SQLITE_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS fts_messages USING fts5(stems, content='messages',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3 4')"
)
SQLITE_TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS fts_messages_in AFTER INSERT ON messages BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER IF NOT EXISTS fts_messages_out AFTER DELETE ON messages BEGIN {_TAKE_OUT} END",
    (
        "CREATE TRIGGER IF NOT EXISTS fts_messages_change AFTER UPDATE OF stems ON messages "
        f"BEGIN {_TAKE_OUT} {_PUT_IN} END"
    ),
)


def install(connection: Connection) -> None:
    """Make what is not there yet. A migration that makes the table `messages` anew on SQLite
    takes its triggers away; migrations/env.py calls this when all have run.
    """
    if connection.dialect.name != "sqlite":
        for statement in POSTGRESQL:
            connection.exec_driver_sql(statement)
        return
    is_new = not inspect(connection).has_table("fts_messages")
    for statement in (SQLITE_TABLE, *SQLITE_TRIGGERS):
        connection.exec_driver_sql(statement)
    if is_new:
        connection.exec_driver_sql("INSERT INTO fts_messages(fts_messages) VALUES ('rebuild')")


def remove(connection: Connection) -> None:
    """Leave nothing of it, for a downgrade."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("DROP INDEX IF EXISTS fts_messages_stems")
        return
    for name in ("in", "out", "change"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS fts_messages_{name}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS fts_messages")


def is_possible(connection: Connection) -> bool:
    """Whether there are messages with stems (a database of an older version has none)."""
    inspector = inspect(connection)
    return inspector.has_table("messages") and "stems" in {
        column["name"] for column in inspector.get_columns("messages")
    }


@event.listens_for(Message.__table__, "after_create")
def _with_its_table(_table: Table, connection: Connection, **_: object) -> None:
    install(connection)

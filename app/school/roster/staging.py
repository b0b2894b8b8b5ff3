"""The roster being imported, in a temporary SQLite file: memory does not grow with the roster.

Two floors. Below, a table a kind of record, as read. Above, `wanted` and `actual`: one row a key,
for every kind of `kinds`, in the form that `diff` compares. Nothing here touches the site's own
database.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from app.school.roster import records
from app.school.roster.diff import New, Old
from app.school.roster.records import Record

SEPARATOR = "\x1f"  # stands between the parts of a key; no cell may contain it
MOST_PARTS = 6
BATCH = 1000

TABLES: dict[type[Record], str] = {
    records.SchoolRecord: "schools",
    records.PersonRecord: "persons",
    records.RoleRecord: "roles",
    records.SubjectRecord: "subjects",
    records.ClassRecord: "classes",
    records.EnrolmentRecord: "enrolments",
    records.TeacherEnrolmentRecord: "teacher_enrolments",
    records.ClassTeacherRecord: "class_teachers",
    records.TeachingRecord: "teachings",
    records.SlotRecord: "slots",
    records.GuardianshipRecord: "guardianships",
    records.RelativeRecord: "relatives",
    records.MentionRecord: "mentions",
}
# What makes a record the same record: a second one is a repeat.
IDENTITY: dict[str, tuple[str, ...]] = {
    "schools": ("school",),
    "persons": ("person",),
    "roles": ("person", "school", "role"),
    "subjects": ("subject", "school"),
    "classes": ("school_class",),
    "enrolments": ("person", "school_class"),
    "teacher_enrolments": ("person", "school_class"),
    "class_teachers": ("person", "school_class"),
    "teachings": ("person", "school_class", "subject"),
    "slots": ("school_class", "subject", "person", "weekday", "number"),
    "guardianships": ("guardian", "pupil"),
    "relatives": ("person", "relative"),
}
_FLOORS = """
CREATE TABLE places (org TEXT PRIMARY KEY, school TEXT) WITHOUT ROWID;
CREATE TABLE wanted (kind TEXT, key TEXT, body TEXT, extra TEXT, PRIMARY KEY (kind, key))
  WITHOUT ROWID;
CREATE TABLE actual (kind TEXT, key TEXT, id INTEGER, is_live INTEGER, body TEXT,
  p0 TEXT, p1 TEXT, p2 TEXT, p3 TEXT, p4 TEXT, p5 TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE logins (login TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Staging:
    """A temporary database; close it when the import is over."""

    def __init__(self) -> None:
        # An empty name is a file that SQLite makes itself and deletes at the end; what does not
        # fit into the cache goes to disk.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA cache_size = -8192")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.executescript(_FLOORS)
        self._waiting: dict[type[Record], list[Record]] = {kind: [] for kind in TABLES}
        self._inserts: dict[type[Record], tuple[str, Callable[[Record], tuple[Any, ...]]]] = {}
        for kind, table in TABLES.items():
            fields = [field.name for field in dataclasses.fields(kind)]
            self._db.execute(f"CREATE TABLE {table} ({', '.join(fields)})")
            marks = ", ".join("?" * len(fields))
            self._inserts[kind] = (
                f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608 (our own names)
                attrgetter(*fields),
            )

    def close(self) -> None:
        """Throw the file away."""
        self._db.close()

    # -- records ------------------------------------------------------------------------------
    def put(self, record: Record) -> None:
        """Stage one record; it is written with its batch."""
        waiting = self._waiting[type(record)]
        waiting.append(record)
        if len(waiting) >= BATCH:
            self._flush(type(record))

    def end_of_records(self) -> None:
        """Write what waits, and index every table by what makes a record the same."""
        for kind in self._waiting:
            self._flush(kind)
        for table, fields in IDENTITY.items():
            self._db.execute(f"CREATE INDEX {table}_identity ON {table} ({', '.join(fields)})")
        for table, field in (
            *(("persons", "person"), ("roles", "school"), ("classes", "school")),
            *(("enrolments", "school_class"), ("teacher_enrolments", "school_class")),
            *(("guardianships", "pupil"), ("relatives", "relative")),
        ):
            self._db.execute(f"CREATE INDEX {table}_{field} ON {table} ({field})")
        self._db.execute("ANALYZE")

    def _flush(self, kind: type[Record]) -> None:
        statement, values = self._inserts[kind]
        self._db.execute("BEGIN")
        self._db.executemany(statement, map(values, self._waiting[kind]))
        self._db.execute("COMMIT")
        self._waiting[kind].clear()

    # -- SQL ----------------------------------------------------------------------------------
    def run(self, statement: str, values: Iterable[Any] = ()) -> int:
        """Execute one statement; returns the number of rows it changed."""
        return self._db.execute(statement, tuple(values)).rowcount

    def run_all(self, script: str) -> None:
        """Execute several statements as one transaction."""
        self._db.executescript(f"BEGIN;\n{script}\nCOMMIT;")

    def define(self, name: str, function: Callable[[str], Any]) -> None:
        """Make a function of one text known to SQL."""
        self._db.create_function(name, 1, function, deterministic=True)

    def rows(self, query: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, streamed."""
        yield from self._db.execute(query, tuple(values))

    def one(self, query: str, values: Iterable[Any] = ()) -> Any:
        """The first cell of the first row, or None."""
        row = self._db.execute(query, tuple(values)).fetchone()
        return row[0] if row else None

    # -- wanted and actual --------------------------------------------------------------------
    def put_actual(self, kind: str, rows: Iterable[tuple[str, int, bool, tuple[Any, ...]]]) -> None:
        """Hold (key, id, is live, values) of what the site has, in place of what was held.

        The parts of the key stand in p0, p1, … as well, for the SQL of `completing`.
        """
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM actual WHERE kind = ?", (kind,))
        self._db.executemany(
            "INSERT INTO actual VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (kind, key, row_id, live, to_json(values), *_padded(split_key(key)))
                for key, row_id, live, values in rows
            ),
        )
        self._db.execute("COMMIT")

    def actual(self, kind: str) -> Iterator[Old]:
        """What the site has, by key."""
        query = "SELECT key, id, body, is_live FROM actual WHERE kind = ? ORDER BY key"
        for key, row_id, body, is_live in self._db.execute(query, (kind,)):
            yield Old(key, row_id, tuple(json.loads(body)), bool(is_live))

    def wanted(self, kind: str) -> Iterator[New]:
        """What the roster wants, by key."""
        query = "SELECT key, body, extra FROM wanted WHERE kind = ? ORDER BY key"
        for key, body, extra in self._db.execute(query, (kind,)):
            yield New(key, tuple(json.loads(body)), tuple(json.loads(extra or "[]")))

    def id_of(self, kind: str, key: str) -> int:
        """The site's id of a row that `put_actual` holds."""
        found: int = self.one("SELECT id FROM actual WHERE kind = ? AND key = ?", (kind, key))
        return found


def _padded(parts: list[str]) -> list[str]:
    return [*parts, *[""] * (MOST_PARTS - len(parts))]


def to_json(values: Iterable[Any]) -> str:
    """Values of a row as one cell; the same form as SQLite's json_array."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def make_key(*parts: object) -> str:
    """The key of a row, of its parts."""
    return SEPARATOR.join(str(part) for part in parts)


def split_key(key: str) -> list[str]:
    """The parts of a key."""
    return key.split(SEPARATOR)

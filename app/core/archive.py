"""A person's own data as a ZIP: a page to read, JSON for programs, and files.

Rooms say what is theirs as `Section`s; whoever joins them has asked who the person is. Nothing is
gathered in memory: rows are read in pages and written at once, files are copied in pieces.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, or_, select

from app.core import files
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Missing
from app.core.native import in_thread

Row = Sequence[Any]
PAGE = "index.html"
STYLE = "style.css"
# Decision: an archive holds at most so much of files (bytes); what is beyond is named in the list
# of messages and can be saved from the chat. Disks of schools are small, browsers give up.
MOST_FILES = 1024**3
AT_ONCE = 500


@dataclass(frozen=True)
class Section:
    """A table of the archive. `columns`: name in JSON -> heading in the person's language.

    `read` begins anew at every call: the rows are asked for twice, for JSON and for the page.
    Values are texts, numbers, dates, aware moments, booleans or None.
    """

    key: str
    title: str
    columns: dict[str, str]
    read: Callable[[], Iterable[Row]]
    note: str = ""


@dataclass(frozen=True)
class Enclosed:
    """A file of the store, put into the archive under `name` (no two are the same)."""

    name: str
    key: str
    size: int


def write_archive(
    path: Path, sections: Sequence[Section], enclosed: Iterable[Enclosed], *, title: str
) -> None:
    """Write the whole archive to `path`. Never call it inside `writing()`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for section in sections:
            with archive.open(f"data/{section.key}.json", "w") as file:
                _write_json(file, section)
        template = current_app.jinja_env.get_template("core/archive.html")
        context: dict[str, Any] = {"title": title, "sections": sections, "stylesheet": STYLE}
        current_app.update_template_context(context)
        with archive.open(PAGE, "w", force_zip64=True) as file:
            for piece in template.generate(context):
                file.write(piece.encode())
        style = Path(current_app.static_folder or "") / "css/rooms/archive.css"
        archive.write(style, STYLE)
        room = MOST_FILES
        for one in enclosed:
            room -= one.size
            if room >= 0:
                _enclose(archive, one)


def paged(query: Select[*tuple[Any, ...]], key: Any) -> Iterator[Row]:
    """Rows of `query` in pages by the growing `key`, which is its first column and is left out."""
    last = 0
    while rows := db.session.execute(query.where(key > last).order_by(key).limit(AT_ONCE)).all():
        for row in rows:
            yield row[1:]
        last = rows[-1][0]
        time.sleep(0)  # others go on meanwhile


def named_values(key: str, title: str, rows: Sequence[Row]) -> Section:
    """Single things: what it is, and its value."""
    columns = {"name": gettext("Что"), "value": gettext("Значение")}
    return Section(key, title, columns, lambda: rows)


def sign_ins(key: str, title: str, sessions: Any, own: ColumnElement[bool]) -> Section:
    """When and where somebody signed in: the rows `own` of a table of sessions. The journal and the
    messenger have one each, with the same columns.
    """
    query = select(
        sessions.id,
        sessions.created_at,
        sessions.last_seen_at,
        sessions.ended_at,
        sessions.address,
        sessions.user_agent,
    ).where(own)
    columns = {
        "created_at": gettext("Вход"),
        "last_seen_at": gettext("Был здесь"),
        "ended_at": gettext("Завершён"),
        "address": gettext("Адрес"),
        "browser": gettext("Браузер"),
    }
    return Section(key, title, columns, lambda: paged(query, sessions.id))


def audit_lines(names: Collection[str], key: str = "audit") -> Section:
    """Lines of the audit log that somebody called `names` made, or that are about them.

    Decision: who else acted is said by kind only («account»), not by name or address.
    """
    own = or_(AuditEntry.actor.in_(names), AuditEntry.subject.in_(names))
    query = select(AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.actor).where(own)

    def read() -> Iterable[Row]:
        for at, action, actor in paged(query, AuditEntry.id):
            yield at, action, actor in names

    return Section(
        key,
        gettext("Журнал действий"),
        {"at": gettext("Когда"), "action": gettext("Действие"), "by_me": gettext("Сделали вы")},
        read,
    )


def _write_json(file: IO[bytes], section: Section) -> None:
    """One object a line inside an array: programs read it whole, people line by line."""
    file.write(b"[")
    for number, row in enumerate(section.read()):
        line = json.dumps(
            dict(zip(section.columns, row, strict=True)), ensure_ascii=False, default=_plain
        )
        file.write((",\n" if number else "\n").encode() + line.encode())
    file.write(b"\n]\n")


def _plain(value: Any) -> str:
    """Moments and dates as ISO 8601, words of lazy translations as they read."""
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value)


def _enclose(archive: zipfile.ZipFile, one: Enclosed) -> None:
    try:
        opened = files.open_stored(one.key)
    except Missing:  # its message was taken back a moment ago
        return
    with opened:
        in_thread(_copy, archive, one.name, opened)


def _copy(archive: zipfile.ZipFile, name: str, opened: IO[bytes]) -> None:
    """Photos and sound are packed already: stored as they are."""
    info = zipfile.ZipInfo(name)
    with archive.open(info, "w", force_zip64=True) as target:
        shutil.copyfileobj(opened, target, files.CHUNK)

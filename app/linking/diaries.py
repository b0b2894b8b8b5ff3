"""The electronic diaries that a person may choose from (FLOWS 2).

The registry is a file that the administrator edits, `instance/diaries.csv`: region code (or «*»
for every region), name, address. The journal of this very site needs no line: it stands in the
regions of its schools. A changed file is read at the next page.

Decision: no diary but ours ships with the program. Another one can link profiles only after it has
been connected to this site, and a list of addresses nobody has checked would send children there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import select

from app.core import tokens
from app.core.config import current_settings
from app.core.db import db
from app.school.people import School
from app.school.regions import find_region

log = structlog.get_logger(__name__)
FILE_NAME = "diaries.csv"
COLUMNS = ("region", "name", "address")
EVERYWHERE = "*"
OWN_KEY = "own"


@dataclass(frozen=True, kw_only=True)
class Diary:
    """A diary of a region. `address` is empty for the journal of this site."""

    key: str
    name: str
    note: str
    address: str = ""

    @property
    def is_own(self) -> bool:
        return self.key == OWN_KEY


@dataclass(frozen=True)
class Line:
    """A sound line of the registry file."""

    region: str
    name: str
    address: str

    @property
    def key(self) -> str:
        return tokens.digest(f"{self.region} {self.address}")[:12]


def diaries_of(region_code: str) -> list[Diary]:
    """The diaries to choose from in a region: ours first, then those of the file by name."""
    schools = list(
        db.session.scalars(
            select(School.name).where(School.region_code == region_code).order_by(School.name)
        )
    )
    own = []
    if schools:
        host = urlsplit(current_settings().base_url).netloc
        words = schools[0] if len(schools) == 1 else _schools(len(schools))
        own = [
            Diary(
                key=OWN_KEY,
                name=str(lazy_gettext("Ваш электронный дневник")),
                note=f"{words} · {host}",
            )
        ]
    lines = [line for line in registry() if line.region in (region_code, EVERYWHERE)]
    return own + [
        Diary(
            key=line.key, name=line.name, note=urlsplit(line.address).netloc, address=line.address
        )
        for line in sorted(lines, key=lambda line: line.name.casefold())
    ]


def likely_region() -> str:
    """The region to begin with: that of this site's schools when they are all of one."""
    codes = db.session.scalars(
        select(School.region_code).where(School.region_code.is_not(None)).distinct().limit(2)
    ).all()
    return codes[0] or "" if len(codes) == 1 else ""


def registry() -> tuple[Line, ...]:
    """The sound lines of the registry file; its faults are in the log, with line numbers."""
    path = Path(current_settings().instance_path) / FILE_NAME
    if not path.exists():
        return ()
    lines, faults = read_registry(path)
    for fault in faults:
        log.warning("diary registry", fault=fault)
    return lines


def read_registry(path: Path) -> tuple[tuple[Line, ...], list[str]]:
    """The lines of a registry file and the faults found in it, each with its line number."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return (), [f"{path.name}: {error}"]
    separator = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        return (), [f"{path.name}: the first line must be {separator.join(COLUMNS)}"]
    lines: list[Line] = []
    faults: list[str] = []
    for row in reader:
        line = Line(*((row[name] or "").strip() for name in COLUMNS))
        found = list(_faults(line))
        faults += [f"{path.name}, line {reader.line_num}: {fault}" for fault in found]
        if not found:
            lines.append(line)
    return tuple(lines), faults


def _faults(line: Line) -> Iterator[str]:
    if line.region != EVERYWHERE and find_region(line.region) is None:
        yield f"no region {line.region!r}"
    if not 0 < len(line.name) <= 200 or not line.name.isprintable():
        yield "no name"
    parts = urlsplit(line.address)
    if parts.scheme != "https" or not parts.hostname or not line.address.isprintable():
        yield "the address must begin with https://"


def _schools(count: int) -> str:
    words: str = ngettext("%(num)d школа", "%(num)d школ", count)
    return words

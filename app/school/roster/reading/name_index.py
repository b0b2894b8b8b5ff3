"""Finding people of the Russian form by code or by name, kept on disk so that memory stays flat."""

from __future__ import annotations

import re
import sqlite3
from enum import StrEnum

from app.core import tokens
from app.school.roster.reading.tables import MAX_ID


class Group(StrEnum):
    """Whom a cell may mean."""

    PUPIL = "обучающийся"
    STAFF = "сотрудник"
    GUARDIAN = "родитель"


class Ambiguous(Exception):
    """Several people fit."""


class NameIndex:
    """People and load lines met so far in the form."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.executescript(
            """
            CREATE TABLE people (code TEXT, kind TEXT, full TEXT, short TEXT, class TEXT,
                                 PRIMARY KEY (code, kind)) WITHOUT ROWID;
            CREATE INDEX people_full ON people (full);
            CREATE INDEX people_short ON people (short);
            CREATE TABLE load (class TEXT, subject TEXT, teacher TEXT,
                               PRIMARY KEY (class, subject, teacher)) WITHOUT ROWID;
            CREATE INDEX load_subject ON load (subject);
            """
        )

    def close(self) -> None:
        """Forget all."""
        self._db.close()

    def add(self, code: str, group: Group, names: tuple[str, str, str], school_class: str) -> bool:
        """Remember a person; False when this code is there already."""
        family, given, patronymic = (plain(name) for name in names)
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?)",
            (
                code,
                group,
                f"{family} {given} {patronymic}".strip(),
                f"{family} {given}",
                class_id(school_class),
            ),
        )
        return cursor.rowcount == 1

    def find(self, text: str, group: Group) -> str | None:
        """The code of the one person that `text` means: a code, or «Ф. И. О.», or «Ф. И. О., 7А».

        Raises:
            Ambiguous: several people fit.
        """
        by_code = self._db.execute(
            "SELECT code FROM people WHERE code = ? AND kind = ?", (text, group)
        ).fetchone()
        if by_code:
            return str(by_code[0])
        name, school_class = _name_and_class(text)
        found = self._db.execute(
            "SELECT code FROM people WHERE kind = ?1 AND full = ?2 AND (?3 = '' OR class = ?3) "
            "UNION SELECT code FROM people "
            "WHERE kind = ?1 AND short = ?2 AND (?3 = '' OR class = ?3) LIMIT 2",
            (group, plain(name), school_class),
        ).fetchall()
        if len(found) > 1:
            raise Ambiguous(text)
        return str(found[0][0]) if found else None

    def has_subject(self, subject: str) -> bool:
        """Some line of the load has this subject."""
        found = self._db.execute("SELECT 1 FROM load WHERE subject = ? LIMIT 1", (subject,))
        return found.fetchone() is not None

    def add_load(self, school_class: str, subject: str, teacher: str) -> None:
        """Remember a line of the teaching load."""
        self._db.execute(
            "INSERT OR IGNORE INTO load VALUES (?, ?, ?)", (school_class, subject, teacher)
        )

    def teacher_of(self, school_class: str, subject: str) -> str | None:
        """The one who teaches this class this subject.

        Raises:
            Ambiguous: several do.
        """
        found = self._db.execute(
            "SELECT teacher FROM load WHERE class = ? AND subject = ? LIMIT 2",
            (school_class, subject),
        ).fetchall()
        if len(found) > 1:
            raise Ambiguous(subject)
        return str(found[0][0]) if found else None


def plain(text: str) -> str:
    """A name for comparing: without case, ё as е."""
    return text.casefold().replace("ё", "е")


def class_id(name: str) -> str:
    """«7 «А»», «7-А» and «7а» are one class."""
    return re.sub(r"[\s«»\"'–-]+", "", plain(name))


def derived_code(group: Group, names: tuple[str, str, str], school_class: str) -> str:
    """The code of a person whom the school gave none.

    Decision: who a person without a code is, is said by kind, names and (for pupils) class. Two
    such people are a named fault, never a guess; a pupil without a code who changes class is a
    new person. Schools that move pupils fill «Код».
    """
    parts = [group[:1], "-".join(plain(name) for name in names if name), class_id(school_class)]
    code = ":".join(part for part in parts if part)
    return code if len(code) <= MAX_ID else f"{group[:1]}:{tokens.digest(code)}"


def _name_and_class(text: str) -> tuple[str, str]:
    """«Ф. И. О., 7А» or «Ф. И. О. (7А)»."""
    found = re.fullmatch(r"\s*(.*?)\s*(?:,\s*([^,]+?)|\(([^)]+)\))?\s*", text)
    if found is None:
        return text, ""
    return found[1], class_id(found[2] or found[3] or "")

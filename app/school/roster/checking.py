"""Faults that only the whole roster shows: repeats, unknown ids, roles that contradict.

Rows that the site itself supplied (`file` empty) are never blamed: what they lost is dropped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext

from app.school.roster import records
from app.school.roster.faults import Report
from app.school.roster.reading.roster import Coverage, Roster
from app.school.roster.staging import IDENTITY, TABLES, Staging

_ENTITIES = frozenset({"schools", "persons", "classes", "subjects", "slots"})


@dataclass(frozen=True)
class Check:
    """Rows of `query` (file, line, one thing to name) are faults of `column`."""

    column: str
    reason: LazyString
    query: str
    is_fatal: bool = True


_IN_CLASSES = (
    *("enrolments", "teacher_enrolments", "class_teachers"),
    *("teachings", "slots"),
)
_NO_CLASS = lazy_gettext("Класса «%(id)s» в файле нет.")
_NO_PERSON = lazy_gettext("Человека «%(id)s» в файле нет.")

_CHECKS: tuple[Check, ...] = (
    Check(
        "person",
        _NO_PERSON,
        "SELECT r.file, r.line, r.person FROM roles r LEFT JOIN persons p ON p.person = r.person "
        "WHERE p.person IS NULL AND r.file <> '' AND NOT r.is_removed",
    ),
    Check(
        "school",
        lazy_gettext("Организации «%(id)s» в файле нет."),
        "SELECT c.file, c.line, c.school FROM classes c LEFT JOIN places l ON l.org = c.school "
        "WHERE l.org IS NULL AND c.file <> '' AND NOT c.is_removed",
    ),
    Check(
        "school",
        lazy_gettext("Организация «%(id)s» — не школа: классов у неё быть не может."),
        "SELECT c.file, c.line, c.school FROM classes c JOIN places l ON l.org = c.school "
        "WHERE l.school IS NULL AND c.file <> '' AND NOT c.is_removed",
    ),
    Check(
        "subject",
        lazy_gettext("Курса «%(id)s» в файле нет: предметом стало название класса."),
        "SELECT c.file, c.line, c.subject FROM classes c WHERE c.subject <> '' AND c.file <> '' "
        "AND NOT c.is_removed "
        "AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject = c.subject)",
        is_fatal=False,
    ),
    *(
        Check(
            "school_class",
            _NO_CLASS,
            f"SELECT e.file, e.line, e.school_class FROM {table} e "  # noqa: S608 (our names)
            "LEFT JOIN classes c ON c.school_class = e.school_class "
            "WHERE c.school_class IS NULL AND e.file <> '' AND NOT e.is_removed",
        )
        for table in _IN_CLASSES
    ),
    *(
        Check(
            "person",
            _NO_PERSON,
            f"SELECT e.file, e.line, e.person FROM {table} e "  # noqa: S608 (our names)
            "LEFT JOIN persons p ON p.person = e.person "
            "WHERE p.person IS NULL AND e.file <> '' AND NOT e.is_removed",
        )
        for table in ("enrolments", "teacher_enrolments")
    ),
    *(
        Check(
            column,
            _NO_PERSON,
            f"SELECT g.file, g.line, g.{column} FROM guardianships g "  # noqa: S608 (our names)
            f"LEFT JOIN persons p ON p.person = g.{column} "
            "WHERE p.person IS NULL AND g.file <> '' AND NOT g.is_removed",
        )
        for column in ("guardian", "pupil")
    ),
    Check(
        "guardian",
        lazy_gettext("Человек «%(id)s» назван родителем самого себя."),
        "SELECT file, line, guardian FROM guardianships WHERE guardian = pupil AND file <> '' "
        "UNION ALL SELECT file, line, person FROM relatives WHERE person = relative",
    ),
    Check(
        "relative",
        lazy_gettext("Человека «%(id)s» в файле нет: связь с ним не загружена."),
        "SELECT r.file, r.line, r.relative FROM relatives r LEFT JOIN persons p "
        "ON p.person = r.relative WHERE p.person IS NULL",
        is_fatal=False,
    ),
    Check(
        "relative",
        lazy_gettext("Оба — обучающиеся: кто из них родитель («%(id)s»?), не ясно."),
        "SELECT file, line, relative FROM pairs "
        "WHERE is_pupil AND is_relative_pupil AND is_guardian = is_relative_guardian "
        "AND person <> relative",
    ),
    Check(
        "relative",
        lazy_gettext("Ни один из двоих не обучающийся: связь с «%(id)s» не загружена."),
        "SELECT file, line, relative FROM pairs WHERE NOT is_pupil AND NOT is_relative_pupil",
        is_fatal=False,
    ),
    Check(
        "pupil",
        lazy_gettext("«%(id)s» — не обучающийся, детей у родителя так записать нельзя."),
        "SELECT g.file, g.line, g.pupil FROM guardianships g "
        "JOIN persons p ON p.person = g.pupil AND NOT p.is_removed "
        "WHERE g.file <> '' AND NOT g.is_removed AND g.guardian <> g.pupil "
        "AND NOT EXISTS (SELECT 1 FROM known_roles k "
        "                WHERE k.person = g.pupil AND k.role = 'pupil') "
        "AND NOT EXISTS (SELECT 1 FROM present k WHERE k.person = g.pupil AND k.role = 'pupil')",
    ),
    Check(
        "person",
        lazy_gettext("«%(id)s» записан в класс как обучающийся, но обучающимся не числится."),
        "SELECT e.file, e.line, e.person FROM enrolments e "
        "JOIN rooms c ON c.school_class = e.school_class "
        "JOIN persons p ON p.person = e.person AND NOT p.is_removed "
        "WHERE e.file <> '' AND NOT e.is_removed "
        "AND NOT EXISTS (SELECT 1 FROM present r WHERE r.person = e.person "
        "                AND r.school = c.school AND r.role = 'pupil') "
        "AND NOT EXISTS (SELECT 1 FROM known_roles k WHERE k.person = e.person "
        "                AND k.role = 'pupil' AND k.is_over)",
    ),
    *(
        Check(
            "person",
            lazy_gettext("«%(id)s» ведёт класс, но преподавателем не числится."),
            f"SELECT t.file, t.line, t.person FROM {table} t "  # noqa: S608 (our names)
            "JOIN rooms c ON c.school_class = t.school_class "
            "JOIN persons p ON p.person = t.person AND NOT p.is_removed "
            "WHERE t.file <> '' AND NOT t.is_removed "
            "AND NOT EXISTS (SELECT 1 FROM present r WHERE r.person = t.person "
            "                AND r.school = c.school AND r.role = 'teacher') "
            "AND NOT EXISTS (SELECT 1 FROM known_roles k WHERE k.person = t.person "
            "                AND k.role = 'teacher' AND k.is_over)",
        )
        for table in ("class_teachers", "teachings")
    ),
    Check(
        "subject",
        lazy_gettext("Такой строки нет в нагрузке: предмет «%(id)s», этот класс и преподаватель."),
        "SELECT s.file, s.line, s.subject FROM slots s WHERE s.file <> '' AND NOT EXISTS ("
        "SELECT 1 FROM teachings t WHERE t.person = s.person "
        "AND t.school_class = s.school_class AND t.subject = s.subject)",
    ),
    Check(
        "person",
        lazy_gettext("В классе без предмета «%(id)s» не руководитель: загружать нечего."),
        "SELECT t.file, t.line, t.person FROM staff_of t "
        "JOIN rooms c ON c.school_class = t.school_class "
        "WHERE c.kind = 'homeroom' AND c.subject = '' AND NOT EXISTS (SELECT 1 FROM leaders l "
        "WHERE l.person = t.person AND l.school_class = t.school_class)",
        is_fatal=False,
    ),
    Check(
        "person",
        lazy_gettext("«%(id)s» не числится ни в одной школе: не загружен."),
        "SELECT p.file, p.line, p.person FROM persons p WHERE p.file <> '' AND NOT p.is_removed "
        "AND NOT EXISTS (SELECT 1 FROM known_roles k WHERE k.person = p.person) "
        "AND NOT EXISTS (SELECT 1 FROM present k WHERE k.person = p.person)",
        is_fatal=False,
    ),
)


def check(stage: Staging, roster: Roster, report: Report) -> None:
    """Name every fault of the prepared records."""
    _check_repeats(stage, roster, report)
    _check_orgs_of_roles(stage, roster, report)
    for one in _CHECKS:
        for file, line, named in stage.rows(one.query):
            reason = str(one.reason) % {"id": named}
            report.add(file, line, one.column, reason, is_fatal=one.is_fatal)
    _check_circles(stage, report)


def _check_orgs_of_roles(stage: Staging, roster: Roster, report: Report) -> None:
    """An organisation that is not described: fatal, unless a delta leaves organisations out and
    the person has another one (vendors list the district beside the school).
    """
    is_whole = roster.speaks_of(records.SchoolRecord) is Coverage.WHOLE
    for file, line, school, has_other in stage.rows(
        "SELECT r.file, r.line, r.school, EXISTS (SELECT 1 FROM roles o JOIN places l "
        "ON l.org = o.school WHERE o.person = r.person AND l.school IS NOT NULL) "
        "FROM roles r LEFT JOIN places l ON l.org = r.school "
        "WHERE l.org IS NULL AND r.file <> '' AND NOT r.is_removed"
    ):
        reason = gettext("Организации «%(id)s» в файле нет.", id=school)
        report.add(file, line, "school", reason, is_fatal=is_whole or not has_other)


def _check_repeats(stage: Staging, roster: Roster, report: Report) -> None:
    """The same id with other data is fatal; a line written twice is told and read once."""
    for kind, table in TABLES.items():
        if table not in IDENTITY:
            continue
        may_repeat = table == "persons" and roster.people_may_repeat
        fields = [field.name for field in dataclasses.fields(kind)][2:]
        for file, line, first, is_same in _repeats(stage, table, fields):
            if is_same and not may_repeat:
                reason = gettext("Повтор строки %(line)d: прочитана один раз.", line=first)
                report.add(file, line, IDENTITY[table][0], reason, is_fatal=False)
            elif not is_same and table in _ENTITIES:
                reason = gettext(
                    "Этот код уже есть в строке %(line)d, но с другими данными.", line=first
                )
                report.add(file, line, IDENTITY[table][0], reason)


def _repeats(stage: Staging, table: str, fields: list[str]) -> Iterator[tuple[str, int, int, bool]]:
    """Second and later rows of one identity: file, line, line of the first, is it all the same."""
    identity = IDENTITY[table]
    groups = stage.rows(
        f"SELECT {', '.join(identity)} FROM {table} WHERE file <> '' "  # noqa: S608 (our names)
        f"GROUP BY {', '.join(identity)} HAVING count(*) > 1"
    )
    same = " AND ".join(f"{field} = ?" for field in identity)
    for values in groups:
        rows = stage.rows(
            f"SELECT file, line, {', '.join(fields)} FROM {table} "  # noqa: S608 (our names)
            f"WHERE file <> '' AND {same} ORDER BY rowid",
            values,
        )
        _, first, *data = next(rows)
        for file, line, *other in rows:
            yield file, line, first, other == data


def _check_circles(stage: Staging, report: Report) -> None:
    """Guardians in a circle (A of B, B of A). Only people who are both can be in one: few."""
    edges = list(
        stage.rows(
            "SELECT DISTINCT g.file, g.line, g.guardian, g.pupil FROM guardianships g "
            "WHERE g.guardian <> g.pupil "
            "AND EXISTS (SELECT 1 FROM guardianships o WHERE o.pupil = g.guardian) "
            "AND EXISTS (SELECT 1 FROM guardianships o WHERE o.guardian = g.pupil)"
        )
    )
    while edges:
        guardians, pupils = {edge[2] for edge in edges}, {edge[3] for edge in edges}
        left = [edge for edge in edges if edge[2] in pupils and edge[3] in guardians]
        if len(left) == len(edges):
            break
        edges = left
    for file, line, guardian, pupil in edges:
        if file:
            reason = gettext(
                "«%(guardian)s» и «%(pupil)s» названы родителями друг друга по кругу.",
                guardian=guardian,
                pupil=pupil,
            )
            report.add(file, line, "guardian", reason)

"""What the roster does not speak of is taken from what is: a delta becomes a whole roster.

After this every later step sees one complete picture, whether it was read or was there before.
Records taken from the site have an empty `file`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from app.core.db import db
from app.school.people import Person, School
from app.school.roster import records
from app.school.roster.faults import Report
from app.school.roster.kinds import KINDS, Kind
from app.school.roster.places import map_places
from app.school.roster.reading.roster import Coverage, Roster
from app.school.roster.staging import BATCH, Staging, make_key


def complete(stage: Staging, roster: Roster, report: Report) -> list[int]:
    """Load what the site has of the roster's schools, add to the records what they leave out.

    Returns the ids of the schools that exist already.
    """
    if roster.speaks_of(records.SchoolRecord) is not Coverage.WHOLE:
        _add_schools(stage, report)
    map_places(stage, report)
    school_ids = _known_schools(stage)
    for kind in KINDS:
        load_actual(stage, kind, school_ids)
    for record, statement in _FROM_SITE:
        if roster.speaks_of(record) is not Coverage.WHOLE:
            stage.run(statement)
    if roster.speaks_of(records.RoleRecord) is not Coverage.WHOLE:
        stage.run(_ROLES_OF_OTHERS if roster.person_brings_roles else _OTHER_ROLES)
    return school_ids


def load_actual(stage: Staging, kind: Kind, school_ids: list[int]) -> None:
    """Hold every row of `kind` of these schools in the staging, streamed."""
    stage.put_actual(kind.name, _actual_rows(kind, school_ids) if school_ids else ())


def _actual_rows(
    kind: Kind, school_ids: list[int]
) -> Iterator[tuple[str, int, bool, tuple[Any, ...]]]:
    count = kind.part_count
    rows = db.session.execute(kind.select(school_ids).execution_options(yield_per=BATCH))
    for row_id, ended_on, *cells in rows:
        plain = tuple(
            value.plain(cell) for value, cell in zip(kind.values, cells[count:], strict=True)
        )
        yield make_key(*cells[:count]), row_id, ended_on is None, plain


def _known_schools(stage: Staging) -> list[int]:
    wanted = {school for (school,) in stage.rows("SELECT DISTINCT school FROM places")}
    known = db.session.execute(select(School.id, School.external_id).order_by(School.id))
    return [school_id for school_id, external_id in known if external_id in wanted]


def _add_schools(stage: Staging, report: Report) -> None:
    """The schools that a partial roster means: those it names, else those of its people.

    Decision: ids of people are unique in a school only. A roster that names no school and whose
    ids are found in several schools is refused: whom it means would be a guess.
    """
    named = {
        school
        for (school,) in stage.rows(
            "SELECT school FROM roles UNION SELECT school FROM classes "
            "UNION SELECT school FROM mentions UNION SELECT school FROM schools"
        )
    }
    known = list(db.session.execute(select(School.id, School.external_id, School.name)))
    meant = [row for row in known if row.external_id in named]
    if not named:
        meant = [row for row in known if _has_people_of(stage, row.id)]
        if len(meant) > 1:
            reason = gettext("Не ясно, о какой школе речь: такие же коды есть в нескольких школах.")
            report.add("orgs.csv", None, "", reason)
    for row in meant:
        if stage.one("SELECT 1 FROM schools WHERE school = ?", (row.external_id,)) is None:
            stage.run(
                "INSERT INTO schools VALUES ('', 0, 0, ?, ?, 'school', '', '', '')",
                (row.external_id, row.name),
            )


def _has_people_of(stage: Staging, school_id: int) -> bool:
    query = select(Person.external_id).where(Person.school_id == school_id)
    spoken = (
        "SELECT 1 FROM persons WHERE person = ?1 UNION SELECT 1 FROM enrolments WHERE person = ?1 "
        "UNION SELECT 1 FROM teacher_enrolments WHERE person = ?1"
    )
    return any(
        stage.one(spoken, (person,)) is not None
        for person in db.session.scalars(query.execution_options(yield_per=BATCH))
    )


# Each statement takes the site's live rows of one kind, unless the roster speaks of the same
# thing. The parts of a row's key are p0 (always the school), p1, …: see `kinds`.
_FROM_SITE: tuple[tuple[type[records.Record], str], ...] = (
    (
        records.PersonRecord,
        """
        INSERT INTO persons
        SELECT '', 0, 0, p1, json_extract(body, '$[0]'), json_extract(body, '$[1]'),
               json_extract(body, '$[2]'), '', 0
        FROM actual WHERE kind = 'person' AND is_live
          AND NOT EXISTS (SELECT 1 FROM persons s WHERE s.person = p1)
        """,
    ),
    (
        records.SubjectRecord,
        """
        INSERT INTO subjects
        SELECT '', 0, 0, p1, p0, json_extract(body, '$[0]')
        FROM actual WHERE kind = 'subject'
          AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject = p1)
        """,
    ),
    (
        records.ClassRecord,
        """
        INSERT INTO classes
        SELECT '', 0, 0, a.p1, a.p0, json_extract(a.body, '$[0]'), json_extract(a.body, '$[1]'),
               json_extract(a.body, '$[2]'),
               coalesce((SELECT min(t.p2) FROM actual t
                         WHERE t.kind = 'teaching' AND t.is_live
                           AND t.key > a.key || char(31) AND t.key < a.key || char(32)), '')
        FROM actual a WHERE a.kind = 'class' AND a.is_live
          AND NOT EXISTS (SELECT 1 FROM classes s WHERE s.school_class = a.p1)
        """,
    ),
    (
        records.EnrolmentRecord,
        """
        INSERT INTO enrolments
        SELECT '', 0, 0, p2, p1, '' FROM actual WHERE kind = 'enrolment' AND is_live
          AND NOT EXISTS (SELECT 1 FROM enrolments s WHERE s.person = p2 AND s.school_class = p1)
        """,
    ),
    (
        records.ClassTeacherRecord,
        """
        INSERT INTO class_teachers
        SELECT '', 0, 0, p2, p1 FROM actual WHERE kind = 'class_teacher' AND is_live
          AND NOT EXISTS (SELECT 1 FROM teacher_enrolments s
                          WHERE s.person = p2 AND s.school_class = p1)
        """,
    ),
    (
        records.TeachingRecord,
        """
        INSERT INTO teachings
        SELECT '', 0, 0, p3, p1, p2 FROM actual WHERE kind = 'teaching' AND is_live
          AND NOT EXISTS (SELECT 1 FROM teacher_enrolments s
                          WHERE s.person = p3 AND s.school_class = p1)
        """,
    ),
    (
        records.SlotRecord,
        """
        INSERT INTO slots
        SELECT '', 0, 0, p3, p1, p2, CAST(p4 AS INTEGER), CAST(p5 AS INTEGER),
               json_extract(body, '$[0]'), json_extract(body, '$[1]'), json_extract(body, '$[2]')
        FROM actual WHERE kind = 'slot' AND is_live
        """,
    ),
    (
        # A pair stays, unless one of the two now names relatives of their own.
        records.GuardianshipRecord,
        """
        INSERT INTO guardianships
        SELECT '', 0, 0, p1, p2 FROM actual WHERE kind = 'guardianship' AND is_live
          AND NOT EXISTS (SELECT 1 FROM persons s
                          WHERE s.person IN (p1, p2) AND s.names_relatives)
        """,
    ),
    (
        # Who is known only as somebody's guardian stays as long as nothing is said of guardians.
        records.GuardianshipRecord,
        """
        INSERT INTO persons
        SELECT '', 0, 0, a.p1, json_extract(a.body, '$[0]'), json_extract(a.body, '$[1]'),
               json_extract(a.body, '$[2]'), '', 0
        FROM actual a WHERE a.kind = 'person' AND a.is_live
          AND EXISTS (SELECT 1 FROM guardianships g WHERE g.file = '' AND g.guardian = a.p1)
          AND NOT EXISTS (SELECT 1 FROM persons s WHERE s.person = a.p1)
        """,
    ),
)
_ROLES_OF_OTHERS = """
INSERT INTO roles SELECT '', 0, 0, p1, p0, p2, 0 FROM actual
WHERE kind = 'role'
  AND EXISTS (SELECT 1 FROM persons s WHERE s.person = p1)
  AND NOT EXISTS (SELECT 1 FROM persons s WHERE s.person = p1 AND s.file <> '')
"""
_OTHER_ROLES = """
INSERT INTO roles SELECT '', 0, 0, p1, p0, p2, 0 FROM actual
WHERE kind = 'role'
  AND EXISTS (SELECT 1 FROM persons s WHERE s.person = p1)
  AND NOT EXISTS (SELECT 1 FROM roles s WHERE s.person = p1 AND s.school = p0 AND s.role = p2)
"""

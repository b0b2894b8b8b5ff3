"""From records to rows: what the roster wants the site to hold, all of it in the staging's SQL.

`prepare` makes the tables that `checking` looks at; `fill_wanted` then writes `wanted`.
"""

from __future__ import annotations

from app.school.roster.reading.values import looks_like_homeroom
from app.school.roster.staging import Staging

# known_roles: who is what in which school; is_over: was, or will be, or is removed.
# rooms: open classes with their school and kind. present: roles as the site shall hold them.
_TABLES = """
CREATE TABLE known_roles (person TEXT, school TEXT, role TEXT, is_over INTEGER,
  PRIMARY KEY (person, school, role)) WITHOUT ROWID;
CREATE TABLE rooms (school_class TEXT PRIMARY KEY, school TEXT, name TEXT, grade INTEGER,
  kind TEXT, subject TEXT) WITHOUT ROWID;
CREATE TABLE topics (school TEXT, subject TEXT, name TEXT, PRIMARY KEY (school, subject))
  WITHOUT ROWID;
CREATE TABLE present (person TEXT, school TEXT, role TEXT, PRIMARY KEY (person, school, role))
  WITHOUT ROWID;
"""

_KNOWN_ROLES = """
INSERT INTO known_roles
SELECT r.person, l.school, r.role, min(r.is_over OR r.is_removed OR p.is_removed)
FROM roles r JOIN places l ON l.org = r.school JOIN persons p ON p.person = r.person
WHERE l.school IS NOT NULL GROUP BY r.person, l.school, r.role;
"""

# Decision: OneRoster's «scheduled» class is a group, unless its school has no homeroom class at
# all and the title is the name of one («7А»): many systems never write «homeroom».
_ROOMS = """
INSERT OR IGNORE INTO rooms
SELECT c.school_class, l.school, c.name, c.grade, coalesce(c.kind, ''), c.subject
FROM classes c JOIN places l ON l.org = c.school
WHERE l.school IS NOT NULL AND NOT c.is_removed;

UPDATE rooms SET kind = CASE
  WHEN looks_like_homeroom(name) AND NOT EXISTS (
    SELECT 1 FROM classes h JOIN places l ON l.org = h.school
    WHERE l.school = rooms.school AND h.kind = 'homeroom' AND h.file <> '' AND NOT h.is_removed)
  THEN 'homeroom' ELSE 'group' END
WHERE kind = '';

UPDATE rooms SET subject = '' WHERE subject <> ''
  AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject = rooms.subject AND NOT s.is_removed);
"""

# In a homeroom class the primary teacher leads it, or the only one; every other teacher of a
# class teaches its subject. A group without a known subject is a subject of its own.
_TEACHERS = """
CREATE TABLE staff_of AS
SELECT t.person, t.school_class, max(t.is_primary) AS is_primary, min(t.file) AS file,
       min(t.line) AS line
FROM teacher_enrolments t WHERE NOT t.is_removed GROUP BY t.person, t.school_class;
CREATE INDEX staff_of_class ON staff_of (school_class);

CREATE TABLE leaders AS
SELECT t.file, t.line, t.person, t.school_class
FROM staff_of t JOIN rooms c ON c.school_class = t.school_class
WHERE c.kind = 'homeroom' AND (t.is_primary OR (
  (SELECT count(*) FROM staff_of o WHERE o.school_class = t.school_class) = 1
  AND NOT EXISTS (SELECT 1 FROM class_teachers k WHERE k.school_class = t.school_class)));

INSERT INTO class_teachers SELECT file, line, 0, person, school_class FROM leaders;

INSERT INTO teachings
SELECT t.file, t.line, 0, t.person, t.school_class,
       CASE c.subject WHEN '' THEN 'class:' || c.school_class ELSE c.subject END
FROM staff_of t JOIN rooms c ON c.school_class = t.school_class
WHERE (c.kind = 'group' OR c.subject <> '')
  AND NOT EXISTS (SELECT 1 FROM leaders l
                  WHERE l.person = t.person AND l.school_class = t.school_class);
"""

# Of two relatives the pupil is the child. When both are pupils, the one who is a guardian too is
# the guardian of the other; `checking` names the rest.
_RELATIVES = """
CREATE TABLE pairs AS
SELECT r.file, r.line, r.person, r.relative,
  EXISTS (SELECT 1 FROM known_roles k WHERE k.person = r.person AND k.role = 'pupil') AS is_pupil,
  EXISTS (SELECT 1 FROM known_roles k
          WHERE k.person = r.relative AND k.role = 'pupil') AS is_relative_pupil,
  EXISTS (SELECT 1 FROM known_roles k
          WHERE k.person = r.person AND k.role = 'guardian') AS is_guardian,
  EXISTS (SELECT 1 FROM known_roles k
          WHERE k.person = r.relative AND k.role = 'guardian') AS is_relative_guardian
FROM relatives r
WHERE EXISTS (SELECT 1 FROM persons p WHERE p.person = r.person AND NOT p.is_removed)
  AND EXISTS (SELECT 1 FROM persons p WHERE p.person = r.relative AND NOT p.is_removed);

INSERT INTO guardianships
SELECT file, line, 0, relative, person FROM pairs
WHERE is_pupil AND (NOT is_relative_pupil OR (is_relative_guardian AND NOT is_guardian));

INSERT INTO guardianships
SELECT file, line, 0, person, relative FROM pairs
WHERE is_relative_pupil AND (NOT is_pupil OR (is_guardian AND NOT is_relative_guardian));
"""

# A role that the source does not write, but says by what the person does there: a pupil in a
# class of another school, a principal who teaches, a guardian known only by the child.
_PRESENT = """
INSERT INTO present SELECT person, school, role FROM known_roles WHERE NOT is_over;

INSERT OR IGNORE INTO present
SELECT DISTINCT e.person, c.school, 'pupil'
FROM enrolments e JOIN rooms c ON c.school_class = e.school_class
WHERE NOT e.is_removed
  AND NOT EXISTS (SELECT 1 FROM known_roles k WHERE k.person = e.person AND k.school = c.school)
  AND EXISTS (SELECT 1 FROM known_roles k
              WHERE k.person = e.person AND k.role = 'pupil' AND NOT k.is_over);

INSERT OR IGNORE INTO present
SELECT DISTINCT t.person, c.school, 'teacher'
FROM (SELECT person, school_class FROM teachings WHERE NOT is_removed
      UNION SELECT person, school_class FROM class_teachers WHERE NOT is_removed) t
JOIN rooms c ON c.school_class = t.school_class
WHERE NOT EXISTS (SELECT 1 FROM known_roles k WHERE k.person = t.person AND k.school = c.school
                  AND (k.role <> 'administrator' OR k.is_over))
  AND EXISTS (SELECT 1 FROM known_roles k WHERE k.person = t.person
              AND k.role IN ('teacher', 'administrator') AND NOT k.is_over);

INSERT OR IGNORE INTO present
SELECT DISTINCT g.guardian, k.school, 'guardian'
FROM guardianships g JOIN present k ON k.person = g.pupil AND k.role = 'pupil'
JOIN persons p ON p.person = g.guardian AND NOT p.is_removed
WHERE NOT g.is_removed
  AND NOT EXISTS (SELECT 1 FROM known_roles o WHERE o.person = g.guardian
                  AND o.school = k.school AND o.role = 'guardian' AND o.is_over);
"""

_TOPICS = """
INSERT OR IGNORE INTO topics
SELECT l.school, s.subject, s.name FROM subjects s JOIN places l ON l.org = s.school
WHERE l.school IS NOT NULL AND NOT s.is_removed;

INSERT OR IGNORE INTO topics
SELECT c.school, s.subject, s.name
FROM teachings t JOIN rooms c ON c.school_class = t.school_class
JOIN subjects s ON s.subject = t.subject WHERE NOT s.is_removed AND NOT t.is_removed;

INSERT OR IGNORE INTO topics
SELECT c.school, t.subject, c.name
FROM teachings t JOIN rooms c ON c.school_class = t.school_class
WHERE t.subject = 'class:' || t.school_class AND NOT t.is_removed;
"""

_WANTED = """
INSERT OR IGNORE INTO wanted
SELECT 'subject', school || char(31) || subject, json_array(name), NULL FROM topics;

INSERT OR IGNORE INTO wanted
SELECT 'class', school || char(31) || school_class, json_array(name, grade, kind), NULL FROM rooms;

INSERT OR IGNORE INTO wanted
SELECT 'person', r.school || char(31) || r.person,
  CASE p.file WHEN '' THEN coalesce(a.body, json_array(p.family, p.given, p.patronymic))
  ELSE json_array(p.family, p.given, p.patronymic) END, NULL
FROM (SELECT DISTINCT school, person FROM present) r
JOIN persons p ON p.person = r.person AND NOT p.is_removed
LEFT JOIN actual a ON a.kind = 'person' AND a.key = r.school || char(31) || r.person;

INSERT OR IGNORE INTO wanted
SELECT 'role', r.school || char(31) || r.person || char(31) || r.role, '[]', NULL
FROM present r JOIN wanted w ON w.kind = 'person' AND w.key = r.school || char(31) || r.person;

INSERT OR IGNORE INTO wanted
SELECT 'class_teacher', c.school || char(31) || c.school_class || char(31) || t.person, '[]', NULL
FROM class_teachers t JOIN rooms c ON c.school_class = t.school_class
JOIN present r ON r.person = t.person AND r.school = c.school AND r.role = 'teacher'
WHERE NOT t.is_removed;

INSERT OR IGNORE INTO wanted
SELECT 'enrolment', c.school || char(31) || c.school_class || char(31) || e.person, '[]',
  json_array(e.since)
FROM enrolments e JOIN rooms c ON c.school_class = e.school_class
JOIN present r ON r.person = e.person AND r.school = c.school AND r.role = 'pupil'
WHERE NOT e.is_removed;

INSERT OR IGNORE INTO wanted
SELECT 'guardianship', c.school || char(31) || g.guardian || char(31) || g.pupil, '[]', NULL
FROM guardianships g
JOIN present c ON c.person = g.pupil AND c.role = 'pupil'
JOIN present r ON r.person = g.guardian AND r.school = c.school AND r.role = 'guardian'
WHERE NOT g.is_removed;

INSERT OR IGNORE INTO wanted
SELECT 'teaching', c.school || char(31) || c.school_class || char(31) || t.subject || char(31)
  || t.person, '[]', NULL
FROM teachings t JOIN rooms c ON c.school_class = t.school_class
JOIN topics s ON s.school = c.school AND s.subject = t.subject
JOIN present r ON r.person = t.person AND r.school = c.school AND r.role = 'teacher'
WHERE NOT t.is_removed;

INSERT OR IGNORE INTO wanted
SELECT 'slot', w.key || char(31) || s.weekday || char(31) || s.number,
  json_array(s.starts_at, s.ends_at, s.room), NULL
FROM slots s JOIN rooms c ON c.school_class = s.school_class
JOIN wanted w ON w.kind = 'teaching' AND w.key = c.school || char(31) || c.school_class
  || char(31) || s.subject || char(31) || s.person
WHERE NOT s.is_removed;

DELETE FROM actual WHERE kind = 'role' AND NOT EXISTS (
  SELECT 1 FROM wanted w WHERE w.kind = 'person' AND w.key = actual.p0 || char(31) || actual.p1);
"""

_SCHOOLS = """
INSERT OR IGNORE INTO wanted
SELECT 'school', l.school || '',
  json_array(
    CASE s.file WHEN '' THEN coalesce(json_extract(a.body, '$[0]'), s.name) ELSE s.name END,
    coalesce(nullif(s.region, ''), nullif(?1, ''), json_extract(a.body, '$[1]')),
    coalesce(nullif(s.time_zone, ''), json_extract(a.body, '$[2]'), ?2)),
  NULL
FROM (SELECT DISTINCT school FROM places WHERE school IS NOT NULL) l
JOIN schools s ON s.school = l.school
LEFT JOIN actual a ON a.kind = 'school' AND a.key = l.school
"""


def prepare(stage: Staging) -> None:
    """Make `known_roles`, `rooms`, `topics` and `present` of the complete records."""
    stage.define("looks_like_homeroom", looks_like_homeroom)
    for script in (
        *(_TABLES, _KNOWN_ROLES, _ROOMS, _TEACHERS, _RELATIVES, _PRESENT, _TOPICS),
        "ANALYZE;",
    ):
        stage.run_all(script)


def fill_wanted(stage: Staging, *, region: str | None, time_zone: str) -> None:
    """Write `wanted`. `region` and `time_zone` are for schools that have none of their own.

    Roles of people who have left stay as they were: the site remembers what they were here.
    """
    stage.run(_SCHOOLS, (region or "", time_zone))
    stage.run_all(_WANTED)

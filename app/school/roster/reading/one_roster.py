"""OneRoster 1.1 and 1.2 CSV (1EdTech): a zip or a folder with manifest.csv."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import gettext

from app.school.classes import ClassKind
from app.school.people import Role
from app.school.roster.faults import Report
from app.school.roster.reading import one_roster_columns as columns
from app.school.roster.reading import values
from app.school.roster.reading.csv_files import CsvFolder
from app.school.roster.reading.manifest import Manifest
from app.school.roster.reading.roster import ROLE_WORDS, Coverage, Roster
from app.school.roster.reading.tables import Columns, Row
from app.school.roster.records import (
    ClassRecord,
    ClassTeacherRecord,
    EnrolmentRecord,
    GuardianshipRecord,
    MentionRecord,
    PersonRecord,
    PlaceKind,
    Record,
    RelativeRecord,
    RoleRecord,
    SchoolRecord,
    SubjectRecord,
    TeacherEnrolmentRecord,
    TeachingRecord,
)


def open_one_roster(folder: CsvFolder, report: Report, today: dt.date) -> Roster:
    """Read the manifest and say how much the files cover."""
    manifest = Manifest(folder, report)
    has_roles = manifest.modes["roles"] is not Coverage.ABSENT
    is_1_2 = manifest.version.startswith("1.2") or has_roles
    reader = _OneRoster(folder, manifest, report, today, is_1_2=is_1_2)
    modes = manifest.modes
    return Roster(
        format_name="OneRoster 1.2" if is_1_2 else "OneRoster 1.1",
        coverage={
            SchoolRecord: modes["orgs"],
            PersonRecord: modes["users"],
            RoleRecord: modes["roles" if is_1_2 else "users"],
            GuardianshipRecord: modes["users"],
            SubjectRecord: modes["courses"],
            ClassRecord: modes["classes"],
            EnrolmentRecord: modes["enrollments"],
            ClassTeacherRecord: modes["enrollments"],
            TeachingRecord: modes["enrollments"],
        },
        records=reader.records,
        person_brings_roles=not is_1_2,
    )


class _OneRoster:
    def __init__(
        self,
        folder: CsvFolder,
        manifest: Manifest,
        report: Report,
        today: dt.date,
        *,
        is_1_2: bool,
    ) -> None:
        self._folder = folder
        self._manifest = manifest
        self._report = report
        self._today = today
        self._is_1_2 = is_1_2
        self._mentioned: set[str] = set()

    def records(self) -> Iterator[Record]:
        """Every record, file after file."""
        readers = {
            "orgs": (columns.ORGS, self._org),
            "users": (columns.USERS, self._user),
            "roles": (columns.ROLES, self._role),
            "courses": (columns.COURSES, self._course),
            "classes": (columns.CLASSES, self._class),
            "enrollments": (columns.ENROLLMENTS, self._enrollment),
        }
        for stem, (table, read) in readers.items():
            file = self._manifest.files.get(stem)
            if file is None:
                continue
            count = 0
            for row in self._folder.rows(file, table):
                count += 1
                yield from read(row)
            if not count and self._manifest.modes[stem] is Coverage.WHOLE:
                self._name_empty(file, table)

    def _name_empty(self, file: str, table: Columns) -> None:
        reason = gettext(
            "В файле нет строк. Если о нём нечего сказать, отметьте его в manifest.csv как absent."
        )
        self._report.add(file, None, table.required[0], reason)

    def _org(self, row: Row) -> Iterator[Record]:
        kind = row.text("type").casefold()
        record = SchoolRecord(
            **row.origin,
            is_removed=_is_removed(row),
            school=row.id("sourcedId"),
            name=row.text("name", is_required=True),
            kind=_PLACES.get(kind, PlaceKind.UMBRELLA),
            parent=row.id("parentSourcedId", is_required=False),
        )
        if row.is_sound:
            yield record

    def _user(self, row: Row) -> Iterator[Record]:
        relatives = row.ids("agentSourcedIds")
        is_removed = _is_removed(row)
        record = PersonRecord(
            **row.origin,
            is_removed=is_removed,
            person=row.id("sourcedId"),
            family=row.text("familyName", limit=100, is_required=not is_removed),
            given=row.text("givenName", limit=100, is_required=not is_removed),
            patronymic=row.text("middleName", limit=100),
            username=row.text("username"),
            names_relatives=bool(relatives),
        )
        roles = list(self._roles_of(row, record.person)) if not self._is_1_2 else []
        if row.is_sound:
            yield record
            yield from roles
            for relative in relatives:
                yield RelativeRecord(**row.origin, person=record.person, relative=relative)

    def _roles_of(self, row: Row, person: str) -> Iterator[Record]:
        """Version 1.1: one role, in each of the user's organisations."""
        if not row.has("role") or not row.has("orgSourcedIds"):
            row.wrong("role", gettext("В OneRoster 1.1 нужны столбцы role и orgSourcedIds."))
            return
        role = self._read_role(row)
        schools = row.ids("orgSourcedIds")
        if not schools and not _is_removed(row):
            row.wrong("orgSourcedIds", gettext("Ячейка пуста, а она обязательна."))
        for school in dict.fromkeys(schools):
            if role is not None:
                yield RoleRecord(
                    **row.origin,
                    is_removed=_is_removed(row),
                    person=person,
                    school=school,
                    role=role,
                )

    def _read_role(self, row: Row) -> Role | None:
        word = row.text("role", is_required=not _is_removed(row))
        role = ROLE_WORDS.get(word.casefold())
        if role is None and word:
            row.doubt("role", gettext("Роль «%(word)s» не загружается.", word=word))
        return role

    def _role(self, row: Row) -> Iterator[Record]:
        role = self._read_role(row)
        person, school = row.id("userSourcedId"), row.id("orgSourcedId")
        is_over = self._is_over(row)
        if row.is_sound and role is not None:
            yield RoleRecord(
                **row.origin,
                is_removed=_is_removed(row),
                person=person,
                school=school,
                role=role,
                is_over=is_over,
            )

    def _is_over(self, row: Row) -> bool:
        """The first day and the first day after are given (endDate is exclusive in OneRoster)."""
        begins, ends = row.date("beginDate"), row.date("endDate")
        return (begins is not None and begins > self._today) or (
            ends is not None and ends <= self._today
        )

    def _course(self, row: Row) -> Iterator[Record]:
        record = SubjectRecord(
            **row.origin,
            is_removed=_is_removed(row),
            subject=row.id("sourcedId"),
            school=row.id("orgSourcedId", is_required=False),
            name=row.text("title", limit=120, is_required=True),
        )
        if row.is_sound:
            yield record

    def _class(self, row: Row) -> Iterator[Record]:
        kind = row.text("classType").casefold()
        name = row.text("title", limit=120, is_required=True)
        record = ClassRecord(
            **row.origin,
            is_removed=_is_removed(row),
            school_class=row.id("sourcedId"),
            school=row.id("schoolSourcedId"),
            name=name,
            grade=values.read_grade(row.text("grades", limit=400)) or _grade_of(name, kind),
            kind=ClassKind.HOMEROOM if kind == "homeroom" else None,
            subject=row.id("courseSourcedId", is_required=False),
        )
        if row.is_sound:
            yield record

    def _enrollment(self, row: Row) -> Iterator[Record]:
        word = row.text("role", is_required=True)
        role = ROLE_WORDS.get(word.casefold())
        person, school_class = row.id("userSourcedId"), row.id("classSourcedId")
        since = row.date("beginDate")
        is_removed = _is_removed(row) or self._is_over(row)
        if not row.is_sound:
            return
        yield from self._mention(row)
        if role is Role.PUPIL:
            yield EnrolmentRecord(
                **row.origin,
                is_removed=is_removed,
                person=person,
                school_class=school_class,
                since=since.isoformat() if since else "",
            )
        elif role is Role.TEACHER:
            yield TeacherEnrolmentRecord(
                **row.origin,
                is_removed=is_removed,
                person=person,
                school_class=school_class,
                is_primary=row.is_yes("primary"),
            )
        else:
            row.doubt("role", gettext("Роль «%(word)s» не загружается.", word=word))

    def _mention(self, row: Row) -> Iterator[Record]:
        school = row.id("schoolSourcedId", is_required=False)
        if school and school not in self._mentioned:
            self._mentioned.add(school)
            yield MentionRecord(**row.origin, school=school)


_PLACES = {
    "school": PlaceKind.SCHOOL,
    "department": PlaceKind.PART,
}


def _grade_of(name: str, kind: str) -> int | None:
    is_homeroom = kind == "homeroom" or values.looks_like_homeroom(name)
    return values.read_grade(name) if is_homeroom else None


def _is_removed(row: Row) -> bool:
    status = row.text("status").casefold()
    if status not in {"", "active", "tobedeleted", "inactive"}:
        row.wrong(
            "status", gettext("Вместо «%(status)s» ждали active или tobedeleted.", status=status)
        )
    return status in {"tobedeleted", "inactive"}

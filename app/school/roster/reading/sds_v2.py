"""Microsoft School Data Sync v2.1 CSV: orgs, users, roles; classes, enrolments, relationships."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import gettext

from app.school.classes import ClassKind
from app.school.people import Role
from app.school.roster.faults import Report
from app.school.roster.reading.csv_files import CsvFolder
from app.school.roster.reading.roster import ROLE_WORDS, Coverage, Roster
from app.school.roster.reading.tables import Columns, Row
from app.school.roster.records import (
    ClassRecord,
    ClassTeacherRecord,
    EnrolmentRecord,
    GuardianshipRecord,
    PersonRecord,
    PlaceKind,
    Record,
    RoleRecord,
    SchoolRecord,
    SubjectRecord,
    TeacherEnrolmentRecord,
    TeachingRecord,
)

NEEDED = ("orgs", "users", "roles")
OPTIONAL = ("courses", "classes", "enrollments", "relationships")
KNOWN = frozenset((*NEEDED, *OPTIONAL, "academicsessions", "demographics", "userflags"))
PARTS = frozenset({"department", "division", "program", "departmentofeducation"})
SCHOOLS = frozenset({"school", "college", "university", "academy", "kindergarten"})

ORGS = Columns(
    ("sourcedId", "name"),
    ("type", "parentSourcedId"),
    fields={"sourcedId": "school", "parentSourcedId": "parent"},
)
USERS = Columns(
    ("sourcedId", "givenName", "familyName"),
    ("username", "middleName"),
    ("password", "activeDirectoryMatchId", "email", "phone", "sms", "userNumber"),
    {"sourcedId": "person"},
)
ROLES = Columns(
    ("userSourcedId", "orgSourcedId", "role"),
    ("roleStartDate", "roleEndDate"),
    ("sessionSourcedId", "grade", "isPrimary"),
    {"userSourcedId": "person", "orgSourcedId": "school"},
)
COURSES = Columns(
    ("sourcedId", "title"),
    ("orgSourcedId",),
    ("code", "schoolYearSourcedId", "subject", "grade"),
    {"sourcedId": "subject", "orgSourcedId": "school"},
)
CLASSES = Columns(
    ("sourcedId", "orgSourcedId", "title"),
    ("courseSourcedId",),
    ("sessionSourcedIds", "code"),
    {"sourcedId": "school_class", "orgSourcedId": "school", "courseSourcedId": "subject"},
)
ENROLLMENTS = Columns(
    ("classSourcedId", "userSourcedId", "role"),
    fields={"classSourcedId": "school_class", "userSourcedId": "person"},
)
RELATIONSHIPS = Columns(
    ("userSourcedId", "relationshipUserSourcedId"),
    ("relationshipRole",),
    fields={"userSourcedId": "pupil", "relationshipUserSourcedId": "guardian"},
)


def open_sds_v2(folder: CsvFolder, report: Report, today: dt.date) -> Roster:
    """An optional file that is missing leaves its part of the school as it is."""
    reader = _SdsV2(folder, report, today)
    whole = dict.fromkeys(reader.files, Coverage.WHOLE)
    enrollments = whole.get("enrollments", Coverage.ABSENT)
    return Roster(
        format_name="Microsoft SDS v2.1",
        coverage={
            SchoolRecord: Coverage.WHOLE,
            PersonRecord: Coverage.WHOLE,
            RoleRecord: Coverage.WHOLE,
            SubjectRecord: whole.get("courses", Coverage.ABSENT),
            ClassRecord: whole.get("classes", Coverage.ABSENT),
            EnrolmentRecord: enrollments,
            ClassTeacherRecord: enrollments,
            TeachingRecord: enrollments,
            GuardianshipRecord: whole.get("relationships", Coverage.ABSENT),
        },
        records=reader.records,
    )


class _SdsV2:
    def __init__(self, folder: CsvFolder, report: Report, today: dt.date) -> None:
        self._folder = folder
        self._report = report
        self._today = today
        self.files: dict[str, str] = {}
        for stem in (*NEEDED, *OPTIONAL):
            file = folder.find(stem, known=KNOWN - {stem})
            if file is not None:
                self.files[stem] = file
            elif stem in NEEDED:
                report.add(f"{stem}.csv", None, "", gettext("Обязательного файла нет."))
        self._dates_count = self._has_present_role()

    def _has_present_role(self) -> bool:
        """Decision: a roster in which every role has ended is last year's export, and its dates
        say nothing of today: they are not believed, and a notice says so.
        """
        if "roles" not in self.files:
            return True
        dates = Columns((), ("roleStartDate", "roleEndDate"))
        count = 0
        for row in self._folder.rows(self.files["roles"], dates, report=Report()):
            count += 1
            if not self._is_over(row):
                return True
        if count:
            reason = gettext("Все роли в файле уже закончились: даты ролей не учтены.")
            self._report.add(self.files["roles"], None, "roleEndDate", reason, is_fatal=False)
        return False

    def records(self) -> Iterator[Record]:
        """Every record, file after file."""
        readers = {
            "orgs": (ORGS, self._org),
            "users": (USERS, self._user),
            "roles": (ROLES, self._role),
            "courses": (COURSES, self._course),
            "classes": (CLASSES, self._class),
            "enrollments": (ENROLLMENTS, self._enrollment),
            "relationships": (RELATIONSHIPS, self._relationship),
        }
        for stem, (columns, read) in readers.items():
            if stem not in self.files:
                continue
            count = 0
            for row in self._folder.rows(self.files[stem], columns):
                count += 1
                yield from read(row)
            if not count and stem in NEEDED:
                reason = gettext("В файле нет строк.")
                self._report.add(self.files[stem], None, columns.required[0], reason)

    def _org(self, row: Row) -> Iterator[Record]:
        kind = row.text("type").casefold()
        record = SchoolRecord(
            **row.origin,
            school=row.id("sourcedId"),
            name=row.text("name", is_required=True),
            kind=_place(kind),
            parent=row.id("parentSourcedId", is_required=False),
        )
        if row.is_sound:
            yield record

    def _user(self, row: Row) -> Iterator[Record]:
        record = PersonRecord(
            **row.origin,
            person=row.id("sourcedId"),
            family=row.text("familyName", limit=100, is_required=True),
            given=row.text("givenName", limit=100, is_required=True),
            patronymic=row.text("middleName", limit=100),
            username=row.text("username"),
        )
        if row.is_sound:
            yield record

    def _read_role(self, row: Row) -> Role | None:
        word = row.text("role", is_required=True)
        role = ROLE_WORDS.get(word.casefold())
        if role is None and word:
            row.doubt("role", gettext("Роль «%(word)s» не загружается.", word=word))
        return role

    def _role(self, row: Row) -> Iterator[Record]:
        role = self._read_role(row)
        person, school = row.id("userSourcedId"), row.id("orgSourcedId")
        is_over = self._is_over(row) and self._dates_count
        if row.is_sound and role is not None:
            yield RoleRecord(**row.origin, person=person, school=school, role=role, is_over=is_over)

    def _is_over(self, row: Row) -> bool:
        begins, ends = row.date("roleStartDate"), row.date("roleEndDate")
        return (begins is not None and begins > self._today) or (
            ends is not None and ends < self._today
        )

    def _course(self, row: Row) -> Iterator[Record]:
        record = SubjectRecord(
            **row.origin,
            subject=row.id("sourcedId"),
            school=row.id("orgSourcedId", is_required=False),
            name=row.text("title", limit=120, is_required=True),
        )
        if row.is_sound:
            yield record

    def _class(self, row: Row) -> Iterator[Record]:
        record = ClassRecord(
            **row.origin,
            school_class=row.id("sourcedId"),
            school=row.id("orgSourcedId"),
            name=row.text("title", limit=120, is_required=True),
            kind=ClassKind.GROUP,
            subject=row.id("courseSourcedId", is_required=False),
        )
        if row.is_sound:
            yield record

    def _enrollment(self, row: Row) -> Iterator[Record]:
        role = self._read_role(row)
        person, school_class = row.id("userSourcedId"), row.id("classSourcedId")
        if not row.is_sound:
            return
        if role is Role.PUPIL:
            yield EnrolmentRecord(**row.origin, person=person, school_class=school_class)
        elif role is Role.TEACHER:
            yield TeacherEnrolmentRecord(**row.origin, person=person, school_class=school_class)

    def _relationship(self, row: Row) -> Iterator[Record]:
        """Decision: a guardian, a parent and a relative are one to us, «родитель»: the school
        names as a contact only whom it trusts with the child. Other words (doctor) are not read.
        """
        word = row.text("relationshipRole")
        record = GuardianshipRecord(
            **row.origin,
            pupil=row.id("userSourcedId"),
            guardian=row.id("relationshipUserSourcedId"),
        )
        if word and ROLE_WORDS.get(word.casefold()) is not Role.GUARDIAN:
            row.doubt("relationshipRole", gettext("Роль «%(word)s» не загружается.", word=word))
        elif row.is_sound:
            yield record


def _place(kind: str) -> PlaceKind:
    """Decision: a ministry or a district with people of its own is a school to us (in
    Microsoft's own sample a teacher works there); without, it is nothing.
    """
    if kind in PARTS:
        return PlaceKind.PART
    return PlaceKind.SCHOOL if kind in SCHOOLS else PlaceKind.MAYBE

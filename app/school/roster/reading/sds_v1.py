"""Microsoft School Data Sync v1 CSV: School, Student, Teacher, Section and two rosters."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from app.school.classes import ClassKind
from app.school.people import Role
from app.school.roster.faults import Report
from app.school.roster.reading.csv_files import CsvFolder
from app.school.roster.reading.roster import Coverage, Roster
from app.school.roster.reading.tables import Columns, Row
from app.school.roster.records import (
    ClassRecord,
    ClassTeacherRecord,
    EnrolmentRecord,
    PersonRecord,
    Record,
    RoleRecord,
    SchoolRecord,
    SubjectRecord,
    TeacherEnrolmentRecord,
    TeachingRecord,
)

FILES = ("school", "student", "teacher", "section", "studentenrollment", "teacherroster")
KNOWN = frozenset((*FILES, "user", "guardianrelationship"))
SCHOOLS = Columns(("SIS ID", "Name"), fields={"SIS ID": "school"})
_NAMES = ("Middle Name", "Username", "Status")
_NOT_READ = (
    *("Password", "State ID", "Secondary Email", "Student Number", "Teacher Number", "Birthdate"),
    *("Graduation Year", "Title", "Qualification", "Grade"),
)
PEOPLE = Columns(
    ("SIS ID", "School SIS ID", "First Name", "Last Name"),
    _NAMES,
    _NOT_READ,
    {"SIS ID": "person", "School SIS ID": "school"},
)
SECTIONS = Columns(
    ("SIS ID", "School SIS ID", "Section Name"),
    ("Course SIS ID", "Course Name", "Course Subject", "Status"),
    (
        *("Section Number", "Term SIS ID", "Term Name", "Term StartDate", "Term EndDate"),
        *("Course Number", "Course Description", "Periods"),
    ),
    {"SIS ID": "school_class", "School SIS ID": "school", "Course SIS ID": "subject"},
)
ROSTER = Columns(
    ("Section SIS ID", "SIS ID"), fields={"Section SIS ID": "school_class", "SIS ID": "person"}
)


def open_sds_v1(folder: CsvFolder, report: Report) -> Roster:
    """All six files are needed; a section is a group, its course the subject."""
    reader = _SdsV1(folder, report)
    kinds = (
        *(SchoolRecord, PersonRecord, RoleRecord, SubjectRecord, ClassRecord),
        *(EnrolmentRecord, ClassTeacherRecord, TeachingRecord),
    )
    return Roster(
        format_name="Microsoft SDS v1",
        coverage=dict.fromkeys(kinds, Coverage.WHOLE),
        records=reader.records,
        people_may_repeat=True,
    )


class _SdsV1:
    def __init__(self, folder: CsvFolder, report: Report) -> None:
        self._folder = folder
        self._report = report
        self._courses: set[tuple[str, str]] = set()

    def records(self) -> Iterator[Record]:
        """Every record, file after file."""
        readers = {
            "School": (SCHOOLS, self._school),
            "Student": (PEOPLE, lambda row: self._person(row, Role.PUPIL)),
            "Teacher": (PEOPLE, lambda row: self._person(row, Role.TEACHER)),
            "Section": (SECTIONS, self._section),
            "StudentEnrollment": (ROSTER, self._pupil),
            "TeacherRoster": (ROSTER, self._teacher),
        }
        for stem in self._folder.stems() & {"user", "guardianrelationship"}:
            reason = gettext("Этот файл не загружается: родители читаются из SDS v2.1.")
            self._report.add(f"{stem}.csv", None, "", reason, is_fatal=False)
        for stem, (columns, read) in readers.items():
            file = self._folder.find(stem, known=KNOWN - {stem.casefold()})
            if file is None:
                self._report.add(f"{stem}.csv", None, "", gettext("Обязательного файла нет."))
                continue
            count = 0
            for row in self._folder.rows(file, columns):
                count += 1
                yield from read(row)
            if not count:
                self._report.add(file, None, columns.required[0], gettext("В файле нет строк."))

    def _school(self, row: Row) -> Iterator[Record]:
        record = SchoolRecord(
            **row.origin, school=row.id("SIS ID"), name=row.text("Name", is_required=True)
        )
        if row.is_sound:
            yield record

    def _person(self, row: Row, role: Role) -> Iterator[Record]:
        record = PersonRecord(
            **row.origin,
            person=row.id("SIS ID"),
            family=row.text("Last Name", limit=100, is_required=True),
            given=row.text("First Name", limit=100, is_required=True),
            patronymic=row.text("Middle Name", limit=100),
            username=row.text("Username"),
        )
        school = row.id("School SIS ID")
        if row.is_sound:
            yield record
            yield RoleRecord(
                **row.origin,
                is_removed=_is_removed(row),
                person=record.person,
                school=school,
                role=role,
            )

    def _section(self, row: Row) -> Iterator[Record]:
        name = row.text("Section Name", limit=120, is_required=True)
        school = row.id("School SIS ID")
        course = row.id("Course SIS ID", is_required=False)
        course_name = row.text("Course Name", limit=120) or row.text("Course Subject", limit=120)
        record = ClassRecord(
            **row.origin,
            is_removed=_is_removed(row),
            school_class=row.id("SIS ID"),
            school=school,
            name=name,
            kind=ClassKind.GROUP,
            subject=course,
        )
        if not row.is_sound:
            return
        yield record
        if course and (school, course) not in self._courses:
            self._courses.add((school, course))
            yield SubjectRecord(
                **row.origin, subject=course, school=school, name=course_name or name
            )

    def _pupil(self, row: Row) -> Iterator[Record]:
        record = EnrolmentRecord(
            **row.origin, person=row.id("SIS ID"), school_class=row.id("Section SIS ID")
        )
        if row.is_sound:
            yield record

    def _teacher(self, row: Row) -> Iterator[Record]:
        record = TeacherEnrolmentRecord(
            **row.origin, person=row.id("SIS ID"), school_class=row.id("Section SIS ID")
        )
        if row.is_sound:
            yield record


def _is_removed(row: Row) -> bool:
    return row.text("Status").casefold() in {"inactive", "deleted", "dropped", "withdrawn"}

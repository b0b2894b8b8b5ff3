"""The school's own form in Russian, XLSX or a folder (zip) of CSV files: see `template_form`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from zoneinfo import available_timezones

from flask_babel import gettext

from app.school.classes import ClassKind
from app.school.people import Role
from app.school.regions import find_region
from app.school.roster.faults import Report
from app.school.roster.reading import template_cells as cells
from app.school.roster.reading import template_form as form
from app.school.roster.reading import values
from app.school.roster.reading.name_index import (
    Ambiguous,
    Group,
    NameIndex,
    class_id,
    derived_code,
    plain,
)
from app.school.roster.reading.roster import Coverage, Roster
from app.school.roster.reading.tables import MAX_ID, Columns, Row
from app.school.roster.records import (
    ClassRecord,
    ClassTeacherRecord,
    EnrolmentRecord,
    GuardianshipRecord,
    PersonRecord,
    Record,
    RoleRecord,
    SchoolRecord,
    SlotRecord,
    SubjectRecord,
    TeachingRecord,
)

KNOWN = frozenset(sheet.title.casefold() for sheet in form.SHEETS)


class Sheets(Protocol):
    """A book or a folder: tables by title."""

    def stems(self) -> set[str]: ...

    def find(self, stem: str, *, known: frozenset[str] = ...) -> str | None: ...

    def rows(
        self, file: str, columns: Columns, *, report: Report | None = ...
    ) -> Iterator[Row]: ...


def open_template(sheets: Sheets, report: Report) -> Roster:
    """A sheet that is missing or empty leaves its part of the school as it is."""
    reader = _Template(sheets, report)
    filled = {sheet.title: Coverage.WHOLE for sheet in form.SHEETS if reader.is_filled(sheet)}
    load = filled.get(form.LOAD.title, Coverage.ABSENT)
    return Roster(
        format_name=gettext("Русская форма"),
        coverage={
            SchoolRecord: Coverage.WHOLE,
            PersonRecord: Coverage.WHOLE,
            RoleRecord: Coverage.WHOLE,
            ClassRecord: Coverage.WHOLE,
            EnrolmentRecord: Coverage.WHOLE,
            ClassTeacherRecord: Coverage.WHOLE,
            SubjectRecord: load,
            TeachingRecord: load,
            SlotRecord: filled.get(form.TIMETABLE.title, Coverage.ABSENT),
            GuardianshipRecord: filled.get(form.GUARDIANS.title, Coverage.ABSENT),
        },
        records=reader.records,
        people_may_repeat=True,
    )


class _Template:
    def __init__(self, sheets: Sheets, report: Report) -> None:
        self._sheets = sheets
        self._report = report
        self._school = ""
        self._index = NameIndex()
        self._files = {
            sheet.title: sheets.find(sheet.title, known=KNOWN - {sheet.title.casefold()})
            for sheet in form.SHEETS
        }

    def is_filled(self, sheet: form.Sheet) -> bool:
        """There is a row under the header."""
        file = self._files[sheet.title]
        if file is None:
            return False
        return next(self._sheets.rows(file, Columns(()), report=Report()), None) is not None

    def records(self) -> Iterator[Record]:
        """Every record; people first, so that other sheets may name them."""
        readers = (
            (form.SCHOOL, self._read_school, {"Код": "school"}),
            (form.PEOPLE, self._person, {"Код": "person", "Класс": "school_class"}),
            (form.GUARDIANS, self._guardian, {"Код": "guardian", "Дети": "pupil"}),
            (form.CLASSES, self._class, {"Класс": "school_class"}),
            (form.LOAD, self._load, {"Класс": "school_class", "Преподаватель": "person"}),
            (form.TIMETABLE, self._slot, {"Класс": "school_class", "Предмет": "subject"}),
        )
        for sheet, read, fields in readers:
            file = self._files[sheet.title]
            if sheet.is_required and not self.is_filled(sheet):
                self._report.add(
                    file or sheet.title, None, "", gettext("Обязательный лист не заполнен.")
                )
            if file is not None:
                for row in self._sheets.rows(file, _columns(sheet, fields)):
                    yield from read(row)
        self._index.close()

    def _read_school(self, row: Row) -> Iterator[Record]:
        if self._school:
            row.wrong("Код", gettext("В одной форме — одна школа."))
        region, zone = row.text("Код региона"), row.text("Часовой пояс")
        region = region.zfill(2) if region else ""
        if region and find_region(region) is None:
            row.wrong("Код региона", gettext("Региона с кодом «%(code)s» нет.", code=region))
        if zone and zone not in available_timezones():
            row.wrong("Часовой пояс", gettext("Часового пояса «%(zone)s» нет.", zone=zone))
        record = SchoolRecord(
            **row.origin,
            school=row.id("Код"),
            name=row.text("Название", is_required=True),
            region=region,
            time_zone=zone,
        )
        if row.is_sound:
            self._school = record.school
            yield record

    def _person(self, row: Row) -> Iterator[Record]:
        roles = cells.read_roles(row)
        school_class = row.text("Класс", limit=40)
        is_pupil = Role.PUPIL in roles
        if is_pupil and not school_class:
            row.wrong("Класс", gettext("У обучающегося должен быть класс."))
        if is_pupil and len(roles) > 1:
            row.wrong("Роль", gettext("Обучающийся не может иметь другой роли."))
        group = Group.PUPIL if is_pupil else Group.STAFF
        person = self._read_person(row, group, school_class if is_pupil else "")
        if person is None:
            return
        yield person
        for role in roles:
            yield RoleRecord(**row.origin, person=person.person, school=self._school, role=role)
        if is_pupil:
            yield EnrolmentRecord(
                **row.origin, person=person.person, school_class=class_id(school_class)
            )

    def _read_person(self, row: Row, group: Group, school_class: str) -> PersonRecord | None:
        code = row.id("Код", is_required=False)
        family = row.text("Фамилия", limit=100, is_required=True)
        given = row.text("Имя", limit=100, is_required=True)
        names = (family, given, row.text("Отчество", limit=100))
        login = row.text("Логин")
        if not row.is_sound:
            return None
        person = code or derived_code(group, names, school_class)
        if not self._index.add(person, group, names, school_class):
            row.wrong(
                "Код",
                gettext("Этот код уже есть выше: код у каждого человека свой.")
                if code
                else gettext("Полный тёзка уже есть выше: заполните «Код» обоим."),
            )
            return None
        return PersonRecord(
            **row.origin,
            person=person,
            family=family,
            given=given,
            patronymic=names[2],
            username=login,
        )

    def _guardian(self, row: Row) -> Iterator[Record]:
        cell = row.text("Дети", limit=1000, is_required=True)
        pupils = [
            self._find(row, "Дети", child, Group.PUPIL)
            for child in cells.split_people(cell)
            if child.strip()
        ]
        person = self._read_person(row, Group.GUARDIAN, "")
        if person is None or not row.is_sound:
            return
        yield person
        yield RoleRecord(
            **row.origin, person=person.person, school=self._school, role=Role.GUARDIAN
        )
        for pupil in dict.fromkeys(pupils):
            yield GuardianshipRecord(**row.origin, guardian=person.person, pupil=pupil)

    def _class(self, row: Row) -> Iterator[Record]:
        name = row.text("Класс", limit=40, is_required=True)
        cell = row.text("Классный руководитель", limit=1000)
        leaders = [
            self._find(row, "Классный руководитель", who, Group.STAFF)
            for who in cells.split_people(cell)
        ]
        if not row.is_sound:
            return
        yield ClassRecord(
            **row.origin,
            school_class=class_id(name),
            school=self._school,
            name=name,
            grade=values.read_grade(name),
            kind=ClassKind.HOMEROOM,
        )
        for leader in dict.fromkeys(leaders):
            yield ClassTeacherRecord(**row.origin, person=leader, school_class=class_id(name))

    def _load(self, row: Row) -> Iterator[Record]:
        school_class = class_id(row.text("Класс", limit=40, is_required=True))
        name = row.text("Предмет", limit=MAX_ID, is_required=True)
        who = row.text("Преподаватель", is_required=True)
        teacher = self._find(row, "Преподаватель", who, Group.STAFF) if who else ""
        if not row.is_sound:
            return
        subject = plain(name)
        is_new = not self._index.has_subject(subject)
        self._index.add_load(school_class, subject, teacher)
        if is_new:
            yield SubjectRecord(**row.origin, subject=subject, school=self._school, name=name)
        yield TeachingRecord(
            **row.origin, person=teacher, school_class=school_class, subject=subject
        )

    def _slot(self, row: Row) -> Iterator[Record]:
        school_class = class_id(row.text("Класс", limit=40, is_required=True))
        subject = plain(row.text("Предмет", limit=MAX_ID, is_required=True))
        weekday, number = cells.read_weekday(row), cells.read_number(row)
        starts, ends = cells.read_time(row, "Начало"), cells.read_time(row, "Окончание")
        room = row.text("Кабинет", limit=40)
        if row.is_sound and starts >= ends:
            row.wrong("Окончание", gettext("Урок кончается раньше, чем начинается."))
        teacher = self._slot_teacher(row, school_class, subject) if row.is_sound else ""
        if row.is_sound:
            yield SlotRecord(
                **row.origin,
                person=teacher,
                school_class=school_class,
                subject=subject,
                weekday=weekday,
                number=number,
                starts_at=starts,
                ends_at=ends,
                room=room,
            )

    def _slot_teacher(self, row: Row, school_class: str, subject: str) -> str:
        who = row.text("Преподаватель")
        if who:
            return self._find(row, "Преподаватель", who, Group.STAFF)
        try:
            teacher = self._index.teacher_of(school_class, subject)
        except Ambiguous:
            reason = gettext("Предмет в этом классе ведут несколько человек: напишите, кто.")
            row.wrong("Преподаватель", reason)
            return ""
        if teacher is None:
            row.wrong("Предмет", gettext("Такого предмета у этого класса нет в нагрузке."))
        return teacher or ""

    def _find(self, row: Row, column: str, text: str, group: Group) -> str:
        """The code of the person named in a cell; a miss or a doubt becomes a fault."""
        try:
            code = self._index.find(text, group)
        except Ambiguous:
            reason = gettext("Подходят несколько человек: «%(text)s». Напишите код.", text=text)
            row.wrong(column, reason)
            return ""
        if code is None:
            reason = gettext("Такого человека нет на листе «Люди»: «%(text)s».", text=text)
            row.wrong(column, reason)
        return code or ""


def _columns(sheet: form.Sheet, fields: dict[str, str]) -> Columns:
    return Columns(
        tuple(column.header for column in sheet.columns if column.is_required),
        tuple(column.header for column in sheet.columns if not column.is_required),
        fields=fields,
    )

"""Importing rosters by the command, as a secretary does it: real files, dirty files, repeats."""

import csv
import shutil
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.db import db
from app.linking.links import Link
from app.membership.models import Seat
from app.messenger.chats.models import Chat
from app.school.accounts import Account
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Teaching
from app.school.people import Guardianship, Person, PersonRole, Role, School
from app.school.timetable import TimetableSlot

DATA = Path(__file__).parents[1] / "data"
SDS1, SDS2 = DATA / "ms_sds_v1_100users", DATA / "ms_sds_v2.1"
FORM = {
    "Школа": [["Код", "Название", "Код региона"], ["77-1", "Школа № 1", "77"]],
    "Классы": [["Класс", "Классный руководитель"], ["7А", "Иванова Анна Петровна"]],
    "Люди": [
        ["Код", "Роль", "Фамилия", "Имя", "Отчество", "Класс", "Логин"],
        ["", "преподаватель", "Иванова", "Анна", "Петровна", "", ""],
        ["", "преподаватель", "Ким", "Олег", "", "", ""],
        ["", "обучающийся", "Орлов", "Миша", "Ильич", "7А", ""],
        ["", "обучающийся", "Белова", "Даша", "", "7А", ""],
    ],
    "Родители": [
        ["Код", "Фамилия", "Имя", "Отчество", "Дети", "Логин"],
        ["", "Орлова", "Ольга", "Павловна", "Орлов Миша Ильич, 7А", ""],
    ],
    "Нагрузка": [["Класс", "Предмет", "Преподаватель"], ["7А", "Физика", "Ким Олег"]],
    "Расписание": [
        ["Класс", "День", "Урок", "Начало", "Окончание", "Предмет", "Кабинет"],
        ["7А", "понедельник", "2", "09:25", "10:10", "Физика", "204"],
    ],
}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def count(kind, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(kind).where(*conditions))


def everything():
    return tuple(
        count(kind)
        for kind in (School, Person, PersonRole, SchoolClass, Enrolment, Teaching, Account)
    )


@pytest.fixture
def school(app):
    """`school("import", path, "--apply")` runs the command."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["school", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return run


@pytest.fixture
def form(tmp_path):
    """The Russian form as a folder of CSV files; `form(Люди=[…])` replaces a sheet."""

    def write(**sheets):
        folder = tmp_path / "form"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, rows in (FORM | sheets).items():
            text = "\r\n".join(";".join(row) for row in rows)
            (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")
        return folder

    return write


@pytest.mark.parametrize("folder", [SDS1, SDS2], ids=["v1", "v2.1"])
def test_a_real_roster_goes_in_once(school, folder):
    assert school("import", folder, "--apply").exit_code == 0
    first = everything()
    assert first[1] > 0
    again = school("import", folder, "--apply")
    assert again.exit_code == 0
    assert everything() == first


def test_the_counts_are_those_of_the_files(school):
    school("import", SDS1, "--apply")
    assert count(School) == len(rows_of(SDS1 / "School.csv"))
    pupils, teachers = rows_of(SDS1 / "Student.csv"), rows_of(SDS1 / "Teacher.csv")
    assert count(PersonRole, PersonRole.role == Role.PUPIL) == len(pupils)
    assert count(PersonRole, PersonRole.role == Role.TEACHER) == len(teachers)
    assert count(SchoolClass) == len(rows_of(SDS1 / "Section.csv"))
    assert count(Enrolment) == len(rows_of(SDS1 / "StudentEnrollment.csv"))


def test_guardians_of_sds_v2_are_parents(school):
    school("import", SDS2, "--apply")
    assert count(Guardianship) > 0
    assert count(PersonRole, PersonRole.role == Role.GUARDIAN) > 0


def test_clear_text_passwords_are_never_taken(school):
    school("import", SDS2, "--apply")
    assert count(Account, Account.password_hash != "") == 0


@pytest.mark.parametrize("folder", [SDS1, SDS2], ids=["v1", "v2.1"])
def test_a_dry_run_writes_nothing(school, folder):
    result = school("import", folder)
    assert result.exit_code == 0
    assert "Это проба" in result.output
    assert everything() == (0,) * 7


def test_a_zip_is_read_like_its_folder(school, tmp_path):
    archive = tmp_path / "roster.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in SDS1.iterdir():
            file.write(path, path.name)
    assert school("import", archive, "--apply").exit_code == 0
    assert count(Person) == 98


def test_the_russian_form_makes_a_whole_class(school, form):
    result = school("import", form(), "--apply")
    assert result.exit_code == 0, result.output
    assert count(Person) == 5
    assert (count(ClassTeacher), count(Teaching), count(TimetableSlot)) == (1, 1, 1)
    assert (count(Guardianship), count(Enrolment)) == (1, 2)
    titles = set(db.session.scalars(select(Chat.title)))
    assert titles == {"Чат с обучающимися", "Чат с родителями", "Чат с преподавателями"}
    assert count(Seat) == 3 + 2 + 2


@pytest.mark.parametrize("name", ["form.xlsx", "csv"])
def test_the_empty_form_is_written_and_never_over_another(school, tmp_path, name):
    assert school("template", tmp_path / name).exit_code == 0
    assert (tmp_path / name).exists()
    assert school("template", tmp_path / name).exit_code == 1


def test_every_bad_row_is_named_and_nothing_is_written(school, form):
    people = [
        *FORM["Люди"],
        ["", "волшебник", "Некто", "Кто", "", "", ""],
        ["", "", "", "", "", "", ""],
    ]
    people.append(["", "обучающийся", "", "Егор", "", "7А", ""])
    result = school("import", form(Люди=people), "--apply")
    assert result.exit_code == 1
    assert "строка 6" in result.output
    assert "строка 8" in result.output
    assert "Роль" in result.output
    assert everything() == (0,) * 7


def test_a_class_that_is_not_there_is_named(school, form):
    people = [*FORM["Люди"], ["", "обучающийся", "Зуев", "Егор", "", "99Я", ""]]
    result = school("import", form(Люди=people))
    assert result.exit_code == 1
    assert "строка 6" in result.output
    assert "Класса «99я» в файле нет" in result.output


def test_a_bad_last_row_keeps_everything_out(school, form):
    load = [*FORM["Нагрузка"], ["7А", "Химия", "Никто Никакой"]]
    result = school("import", form(Нагрузка=load), "--apply")
    assert result.exit_code == 1
    assert everything() == (0,) * 7


def test_who_disappears_has_left_and_is_not_deleted(school, form):
    people = [*FORM["Люди"]]
    people += [["", "обучающийся", "Ученик", f"Имя{'а' * n}", "", "7А", ""] for n in range(20)]
    school("import", form(Люди=people), "--apply")
    before = count(Person)
    assert school("import", form(Люди=people[:-1]), "--apply").exit_code == 0
    assert count(Person) == before
    assert count(Person, Person.left_on.is_not(None)) == 1
    assert school("import", form(Люди=people), "--apply").exit_code == 0
    assert count(Person, Person.left_on.is_not(None)) == 0


def test_a_mass_removal_must_be_allowed(school, form):
    school("import", form(), "--apply")
    fewer = form(Люди=FORM["Люди"][:4])
    refused = school("import", fewer, "--apply")
    assert refused.exit_code == 2
    assert count(Person, Person.left_on.is_not(None)) == 0
    assert school("import", fewer, "--apply", "--allow-removals").exit_code == 0
    assert count(Person, Person.left_on.is_not(None)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_files_are_understood_as_they_come(school, form, encoding, separator):
    folder = form()
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8-sig")
        if separator == ",":
            text = text.replace("Орлов Миша Ильич, 7А", '"Орлов Миша Ильич, 7А"')
        path.write_bytes(text.replace(";", separator).encode(encoding))
    assert school("import", folder, "--apply").exit_code == 0
    assert count(Person) == 5


def test_a_truncated_zip_is_named_and_harmless(school, tmp_path):
    archive = tmp_path / "roster.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in SDS1.iterdir():
            file.write(path, path.name)
    archive.write_bytes(archive.read_bytes()[:-400])
    result = school("import", archive, "--apply")
    assert result.exit_code == 1
    assert count(Person) == 0


def test_a_zip_that_points_outside_is_refused(school, tmp_path):
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../School.csv", "SIS ID,Name\n1,X\n")
    assert school("import", archive, "--apply").exit_code == 1


def test_slips_open_the_door(school, form, tmp_path, web):
    school("import", form(), "--apply")
    result = school("slips", "--out", tmp_path / "slips.html")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "slips.html").read_text()
    assert "Никому не передавайте" in page
    assert count(Account, Account.password_hash == "") == 0
    assert count(Account, Account.must_change_password) == 5


def test_slips_are_printed_as_pdf(school, form, tmp_path):
    school("import", form(), "--apply")
    assert school("slips", "--out", tmp_path / "slips.pdf", "--class", "7А").exit_code == 0
    assert (tmp_path / "slips.pdf").read_bytes().startswith(b"%PDF")


def test_the_staff_chat_is_switched(school, form):
    school("import", form(), "--apply")
    assert school("staff-chat", "on").exit_code == 0
    assert count(Chat, Chat.title == "Педагогический коллектив") == 1


def test_an_import_keeps_links(school, form, world):
    school("import", form(), "--apply")
    anna = db.session.scalars(select(Person).where(Person.family_name == "Иванова")).one()
    account = db.session.scalars(select(Account).where(Account.person_id == anna.id)).one()
    world.link(anna, account=account)
    school("import", form(), "--apply")
    assert count(Link, Link.ended_at.is_(None)) == 1

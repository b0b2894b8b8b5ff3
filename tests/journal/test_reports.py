"""«Отчеты»: who reads which, and files that open where they should."""

import csv
import io
import re
import zipfile
from urllib.parse import unquote

import openpyxl
import pytest

from app.core import clock
from app.core.transaction import writing
from app.journal.exports import as_file
from app.journal.tables import Bar, Bars, Cell, Report, Table
from app.school import calendar, mark_reports
from app.school.people import Person
from tests.journal.gradebook_world import MONDAY, NOW, School

EVIL = "=HYPERLINK(1)"


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        school = School(world, browser)
        school.put("4", place=MONDAY)
        school.put("5")
        school.put("б", pupil=school.vera)
        yield school


READERS = [
    # who, class report, subject report, pupil report, coverage
    ("admin", 200, 200, 200, 200),
    ("anna", 200, 200, 200, 200),
    ("oleg", 404, 200, 404, 200),
    ("stranger", 404, 404, 404, 200),
    ("other_admin", 404, 404, 404, 200),
    ("olga", 403, 403, 403, 403),
    ("misha", 403, 403, 403, 403),
]


@pytest.mark.parametrize(("who", "of_class", "of_subject", "of_pupil", "coverage"), READERS)
def test_who_reads_which_report(school, who, of_class, of_subject, of_pupil, coverage):
    reader = school.browser(who)
    asked = f"class={school.c7a.public_id}"
    for page in ("", "/attendance", "/invitations"):
        assert reader.get(f"/reports{page}?{asked}").status_code == of_class
    assert reader.get(f"/reports/subject?sheet={school.line.public_id}").status_code == of_subject
    assert reader.get(f"/reports/pupil/{school.misha.public_id}").status_code == of_pupil
    assert reader.get("/reports/coverage").status_code == coverage


def test_a_class_teacher_has_no_pupils_of_other_classes(school):
    anna = school.browser("anna")
    assert anna.get(f"/reports/pupil/{school.foreign.public_id}").status_code == 404
    assert anna.get(f"/reports?class={school.c8b.public_id}").status_code == 404


def test_the_class_report_says_averages_and_shares(school):
    page = school.browser("anna").get("/reports").text
    assert "4,50" in page
    assert "100 %" in page
    assert "<desc" in page
    assert "Физика: 4,50" in page


def test_attendance_counts_missed_lessons(school):
    page = school.browser("anna").get("/reports/attendance").text
    row = re.search(r"Яшина Вера.*?</tr>", page, re.S).group()
    assert re.findall(r"<td>(\d+)</td>", row) == ["1", "1", "0", "1", "0"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize(
    "page", ["/reports?", "/reports/attendance?", "/reports/subject?", "/reports/coverage?"]
)
def test_every_report_is_a_file_too(school, page, kind):
    answer = school.browser("anna").get(f"{page}format={kind}")
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()  # a server refuses any other header
    assert unquote(disposition.rpartition("''")[2]).endswith(f".{kind}")
    start = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF"}[kind]
    assert answer.data.startswith(start)


def test_csv_opens_in_a_russian_excel(school):
    data = school.browser("anna").get("/reports?format=csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data), delimiter=";"))
    assert rows[0] == ["Обучающийся", "Физика", "Средний"]
    assert rows[1] == ["Орлов Миша", "4,50", "4,50"]


def test_numbers_are_numbers_in_xlsx(school):
    data = school.browser("anna").get("/reports?format=xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[5]] == ["Орлов Миша", 4.5, 4.5]


@pytest.mark.parametrize("start", "=+-@\t")
def test_a_name_is_never_a_formula(app, start):
    table = Table("n", "t", "", ["Имя"], [[Cell(f"{start}1+1")]])
    with app.test_request_context():
        text = as_file(Report(table), "csv", by="x").data.decode("utf-8-sig")
        book = as_file(Report(table), "xlsx", by="x").data
    assert f"'{start}1+1" in text
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")


def test_a_name_is_text_in_every_picture(school):
    with writing() as session:
        session.get(Person, school.misha.id).family_name = "<b>Орлов"
    for url in ("/reports", "/reports/attendance", "/reports/subject"):
        assert "<b>Орлов" not in school.browser("anna").get(url).text


def test_a_chart_has_words_for_those_who_do_not_see(app):
    from flask import render_template_string

    bars = Bars("Средний балл", [Bar("Физика", 4.5, "4,50", "5"), Bar("Химия", 0, "0")], 5)
    with app.test_request_context():
        svg = render_template_string(
            "{% import 'kit_charts.html' as charts %}{{ charts.chart(c, 'x') }}", c=bars
        )
    assert "Физика: 4,50. Химия: 0." in svg
    assert 'aria-labelledby="x-t x-d"' in svg
    assert "style=" not in svg


def test_pdfs_are_limited(school):
    anna = school.browser("anna")
    from app.core import throttle

    for _ in range(20):
        throttle.record(f"pdf:{school._accounts['anna'].public_id}")
    assert anna.get("/reports?format=pdf").status_code == 429


def test_the_schools_report_counts_every_class_in_two_queries(school, queries):
    school.put("4/5", pupil=school.vera)
    school.put("3", place=MONDAY, pupil=school.vera)
    period = calendar.period_at(calendar.periods_of(school.c7a.school_id, NOW.date()), NOW.date())
    rows = mark_reports.classes_of(school.c7a.school_id)
    with queries() as seen:
        found = {one.row.name: one for one in mark_reports.means_of_classes(rows, period)}
    assert len(seen) == 2
    pupils = mark_reports.marks_of_class(school.c7a.id, period).pupils
    assert found["7А"].pupils == len(pupils)
    assert sorted(found["7А"].means) == sorted(
        row.overall for row in pupils if row.overall is not None
    )
    assert found["7А"].means, "somebody has marks"
    assert found["8Б"].means == []

"""The thematic plan: typed, copied, read from a workbook, undone; and naughty workbooks."""

import zipfile
from io import BytesIO

import openpyxl
import pytest

from app.core import clock, pace
from app.school.planning import MAX_ROWS, Plan, PlanDraft
from app.school.planning_laying import Row
from app.school.planning_rows import plan_of
from tests.journal.planning_world import NOW, Planned


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield Planned(world, browser)


def url(school, tail="", line=None):
    return f"/planning/{(line or school.line).public_id}{tail}"


def topics(school, line=None):
    return [row.topic for row in plan_of((line or school.line).id).rows]


def saves(school, *rows, version=0, by="oleg", **more):
    names = ("topic", "section", "hours", "homework")
    form = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    return school.browser(by).post(url(school, "/plan"), version=version, **form, **more)


LIGHT = ("Свет", "Оптика", "1", "§ 63")
SHADOW = ("Тень", "Оптика", "2", "")
NOTHING = ("", "", "1", "")


def test_a_plan_is_typed_and_empty_rows_are_left_out(school):
    assert saves(school, LIGHT, NOTHING, SHADOW, NOTHING).status_code == 303
    assert plan_of(school.line.id).rows == [
        Row("Свет", "Оптика", 1, "§ 63"),
        Row("Тень", "Оптика", 2, ""),
    ]
    page = school.browser("oleg").get(url(school, "/plan")).text
    assert "в плане 3 часа" in page
    assert "01.09" in page


FAULTY = [
    ([("", "Оптика", "1", "")], "Строка 1: Нет темы."),
    ([LIGHT, ("Тень", "", "0", "")], "Строка 2: Часов — от 1 до 20."),
    ([("Тень", "", "много", "")], "Строка 1: Часов"),
    ([("т" * 301, "", "1", "")], "Строка 1: Тема не длиннее"),
    ([LIGHT] * (MAX_ROWS + 1), "не больше 400 строк"),
]


@pytest.mark.parametrize(("rows", "words"), FAULTY)
def test_a_faulty_plan_is_refused_whole_and_stays_in_the_form(school, rows, words):
    answer = saves(school, *rows)
    assert answer.status_code == 422
    assert words in answer.text
    assert rows[-1][0] in answer.text
    assert not school.rows(Plan)


def test_room_is_made_above_a_row_without_saving(school):
    page = saves(school, LIGHT, SHADOW, insert="1").text
    order = [
        page.index(words) for words in (">Свет</textarea>", "></textarea>", ">Тень</textarea>")
    ]
    assert order == sorted(order)
    assert not school.rows(Plan)


def test_a_plan_changed_in_another_window_is_not_overwritten(school):
    saves(school, LIGHT)
    late = saves(school, SHADOW)
    assert late.status_code == 422
    assert "в другом окне" in late.text
    assert ">Тень</textarea>" in late.text
    assert 'name="version" value="0"' in late.text  # pressing again does not overwrite either
    assert topics(school) == ["Свет"]
    assert saves(school, LIGHT).status_code == 303  # the same again


def book(*lines, sheets=("План",), **cells):
    made = openpyxl.Workbook()
    made.active.title = sheets[0]
    for name in sheets[1:]:
        made.create_sheet(name)
    page = made[sheets[-1]]
    for line in lines:
        page.append(line)
    for place, value in cells.items():
        page[place] = value
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def brings(school, content, *, name="План.xlsx", by="oleg"):
    return school.browser(by).post(url(school, "/import"), book=(BytesIO(content), name))


HEAD = ("№", "Раздел", "Тема урока", "Кол-во часов", "Домашнее задание")


def test_a_book_shows_what_it_would_overwrite_and_is_undone(school):
    saves(school, ("Прежняя тема", "", "1", ""))
    lines = [
        ("Календарно-тематическое планирование, 7 класс",),
        (),
        HEAD,
        (1, "Оптика", "Свет", 1, "§ 63"),
        (2, None, "Тень", "2 ч", None),
        (None, "Тепло", None, None, None),
        (3, None, "Температура", None, 12),
        (None, None, "Итого", 4, None),
    ]
    draft = brings(school, book(*lines)).headers["Location"]
    assert topics(school) == ["Прежняя тема"]
    oleg = school.browser("oleg")
    shown = oleg.get(draft).text
    assert "3 темы, 4 часа" in shown
    assert "Прежняя тема" in shown
    assert oleg.post(draft, version=1, how="replace").status_code == 303
    assert plan_of(school.line.id).rows == [
        Row("Свет", "Оптика", 1, "§ 63"),
        Row("Тень", "Оптика", 2, ""),
        Row("Температура", "Тепло", 1, "12"),
    ]
    page = oleg.get(url(school, "/plan")).text
    assert "Вернуть прежний план" in page
    undo = url(school, f"/drafts/{school.rows(PlanDraft)[-1].public_id}")
    oleg.post(undo, version=2, how="replace")
    assert topics(school) == ["Прежняя тема"]


def test_a_draft_is_added_to_the_end_and_never_over_an_unseen_plan(school):
    draft = brings(school, book(("Тема",), ("Свет",))).headers["Location"]
    saves(school, SHADOW)
    oleg = school.browser("oleg")
    assert oleg.post(draft, version=0, how="replace").status_code == 422
    assert oleg.post(draft, version=1, how="append").status_code == 303
    assert topics(school) == ["Тень", "Свет"]


def test_a_book_with_the_plan_on_another_sheet_is_read(school):
    draft = brings(school, book(("ТЕМА.",), ("Свет",), sheets=("Титул", "КТП"))).headers["Location"]
    assert "Свет" in school.browser("oleg").get(draft).text


def test_what_is_exported_and_the_template_can_be_read_again(school):
    saves(school, LIGHT, ("=Тень+1", "", "2", "@ссылка"))
    oleg = school.browser("oleg")
    exported = oleg.get(url(school, "/plan.xlsx"))
    assert "attachment" in exported.headers["Content-Disposition"]
    page = openpyxl.load_workbook(BytesIO(exported.data)).active
    assert page["C3"].data_type == "s"  # a text, not a formula
    draft = brings(school, oleg.get("/planning/template.xlsx").data).headers["Location"]
    assert "Отражение света" in oleg.get(draft).text


NAUGHTY = [
    ("no heading", book(("Свет", 1), ("Тень", 2)), "Нет строки с названиями столбцов"),
    ("nothing below", book(HEAD), "нет ни одной темы"),
    ("no topic", book(HEAD, (1, "", None, 2, "")), "<td>2</td><td>C</td><td>Нет темы."),
    ("hours", book(HEAD, (1, "", "Свет", "пара", "")), "<td>D</td><td>Часы — целое число"),
    ("halves", book(HEAD, (1, "", "Свет", 1.5, "")), "а здесь «1.5»"),
    ("too many hours", book(HEAD, (1, "", "Свет", 99, "")), "Часов — от 1 до 20"),
    ("formula", book(HEAD, (1, "", "=A1&B1", 1, "")), "Формула без значения"),
    ("error", book(HEAD, (1, "", "#REF!", 1, "")), "ошибка формулы: #REF!"),
    ("long", book(HEAD, (1, "", "т" * 301, 1, "")), "Тема не длиннее 300"),
    ("many", book(HEAD, *[(n, "", "Свет", 1, "") for n in range(401)]), "не больше 400 строк"),
    ("not a book", b"topic;hours", "Это не книга XLSX"),
    ("broken", b"PK\x03\x04" + b"0" * 90, "Это не книга XLSX"),
    ("empty", b"", "Это не книга XLSX"),
    ("markup", book(HEAD, (1, "", "Свет", "<script>alert(1)</script>", "")), "&lt;script&gt;"),
]


@pytest.mark.parametrize(("why", "content", "words"), NAUGHTY)
def test_a_naughty_book_is_refused_by_row_and_column(school, why, content, words):
    saves(school, SHADOW)
    answer = brings(school, content)
    assert answer.status_code == 422, why
    assert words in answer.text, why
    assert topics(school) == ["Тень"]
    assert not school.rows(PlanDraft)


def zipped(**members):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def test_archives_that_are_bombs_or_no_books_are_refused(school):
    bomb = zipped(**{"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": b"0" * 60_000_000})
    assert "Книга слишком велика" in brings(school, bomb).text
    assert "Это не книга XLSX" in brings(school, zipped(**{"word/document.xml": "<a/>"})).text
    broken = zipped(**{"xl/workbook.xml": "<a", "[Content_Types].xml": "<a"})
    assert "повреждена" in brings(school, broken).text
    assert "Выберите файл" in school.browser("oleg").post(url(school, "/import")).text


def copies(school, source, *, by="oleg"):
    return school.browser(by).post(url(school, "/copy"), source=source.public_id)


def test_a_plan_is_copied_from_another_class_of_ones_own_after_a_look(school, world):
    c9a = world.school_class("9А")
    mine = world.teaching(school.oleg, c9a, world.subject("Химия"))
    school.plan("Вода", "Кислород", line=mine)
    draft = copies(school, mine).headers["Location"]
    assert topics(school) == []
    oleg = school.browser("oleg")
    assert "Кислород" in oleg.get(draft).text
    oleg.post(draft, version=0, how="replace")
    assert topics(school) == ["Вода", "Кислород"]
    assert topics(school, mine) == ["Вода", "Кислород"]


def test_topics_written_lesson_by_lesson_are_a_plan_to_copy(school, world):
    line = world.teaching(school.stranger, world.school_class("7Б"), school.physics)
    school.note(NOW.date(), topic="Первая", line=line)
    oleg = school.browser("oleg")
    assert "7Б · Физика" in oleg.get(url(school, "/copy")).text
    assert "Первая" in oleg.get(copies(school, line).headers["Location"]).text


def test_what_may_not_be_copied(school, world):
    other_grade = school.other  # physics, but 8Б, and somebody else's
    other_subject = world.teaching(school.stranger, world.school_class("7В"), world.subject("Труд"))
    there = world.school("Школа № 3")
    elsewhere = world.teaching(
        world.teacher("Дальний Пётр", school=there),
        world.school_class("7А", school=there),
        world.subject("Физика", school=there),
    )
    for line in (other_grade, other_subject, elsewhere):
        school.plan("Чужое", line=line)
        assert copies(school, line).status_code == 404
    assert "Копировать пока нечего" in school.browser("oleg").get(url(school, "/copy")).text


def test_a_past_years_own_plan_can_be_copied(school, world):
    old = world.teaching(school.oleg, world.school_class("6А"), school.physics)
    school.plan("Прошлогоднее", line=old)
    with school.changes():
        old.ended_on = NOW.date()
        old.school_class.closed_on = NOW.date()
    assert "прошлый год" in school.browser("oleg").get(url(school, "/copy")).text
    assert copies(school, old).status_code == 303


@pytest.mark.parametrize("who", ["anna", "admin", "nina", "stranger", "misha"])
def test_a_draft_is_its_makers_only(school, who):
    draft = brings(school, book(("Тема",), ("Свет",))).headers["Location"]
    assert school.browser(who).get(draft).status_code == 404
    assert school.browser(who).post(draft, version=0, how="replace").status_code == 404
    assert topics(school) == []


def test_a_draft_of_one_plan_is_not_another_plans(school, world):
    mine = world.teaching(school.oleg, school.c8b, school.physics)
    draft = brings(school, book(("Тема",), ("Свет",))).headers["Location"]
    key = draft.rpartition("/")[2]
    assert school.browser("oleg").get(url(school, f"/drafts/{key}", mine)).status_code == 404


def test_only_the_last_ten_drafts_are_kept(school):
    content = book(("Тема",), ("Свет",))
    for _ in range(12):
        pace.forget_all()
        brings(school, content)
    assert len(school.rows(PlanDraft)) == 10

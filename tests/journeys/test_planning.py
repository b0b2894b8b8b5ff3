"""A teacher plans with the keyboard and gives homework with a file; the family's side of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk

pytestmark = [pytest.mark.browser, at_a_desk]
LOGIN_IN_7A = (
    "SELECT a.login FROM accounts a JOIN enrolments e ON e.pupil_id = a.person_id "
    "JOIN school_classes c ON c.id = e.class_id WHERE c.name = '7А' ORDER BY a.id"
)


def test_topics_are_typed_and_homework_reaches_the_pupils_diary(somebody, site):
    teacher, pupil = somebody(), somebody()
    teacher.signs_in("orlov")
    sheet = site.teaching("7А", "Физика")
    page = teacher.page
    page.goto(f"/planning/{sheet}")
    teacher.look()
    row = page.locator("[data-lesson]:not([data-past]):not([data-cancelled])").first
    place = row.get_attribute("data-lesson")
    after = page.locator(f"[data-lesson='{place}'] ~ [data-lesson]:not([data-cancelled])").first
    row.get_by_label(re.compile("^Тема")).fill("Закон Ома")
    page.keyboard.press("Enter")
    page.keyboard.type("Сопротивление")
    page.keyboard.press("Enter")
    teacher.sees_it_saved()
    row.get_by_role("link").last.click()
    page.get_by_label("Домашнее задание к этому уроку").fill("§ 43, задача 5")
    page.get_by_label("Приложить файлы").set_input_files(
        {"name": "Карточка.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 card"}
    )
    teacher.look()
    teacher.press("Сохранить")
    expect(row.get_by_label(re.compile("^Тема"))).to_have_value("Закон Ома")
    expect(after.get_by_label(re.compile("^Тема"))).to_have_value("Сопротивление")
    teacher.look()

    pupil.signs_in(site.sql(LOGIN_IN_7A)[0][0])
    pupil.page.goto(f"/diary?week={place.partition('.')[0]}")
    lesson = pupil.page.locator(".diary-lesson", has_text="Закон Ома")
    expect(lesson.locator(".homework-text")).to_have_text("§ 43, задача 5")
    address = lesson.get_by_role("link", name="Карточка.pdf").get_attribute("href")
    assert pupil.page.request.get(address).body() == b"%PDF-1.4 card"
    done = lesson.get_by_role("button", name="Сделано")
    done.click()
    expect(done).to_have_attribute("aria-pressed", "true")
    pupil.look()


def test_a_plan_is_typed_in_place_and_kept(somebody, site):
    teacher = somebody()
    teacher.signs_in("orlov")
    sheet = site.teaching("9А", "Физика")
    page = teacher.page
    page.goto(f"/planning/{sheet}/plan")
    rows = page.locator("[data-row]")
    before = rows.count() - 3
    rows.nth(before).get_by_label("Тема").fill("Альфа")
    page.keyboard.press("Enter")
    page.keyboard.type("Гамма")
    rows.nth(before + 1).get_by_role("button", name="Вставить строку выше").click()
    page.keyboard.type("Бета")
    teacher.sees_it_saved()
    teacher.look()
    page.reload()
    typed = [rows.nth(before + n).get_by_label("Тема") for n in range(3)]
    assert [field.input_value() for field in typed] == ["Альфа", "Бета", "Гамма"]
    rows.nth(before + 1).get_by_role("button", name="Удалить строку").click()
    teacher.sees_it_saved()
    page.reload()
    assert [field.input_value() for field in typed[:2]] == ["Альфа", "Гамма"]


def test_a_second_tab_does_not_overwrite_what_it_has_not_seen(somebody, site):
    teacher = somebody()
    teacher.signs_in("orlov")
    sheet = site.teaching("8А", "Физика")
    one, two = teacher.page, teacher.new_page()
    for page in (one, two):
        page.goto(f"/planning/{sheet}")
    topics = [page.get_by_label(re.compile("^Тема, ")).last for page in (one, two)]
    topics[0].fill("Первая вкладка")
    topics[0].press("Tab")
    teacher.sees_it_saved()
    topics[1].fill("Вторая вкладка")
    topics[1].press("Tab")
    expect(two.locator(".toast")).to_contain_text("Здесь теперь: «Первая вкладка»")
    expect(two.locator("[data-save-state]")).to_have_attribute("data-save-state", "refused")
    topics[1].fill("Вторая вкладка дополнена")
    topics[1].press("Tab")
    expect(two.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    one.reload()
    expect(topics[0]).to_have_value("Вторая вкладка дополнена")

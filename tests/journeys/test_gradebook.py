"""A teacher's day in the journal, with a keyboard and with fingers; and the family's side of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk

pytestmark = pytest.mark.browser


@pytest.fixture
def sheet(somebody, site):
    """Physics of 7А, open at the teacher's; returns the teacher."""
    teacher = somebody()
    teacher.signs_in("orlov")
    teacher.page.goto(f"/gradebook/{site.teaching('7А', 'Физика')}")
    return teacher


def cell(person, row):
    """The cell of a row in the column that is open for writing."""
    page = person.page
    active = page.locator("[data-grid] td[tabindex='0']")
    index = active.evaluate("cell => cell.cellIndex")
    return page.locator("[data-grid] tbody tr").nth(row).locator("td").nth(index - 1)


def test_marks_are_entered_undone_and_kept(sheet):
    page = sheet.page
    sheet.look()
    first, second = cell(sheet, 4), cell(sheet, 5)
    if sheet.device == "desk":
        first.click()
        for key in ("5", "Enter", "y", "Control+z", "4", "/", "5"):
            page.keyboard.press(key)
        wanted = ("5", "4/5")
    else:
        first.tap()
        page.locator("[data-key='5']").tap()
        second.tap()
        page.locator("[data-key='н']").tap()
        wanted = ("5", "Н")
    sheet.sees_it_saved()
    page.reload()
    assert (cell(sheet, 4).inner_text(), cell(sheet, 5).inner_text()) == wanted
    cell(sheet, 4).dblclick()
    expect(page.get_by_role("heading", name="История")).to_be_visible()
    sheet.look()
    page.get_by_label(re.compile("Комментарий")).fill("Хороший ответ")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("[data-dialog]")).to_be_hidden()
    expect(cell(sheet, 4)).to_have_attribute("title", "Хороший ответ")


@at_a_desk
def test_a_lost_network_loses_nothing(sheet):
    page = sheet.page
    target = cell(sheet, 7)
    target.click()
    sheet.context.set_offline(True)
    page.keyboard.press("3")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "offline")
    expect(target).to_have_attribute("data-state", "pending")
    sheet.context.set_offline(False)
    sheet.sees_it_saved()
    page.reload()
    assert cell(sheet, 7).inner_text() == "3"
    # The browser itself reports what could not be reached.
    sheet.problems[:] = [line for line in sheet.problems if "ERR_INTERNET_DISCONNECTED" not in line]


@at_a_desk
def test_two_tabs_ask_which_mark_stays(sheet):
    # This tab has not looked yet at what others entered.
    nothing = {"cells": [], "cursor": 0, "numbers": {}}
    sheet.page.route("**/changes?*", lambda route: route.fulfill(json=nothing))
    other = sheet.new_page()
    other.goto(sheet.page.url)
    index = cell(sheet, 9).evaluate("cell => cell.cellIndex")
    theirs = other.locator("[data-grid] tbody tr").nth(9).locator("td").nth(index - 1)
    mine = cell(sheet, 9)
    mine.click()
    theirs.click()
    other.keyboard.press("2")
    expect(other.locator("[data-state=pending]")).to_have_count(0)
    sheet.page.bring_to_front()
    sheet.page.keyboard.press("5")
    question = sheet.page.locator("[data-dialog]")
    expect(question).to_contain_text("Здесь уже стоит «2»")
    sheet.look()
    question.get_by_role("button", name="Поставить «5»").click()
    sheet.sees_it_saved()
    other.bring_to_front()
    expect(theirs).to_have_text("5", timeout=15_000)  # it comes by itself


def test_a_parent_reads_the_diary(somebody):
    mother = somebody()
    mother.signs_in("sokolova")
    mother.page.goto("/gradebook")
    mother.look()
    mother.page.get_by_role("link", name="Отметки", exact=True).click()
    expect(mother.page.get_by_role("columnheader", name="Средний")).to_be_visible()
    mother.look()


def test_an_administrator_reads_reports(somebody):
    admin = somebody()
    admin.signs_in("admin")
    for page in ("/reports", "/reports/coverage", "/reports/attendance", "/reports/invitations"):
        admin.page.goto(page)
        admin.look()

"""The list and the ways through a chat in a real browser: menu, drafts, search, keys, both ways."""

import re

import pytest
from playwright.sync_api import expect

from tests.messenger.test_browsers import bubbles, said, write

pytestmark = pytest.mark.browser


@pytest.fixture
def anna(school):
    return school.profile("Анна Иванова Петровна")


@pytest.fixture
def boris(school):
    return school.profile("Борис Петров")


@pytest.fixture
def chats(school, anna, boris):
    made = [school.chat(title, anna, boris) for title in ("Алгебра", "Физика", "Химия")]
    for chat in made:
        school.says(boris, chat, f"Задание в чате «{chat.title}»")
    return made


def row(page, title):
    return page.locator(".chat-row").filter(has=page.get_by_text(title, exact=True))


def titles(page):
    return page.locator(".chat-row-title").all_inner_texts()


def choose(page, title, action):
    row(page, title).locator(".chat-row-link").click(button="right")
    page.get_by_role("button", name=action, exact=True).click()


def test_the_menu_of_a_row_and_drafts(window_of, anna, chats):
    page = window_of(anna)
    assert titles(page) == ["Химия", "Физика", "Алгебра"]
    choose(page, "Алгебра", "Закрепить вверху")
    expect(page.locator(".chat-row-title").first).to_have_text("Алгебра")
    choose(page, "Физика", "Навсегда")
    expect(row(page, "Физика").get_by_label("без звука")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    choose(page, "Химия", "Отметить прочитанным")
    expect(row(page, "Химия").locator(".chat-row-unread")).to_have_count(0)
    row(page, "Химия").locator(".chat-row-more").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Пометить непрочитанным")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "Химия").get_by_label("помечен непрочитанным")).to_be_visible()

    row(page, "Алгебра").locator(".chat-row-link").click()
    page.get_by_label("Сообщение", exact=True).fill("Не забыть про дроби")
    row(page, "Физика").locator(".chat-row-link").click()
    expect(row(page, "Алгебра")).to_contain_text("Черновик: Не забыть про дроби")
    page.reload()
    expect(row(page, "Алгебра")).to_contain_text("Черновик: Не забыть про дроби")
    row(page, "Алгебра").locator(".chat-row-link").click()
    expect(page.get_by_label("Сообщение", exact=True)).to_have_value("Не забыть про дроби")
    page.keyboard.press("Enter")
    row(page, "Физика").locator(".chat-row-link").click()
    expect(row(page, "Алгебра")).to_contain_text("Вы: Не забыть про дроби")


def test_a_found_word_leads_to_its_message_and_pages_follow_both_ways(
    school, window_of, anna, boris, chats
):
    algebra = chats[0]
    for number in range(2, 161):
        school.says(boris, algebra, f"слово {number}" if number != 80 else "Решите уравнения № 5")
    page = window_of(anna)
    page.keyboard.press("/")
    page.keyboard.type("уравнение")
    page.get_by_role("link", name="Решите уравнения").click()
    expect(said(page, "Решите уравнения № 5")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(rf"/im/chats/{algebra.public_id}/m/"))
    expect(page.locator("#rows mark")).to_have_text("уравнения")
    assert bubbles(page).count() < 160
    jump = page.get_by_role("button", name="К новым сообщениям")
    expect(jump).to_be_visible()
    said(page, "слово 61").or_(said(page, "слово 62")).first.scroll_into_view_if_needed()
    expect(said(page, "слово 45")).to_be_attached()
    said(page, "слово 98").scroll_into_view_if_needed()
    expect(said(page, "слово 110")).to_be_attached()
    numbers = page.locator(".message").evaluate_all("all => all.map(m => Number(m.dataset.seq))")
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    jump.click()
    expect(said(page, "слово 160")).to_be_in_viewport()
    expect(jump).to_be_hidden()
    expect(row(page, "Алгебра").locator(".chat-row-unread")).to_have_count(0)


def test_the_keyboard_walks_all_of_it(window_of, anna, chats):
    page = window_of(anna)
    page.keyboard.press("Control+k")
    expect(page.get_by_placeholder("Поиск", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#chat-title")).to_have_text("Физика")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#chat-title")).to_have_text("Алгебра")
    expect(page.get_by_label("Сообщение", exact=True)).to_be_focused()
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator("#chat-title")).to_have_text("Физика")
    expect(page.get_by_label("Сообщение", exact=True)).to_be_focused()
    write(page, "Готово")
    page.keyboard.press("Escape")
    expect(page.locator(".chat-row-link[aria-current]")).to_be_focused()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("открыть соседний чат")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

"""Two real browsers: answers, edits, reactions, pins, typing and reading are seen as they happen."""

import pytest
from playwright.sync_api import expect

from app.messenger.chats.rights import MemberRole
from tests.messenger.test_browsers import AXE, bubbles, write

pytestmark = pytest.mark.browser


@pytest.fixture
def anna(school):
    return school.profile("Анна Иванова Петровна")


@pytest.fixture
def boris(school):
    return school.profile("Борис Петров")


@pytest.fixture
def chat(school, anna, boris):
    chat = school.chat("Чат с родителями", boris)
    school.join(anna, chat, role=MemberRole.ADMINISTRATOR)
    school.says(anna, chat, "Собрание в 18:00", "by-anna-1")
    school.says(boris, chat, "Приду", "by-boris-1")
    return chat


def choose(page, message, item):
    message.click(button="right", position={"x": 8, "y": 8})
    page.get_by_role("menuitem", name=item).click()


def test_two_people_answer_edit_react_pin_and_see_it_at_once(school, window_of, anna, boris, chat):
    path = f"/im/chats/{chat.public_id}"
    first, second = window_of(anna, path), window_of(boris, path)
    for page in (first, second):
        expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
        expect(page.get_by_text("1 в сети")).to_be_visible() if page is second else None

        expect(page.locator("[data-chat]")).to_have_attribute("data-live", chat.public_id)

    # Typing is seen, and goes when the message comes.
    first.get_by_label("Сообщение", exact=True).press_sequentially("Ито")
    expect(second.get_by_text("Анна Иванова печатает…")).to_be_visible()

    # An answer with its quote; a click leads to the original.
    first.get_by_label("Сообщение", exact=True).fill("")
    choose(first, first.locator("#m-by-boris-1 .message-bubble"), "Ответить")
    expect(first.locator("[data-about]")).to_contain_text("Борис Петров")
    write(first, "Ждём вас")
    expect(first.locator("[data-about]")).to_be_hidden()
    reply = second.locator(".message", has_text="Ждём вас")
    expect(reply.locator(".message-quote")).to_contain_text("Приду")
    expect(second.get_by_text("печатает…")).to_be_hidden()
    reply.locator(".message-quote").click()
    expect(second.locator("#m-by-boris-1")).to_be_focused()

    # The author sees that it is read.
    expect(first.locator(".message", has_text="Ждём вас")).to_have_attribute("data-read", "")

    # An edit: the message and its quote change before both eyes.
    choose(second, second.locator("#m-by-boris-1 .message-bubble"), "Изменить")
    field = second.get_by_label("Сообщение", exact=True)
    expect(field).to_have_value("Приду")
    field.fill("Приду в 18:30")
    field.press("Enter")
    for page in (first, second):
        expect(page.locator("#m-by-boris-1")).to_contain_text("Приду в 18:30")
        expect(page.locator("#m-by-boris-1 .message-edited")).to_have_text("изменено")
        expect(page.locator(".message-quote")).to_contain_text("Приду в 18:30")
    expect(field).to_have_value("")
    choose(second, second.locator("#m-by-anna-1 .message-bubble"), "Ответить")
    field.press("Escape")
    expect(second.locator("[data-about]")).to_be_hidden()

    # Reactions: live, mine is marked for me only, a second click takes it back.
    first.locator("#m-by-boris-1").hover()
    first.get_by_role("button", name="Реакция").click()
    first.get_by_role("menuitemradio", name="👍").click()
    chip = "#m-by-boris-1 [data-reaction]"
    expect(second.locator(chip)).to_have_text("👍1")
    expect(second.locator(chip)).to_have_attribute("aria-pressed", "false")
    expect(first.locator(chip)).to_have_attribute("aria-pressed", "true")
    second.locator(chip).click()
    expect(first.locator(chip)).to_have_text("👍2")
    expect(second.locator(chip)).to_have_attribute("aria-pressed", "true")
    second.locator(chip).click()
    expect(first.locator(chip)).to_have_text("👍1")

    # A pin: above both chats; who may not cannot take it away.
    choose(first, first.locator("#m-by-anna-1 .message-bubble"), "Закрепить")
    for page in (first, second):
        expect(page.locator(".pin")).to_contain_text("Собрание в 18:00")
    expect(second.get_by_role("button", name="Открепить")).to_be_hidden()
    first.get_by_role("button", name="Открепить").click()
    for page in (first, second):
        expect(page.locator(".pin")).to_have_count(0)
        expect(page.locator(".history")).to_contain_text("открепила сообщение")

    # A mention by the keyboard.
    field = first.get_by_label("Сообщение", exact=True)
    field.press_sequentially("@пет")
    expect(first.get_by_role("option", name="Борис Петров")).to_have_attribute(
        "aria-selected", "true"
    )
    field.press("Enter")
    expect(field).to_have_value("@Борис Петров ")
    field.press("Enter")
    expect(second.locator(".mention[data-me]")).to_have_text("@Борис Петров")
    expect(first.locator(".mention[data-me]")).to_have_count(0)


def test_the_menu_by_keyboard_and_its_accessibility(window_of, anna, boris, chat):
    page = window_of(anna, f"/im/chats/{chat.public_id}")
    expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    page.locator("[data-history-scroll]").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#m-by-boris-1")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#m-by-anna-1")).to_be_focused()
    page.keyboard.press("Shift+F10")
    menu = page.get_by_role("menu", name="Действия с сообщением")
    expect(menu).to_be_visible()
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator("#m-by-anna-1")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Удалить сообщение для всех?")


def test_a_phone_shows_the_menu_as_a_sheet(school, window_of, anna, boris, chat):
    other = school.chat("Учительская", anna)
    page = window_of(
        anna,
        f"/im/chats/{chat.public_id}",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    page.locator("#m-by-boris-1 .message-text").tap()
    menu = page.get_by_role("menu", name="Действия с сообщением")
    expect(menu).to_be_visible()
    assert round(menu.bounding_box()["y"] + menu.bounding_box()["height"]) == 844
    page.touchscreen.tap(195, 60)
    expect(menu).to_be_hidden()
    expect(page).to_have_url(f"{school.server.base_url}/im/chats/{chat.public_id}")
    page.locator("#m-by-boris-1 .message-text").tap()
    page.get_by_role("menuitem", name="Переслать").tap()
    page.get_by_role("dialog").get_by_role("button", name="Учительская").tap()
    expect(page).to_have_url(f"{school.server.base_url}/im/chats/{other.public_id}")
    expect(bubbles(page).last).to_contain_text("Переслано: Борис Петров")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

"""A poll between two real browsers: asked, answered, changed, ended, and no word of who is who."""

import pytest
from playwright.sync_api import expect

from app.messenger.polls.creating import Question, create_poll
from tests.messenger.test_browsers import anna as anna  # noqa: PLC0414
from tests.messenger.test_browsers import boris as boris  # noqa: PLC0414
from tests.messenger.test_browsers import chat as chat  # noqa: PLC0414

pytestmark = pytest.mark.browser


def test_two_browsers_and_a_poll(window_of, anna, boris, chat):
    path = f"/im/chats/{chat.public_id}"
    first, second = window_of(anna, path), window_of(boris, path)
    expect(second.locator(".history")).to_have_attribute("data-ready", "yes")

    first.get_by_label("Прикрепить").click()
    first.get_by_text("Опрос", exact=True).click()
    form = first.locator("[data-poll-new]")
    form.get_by_label("Вопрос").fill("Когда собрание?")
    form.get_by_label("Вариант 1", exact=True).fill("Среда")
    form.get_by_label("Вариант 2").fill("Четверг")
    form.get_by_role("button", name="Создать опрос").click()
    expect(first.locator("dialog[data-dialog]")).to_be_hidden()

    own, other = first.locator(".poll"), second.locator(".poll")
    expect(other.get_by_text("Пока никто не голосовал")).to_be_visible()
    expect(other.get_by_text("50 %")).to_have_count(0)
    other.get_by_role("radio", name="Среда").check()
    expect(other).to_have_attribute("data-voted", "")
    expect(own.get_by_text("1 голос")).to_be_visible()
    expect(own.get_by_role("radio", name="Среда")).not_to_be_checked()  # another's vote is not mine
    own.get_by_role("radio", name="Четверг").check()
    expect(other.get_by_text("2 голоса")).to_be_visible()
    expect(other.get_by_text("50 %")).to_have_count(2)
    expect(other.get_by_role("radio", name="Среда")).to_be_checked()

    # Taken back by a second click; known again after a reload.
    other.get_by_role("radio", name="Среда").click()
    expect(own.get_by_text("1 голос")).to_be_visible()
    first.reload()
    expect(own.get_by_role("radio", name="Четверг")).to_be_checked()

    own.get_by_text("Подробнее").click()
    first.get_by_role("button", name="Завершить опрос").click()
    expect(other.get_by_text("завершён")).to_be_visible()
    expect(other.get_by_role("radio", name="Среда")).to_be_disabled()


def test_a_finger_votes_and_opens_no_menu(window_of, anna, boris, chat):
    asked = Question(text="Когда собрание?", answers=["Среда", "Четверг"])
    create_poll(boris.id, chat.public_id, "poll-1234", asked)
    page = window_of(anna, f"/im/chats/{chat.public_id}", has_touch=True, is_mobile=True)
    poll = page.locator(".poll")
    poll.get_by_text("Среда").tap()
    expect(poll.get_by_text("1 голос")).to_be_visible()
    expect(poll.get_by_role("radio", name="Среда")).to_be_checked()
    expect(page.get_by_role("menu")).to_be_hidden()
    poll.get_by_text("Когда собрание?").tap()
    expect(page.get_by_role("menu")).to_be_visible()

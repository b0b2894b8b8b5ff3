"""FLOWS 7 in two browsers: «Стенгазета» is made, settled, joined by link, handed over, left."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).click()


@pytest.fixture(params=list(SIZES))
def two(request, school, window_of):
    """Anna's browser, and a way to open Boris's at an address."""
    anna, boris = school.profile("Анна Иванова"), school.profile("Борис Петров")
    for profile in (anna, boris):
        school.confirmed(profile, "teacher")
    size = {"viewport": SIZES[request.param]}
    return window_of(anna, **size), lambda path: window_of(boris, path, **size)


def test_a_chat_by_hand_lives_its_life(two):
    first, open_second = two
    first.get_by_label("Новый чат").click()
    follow(first, "Создать чат")
    first.get_by_placeholder("Введите название чата").fill("Стенгазета")
    press(first, "Далее")
    first.locator(".pick", has_text="Петров Борис").first.click()
    expect(first.locator("[data-chips] .chip")).to_have_count(1)
    first.locator("[data-chips] .chip").click()
    expect(first.locator("[data-chips] .chip")).to_have_count(0)
    press(first, "Создать пустой чат")
    expect(first.locator(".rights-sentence")).to_contain_text("Пригласить может 1 человек")
    first.wait_for_load_state("networkidle")  # the sentence is counted anew for the people chosen
    first.locator("#right-pin").select_option("everyone")
    expect(first.locator("#preset-own")).to_be_checked()
    press(first, "Сохранить")
    expect(first.locator("#chat-title")).to_have_text("Стенгазета")

    first.locator("a.chat-members").click()
    follow(first, "Настройки")
    first.wait_for_load_state()  # a choice made before the scripts are there is not heard
    first.get_by_label("Мята").check()
    expect(first.get_by_text("Сохранено")).to_be_attached()
    first.get_by_label("К сведениям о чате").click()
    follow(first, "Ссылка и QR")
    first.get_by_label("Каждого впускает администратор").check()
    press(first, "Создать ссылку")
    address = first.locator("#invite-address").input_value()
    first.get_by_label("К сведениям о чате").click()

    second = open_second("/join/" + address.rsplit("/", 1)[1])
    press(second, "Отправить заявку")
    expect(second.get_by_role("heading", name="Заявка отправлена")).to_be_visible()
    # The request comes to the administrator's open page by itself.
    press(first, "Впустить: Борис Петров")
    expect(first.get_by_role("heading", name="2 участника")).to_be_visible()

    second.goto("/im/")
    second.locator(".chat-row", has_text="Стенгазета").click()
    expect(second.locator("[data-chat]")).to_have_attribute("data-chat-theme", "mint")
    first.get_by_label("Действия: Борис Петров").click()
    first.get_by_role("button", name="Передать чат").click()
    expect(first.locator(".member", has_text="Борис Петров")).to_contain_text("создатель")
    follow(first, "Выйти из чата")
    press(first, "Выйти из чата")
    expect(second.locator(".history")).to_contain_text("вышла из чата")
    expect(second.locator("a.chat-members")).to_contain_text("1 участник")

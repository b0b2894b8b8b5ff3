"""The code step when texts do not come (FLOWS 1.4)."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk, on_a_phone

pytestmark = pytest.mark.browser

HALF_A_YEAR_AGO = "2026-01-10 09:00:00.000000"


def asks_for_a_code(person, phone):
    person.page.goto("/im/")
    person.types_phone(phone)


@on_a_phone
def test_after_two_texts_the_code_comes_by_a_call(somebody, site):
    vera = somebody()
    phone = site.phone()
    asks_for_a_code(vera, phone)
    again = vera.page.get_by_role("button", name=re.compile(r"Запросить ещё раз через \d+ с"))
    expect(again).to_be_disabled()
    site.a_minute_passes()
    vera.page.reload()
    expect(vera.page.get_by_text("Получить код звонком")).to_have_count(0)
    vera.press("Запросить ещё раз")
    expect(again).to_be_disabled()
    site.a_minute_passes()
    vera.page.reload()
    vera.look()
    vera.press("Получить код звонком")
    expect(
        vera.page.get_by_role("heading", name="Введите последние 4 цифры номера")
    ).to_be_visible()
    vera.look()
    tab = vera.new_page()
    tab.goto("/demo/sms")
    call = tab.locator(".text", has_text=phone).first.locator(".text-body").inner_text()
    tab.close()
    vera.types_code(re.sub(r"\D", "", call)[-4:])
    expect(vera.page.get_by_label("Фамилия")).to_be_visible()


@at_a_desk
def test_a_code_that_could_not_be_sent_says_what_to_do(somebody, site):
    vera = somebody()
    phone = site.phone()
    asks_for_a_code(vera, phone)
    digits = "+" + re.sub(r"\D", "", phone)
    site.sql("UPDATE phone_codes SET delivery = 'FAILED' WHERE phone = ?", digits)
    vera.page.reload()
    expect(vera.page.get_by_text("Код не отправлен: служба СМС не отвечает")).to_be_visible()
    vera.look()
    vera.press("Изменить номер")
    expect(vera.page.get_by_label("Введите свой номер мобильного телефона")).to_have_value(phone)


@at_a_desk
def test_too_many_wrong_codes_end_in_a_sentence(somebody, site):
    vera = somebody()
    phone = site.phone()
    asks_for_a_code(vera, phone)
    code = vera.code_from_sms(phone)
    wrong = "000000" if code != "000000" else "111111"
    for left in ("попыток: 4", "попыток: 3", "попыток: 2", "Осталась 1 попытка"):
        vera.types_code(wrong)
        expect(vera.page.get_by_text(left)).to_be_visible()
    vera.types_code(wrong)
    expect(vera.page.get_by_text("попытки закончились")).to_be_visible()
    vera.look()


@on_a_phone
def test_a_number_that_changed_hands_asks_whose_profile_it_is(somebody, site):
    anna = somebody()
    phone = site.phone()
    asks_for_a_code(anna, phone)
    anna.types_code(anna.code_from_sms(phone))
    anna.names_self("Королёва", "Алёна")
    anna.press("Создать учебный профиль")
    anna.press("Продолжить")
    expect(anna.page.get_by_text("Чатов пока нет")).to_be_visible()
    digits = "+" + re.sub(r"\D", "", phone)
    site.sql("UPDATE vk_ids SET created_at = ? WHERE phone = ?", HALF_A_YEAR_AGO, digits)
    site.sql(
        "UPDATE profile_sessions SET last_seen_at = ? WHERE profile_id IN (SELECT p.id "
        "FROM profiles p JOIN vk_ids v ON v.id = p.vk_id_id WHERE v.phone = ?)",
        HALF_A_YEAR_AGO,
        digits,
    )
    boris = somebody()
    site.a_minute_passes()
    asks_for_a_code(boris, phone)
    boris.types_code(boris.code_from_sms(phone))
    expect(boris.page.get_by_role("heading", name="Это ваш профиль?")).to_be_visible()
    boris.look()
    boris.page.get_by_label("Фамилия").fill("Петрова")
    boris.page.get_by_label("Имя").fill("Ольга")
    boris.press("Продолжить")
    expect(boris.page.get_by_text("Профиль записан на другое имя")).to_be_visible()
    expect(boris.page.get_by_label("Фамилия")).to_have_value("Петрова")
    boris.look()
    boris.press("Это не мой профиль")
    expect(boris.page.get_by_text("Заполните информацию о себе")).to_be_visible()

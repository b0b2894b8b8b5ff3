"""A mother and her son with one phone: two profiles, each their own journal account."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk, on_a_phone

pytestmark = pytest.mark.browser

PUPIL = """p.id IN (SELECT e.pupil_id FROM enrolments e
  JOIN school_classes c ON c.id = e.class_id WHERE c.name = '4А')"""


@on_a_phone
def test_a_second_profile_under_one_phone_is_made_at_consent_and_chosen_later(somebody, site):
    mother, phone = somebody(), site.phone()
    mother.page.goto("/im/")
    mother.types_phone(phone)
    mother.types_code(mother.code_from_sms(phone))
    mother.names_self("Тестова", "Вера")
    mother.press("Создать учебный профиль")
    mother.press("Продолжить")
    expect(mother.page.get_by_text("Раз — и вы в нужных чатах")).to_be_visible()

    son = somebody()
    site.a_minute_passes()
    son.signs_in(site.login_of(PUPIL))
    son.page.goto("/link/start")
    son.types_phone(phone)
    son.types_code(son.code_from_sms(phone))
    expect(son.page.get_by_text("Вера Тестова")).to_be_visible()
    son.press_or_follow("Создать другой учебный профиль")
    son.look()
    son.names_self("Тестов", "Ваня")
    expect(son.page.get_by_text("Ваня Тестов")).to_be_visible()
    expect(son.page.get_by_role("radio", name="Ваня Тестов")).to_be_checked()
    son.look()
    son.press("Связать профиль")
    expect(son.page.get_by_role("heading", name="Готово!")).to_be_visible()

    home = somebody()
    site.a_minute_passes()
    home.page.goto("/im/")
    home.types_phone(phone)
    home.types_code(home.code_from_sms(phone))
    expect(home.page.get_by_role("heading", name="Кто входит?")).to_be_visible()
    home.look()
    home.page.get_by_text("Ваня Тестов").click()
    home.press("Продолжить")
    expect(home.page.get_by_text("Чат с обучающимися").first).to_be_visible()


@at_a_desk
def test_cancelling_offers_another_account(somebody, site):
    person, phone = somebody(), site.phone()
    person.signs_in(site.login_of(PUPIL))
    person.page.goto("/link/start")
    person.types_phone(phone)
    person.types_code(person.code_from_sms(phone))
    person.names_self("Тестова", "Вера")
    person.press("Создать учебный профиль")
    person.press("Продолжить")
    person.press("Отмена")
    expect(person.page.get_by_role("heading", name="Привязка отменена")).to_be_visible()
    person.look()
    person.press("Войти в другую учетную запись")
    expect(person.page.get_by_label("Логин")).to_be_visible()

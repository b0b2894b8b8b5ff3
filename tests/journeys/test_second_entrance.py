"""From the messenger's banner to the right diary and the right step (FLOWS 2)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk, on_a_phone

pytestmark = pytest.mark.browser

PUPIL = """p.id IN (SELECT e.pupil_id FROM enrolments e
  JOIN school_classes c ON c.id = e.class_id WHERE c.name = '3А')"""


@pytest.fixture
def newcomer(somebody, site):
    """Somebody with a learning profile whose role nobody has confirmed."""
    vera = somebody()
    vera.page.goto("/im/")
    phone = site.phone()
    vera.types_phone(phone)
    vera.types_code(vera.code_from_sms(phone))
    vera.names_self("Тестова", "Вера")
    vera.press("Создать учебный профиль")
    vera.press("Продолжить")
    expect(vera.page.get_by_text("Раз — и вы в нужных чатах")).to_be_visible()
    return vera


def test_the_banner_leads_to_consent_and_goes_when_the_role_is_confirmed(newcomer, site):
    page = newcomer.page
    newcomer.look()
    newcomer.press_or_follow("Подключить дневник")
    dialog = page.get_by_role("dialog", name="Выберите свой дневник")
    expect(dialog.get_by_text("Ваш электронный дневник")).to_be_visible()
    newcomer.look()
    dialog.get_by_label("Регион", exact=True).select_option(label="Тверская область")
    expect(dialog.get_by_text("Ваш электронный дневник")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    newcomer.press_or_follow("Подключить дневник")
    expect(dialog.get_by_text("Ваш электронный дневник")).to_be_visible()
    dialog.get_by_role("button", name="Продолжить").click()
    page.get_by_label("Логин").fill(site.login_of(PUPIL))
    page.get_by_label("Пароль").fill("demo-svyazka")
    newcomer.press("Войти")
    # No phone, no code, no names: they are known. The right step is the consent.
    expect(page.get_by_text("С сервисом «ЭЖД» можно связать свой учебный профиль:")).to_be_visible()
    newcomer.press("Связать профиль")
    expect(page.get_by_role("heading", name="Готово!")).to_be_visible()
    page.goto("/im/")
    expect(page.get_by_text("Чат с обучающимися").first).to_be_visible()
    expect(page.get_by_text("Раз — и вы в нужных чатах")).to_have_count(0)


@on_a_phone
def test_another_diary_ends_in_a_request(newcomer):
    page = newcomer.page
    page.goto("/connect")
    newcomer.look()
    newcomer.follow("У меня другой дневник")
    newcomer.look()
    page.get_by_label("Регион", exact=True).select_option(label="Тверская область")
    newcomer.press("Оставить заявку")
    expect(page.get_by_text("Заполните это поле")).to_be_visible()
    newcomer.look()
    page.get_by_label("Школа").fill("Школа № 12, Тверь")
    newcomer.press("Оставить заявку")
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    newcomer.look()


@at_a_desk
def test_somebody_elses_journal_is_seen_before_anything_is_linked(newcomer, site):
    """The family's computer: the pupil's journal is open, the parent's profile too."""
    page, login = newcomer.page, site.login_of(PUPIL)
    newcomer.signs_in(login)
    page.goto("/connect")
    newcomer.press("Продолжить")
    card = page.locator(".account-card")
    expect(card).to_contain_text("обучающийся")
    expect(card).to_contain_text("3А")
    newcomer.look()
    newcomer.press("Войти в другую учетную запись")
    expect(page.get_by_label("Логин")).to_be_visible()
    assert page.url.endswith("/sign-in?next=/link/start")

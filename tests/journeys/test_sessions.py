"""A lost phone: the session is ended from another browser, and the open messenger falls silent."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import on_a_phone

pytestmark = pytest.mark.browser


def enters_the_messenger(person, phone, site):
    site.a_minute_passes()
    person.page.goto("/im/")
    person.types_phone(phone)
    person.types_code(person.code_from_sms(phone))


@on_a_phone
def test_an_ended_session_leaves_the_open_messenger_within_two_seconds(somebody, site):
    phone = site.phone()
    lost = somebody()
    enters_the_messenger(lost, phone, site)
    lost.names_self("Тестова", "Вера")
    lost.press("Создать учебный профиль")
    lost.press("Продолжить")
    expect(lost.page.get_by_text("Чатов пока нет")).to_be_visible()
    owner = somebody()
    enters_the_messenger(owner, phone, site)
    expect(owner.page.get_by_text("Чатов пока нет")).to_be_visible()
    # The one at home learns of the other device, and looks at the list.
    lost.page.reload()
    expect(lost.page.get_by_text("Выполнен вход на новом устройстве")).to_be_visible()
    lost.look()
    owner.page.goto("/id/sessions")
    owner.look()
    lost.page.wait_for_timeout(500)
    begun = time.monotonic()
    owner.press("Завершить")
    expect(lost.page.get_by_role("heading", name="Вход завершён")).to_be_visible(timeout=2000)
    assert time.monotonic() - begun < 4, "with the pages of both browsers in it"
    lost.look()
    lost.follow("Войти снова")
    expect(lost.page).to_have_url(re.compile("/id/phone"))

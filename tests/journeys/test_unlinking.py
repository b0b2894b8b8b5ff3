"""Unlinking while the messenger is open elsewhere, and a school that ends a link (FLOWS 5)."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk, on_a_phone

pytestmark = pytest.mark.browser

PUPIL = """p.id IN (SELECT e.pupil_id FROM enrolments e
  JOIN school_classes c ON c.id = e.class_id WHERE c.name = '4А')"""


def opens_the_messenger(person, title):
    person.page.goto("/link/messenger")
    person.page.locator(".chat-row", has_text=title).click()
    expect(person.page.locator("[data-chat]")).to_have_attribute("data-live", re.compile("."))


@on_a_phone
def test_an_open_chat_closes_within_two_seconds(somebody, site):
    misha = somebody()
    login = site.login_of(PUPIL)
    misha.signs_in(login)
    misha.links()
    opens_the_messenger(misha, "Чат с обучающимися")
    home = misha.new_page()
    home.goto("/link/unlink")
    expect(home.get_by_text("Чат с обучающимися").first).to_be_visible()
    misha.look(home)
    home.get_by_label("Пароль").fill("demo-svyazka")
    begun = time.monotonic()
    home.get_by_role("button", name="Отменить привязку").click()
    expect(misha.page.get_by_text("Вы больше не участник этого чата")).to_be_visible(timeout=2000)
    assert time.monotonic() - begun < 3
    expect(misha.page.get_by_placeholder("Сообщение")).to_have_count(0)


@at_a_desk
def test_a_school_ends_the_link_of_a_lost_phone(somebody, site):
    misha = somebody()
    login = site.login_of(PUPIL)
    name = site.sql(
        "SELECT p.family_name || ' ' || p.given_name || ' ' || p.patronymic FROM people p "
        "JOIN accounts a ON a.person_id = p.id WHERE a.login = ?",
        login,
    )[0][0].strip()
    misha.signs_in(login)
    misha.links()
    opens_the_messenger(misha, "Чат с обучающимися")
    admin = somebody()
    admin.page.goto("/demo/")
    admin.page.locator('button[value="admin"]').click()
    admin.follow("Люди")
    admin.page.wait_for_load_state()
    admin.page.get_by_placeholder("Фамилия, имя или класс").fill(name)
    expect(admin.page.locator(".session")).to_have_count(1)
    admin.look()
    admin.page.get_by_role("link", name=name).click()
    admin.look()
    admin.page.get_by_role("button", name="Отвязать профиль").click()
    expect(admin.page.get_by_text("Напишите причину")).to_be_visible()
    admin.look()
    admin.page.get_by_label("Причина").fill("Телефон потерян")
    admin.page.get_by_role("button", name="Отвязать профиль").click()
    # The lost telephone: the messenger is closed, not only its chats.
    expect(misha.page.get_by_role("heading", name="Вход завершён")).to_be_visible(timeout=4000)
    expect(admin.page.get_by_text("Профиль отвязан, чаты закрыты")).to_be_visible()
    # Nor does the journal stay open on it; the owner signs in anew and reads why.
    misha.page.goto("/")
    expect(misha.page.get_by_label("Пароль")).to_be_visible()
    misha.signs_in(login)
    expect(misha.page.get_by_text("Телефон потерян")).to_be_visible()
    misha.look()

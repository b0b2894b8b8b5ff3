"""A teacher of two schools: one learning profile, an account in each (FLOWS 0); a used link."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk

pytestmark = pytest.mark.browser

TEACHER = "EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role = 'TEACHER')"


def account_in_another_school(site, login):
    """The same teacher at «Гимназия № 5»; returns the login there."""
    mark = secrets.token_hex(4)
    now = "2026-09-01 08:00:00.000000"
    site.sql(
        "INSERT INTO schools (public_id, external_id, name, region_code, time_zone, "
        "has_staff_chat, created_at) VALUES (?, ?, 'Гимназия № 5', '78', 'Europe/Moscow', 0, ?)",
        f"school-{mark}", f"gymnasium-{mark}", now,
    )  # fmt: skip
    site.sql(
        "INSERT INTO people (public_id, school_id, external_id, family_name, given_name, patronymic)"
        " SELECT ?, s.id, ?, p.family_name, p.given_name, p.patronymic FROM people p "
        "JOIN accounts a ON a.person_id = p.id JOIN schools s ON s.external_id = ? "
        "WHERE a.login = ?",
        f"person-{mark}", f"person-{mark}", f"gymnasium-{mark}", login,
    )  # fmt: skip
    site.sql(
        "INSERT INTO person_roles (person_id, role) SELECT id, 'TEACHER' FROM people "
        "WHERE public_id = ?",
        f"person-{mark}",
    )
    site.sql(
        "INSERT INTO accounts (public_id, person_id, login, password_hash, must_change_password, "
        "created_at) SELECT ?, p.id, ?, a.password_hash, 0, ? FROM people p, accounts a "
        "WHERE p.public_id = ? AND a.login = ?",
        f"account-{mark}", f"gymnasium-{mark}", now, f"person-{mark}", login,
    )  # fmt: skip
    return f"gymnasium-{mark}"


@at_a_desk
def test_the_profile_of_one_school_is_linked_to_the_account_of_another(somebody, site):
    login = site.login_of(TEACHER)
    other = account_in_another_school(site, login)
    vera = somebody()
    vera.signs_in(login)
    phone = vera.links()
    elsewhere = somebody()
    elsewhere.signs_in(other)
    elsewhere.opens_the_name_menu()
    elsewhere.follow("Привязать учебный профиль Сферум")
    site.forget_the_pause()
    elsewhere.types_phone(phone)
    elsewhere.types_code(elsewhere.code_from_sms(phone))
    # Nothing is asked twice; whose account it is and of which school stands before the consent.
    expect(elsewhere.page.get_by_text("можно связать свой учебный профиль:")).to_be_visible()
    expect(elsewhere.page.get_by_text("Гимназия № 5")).to_be_visible()
    elsewhere.look()
    consent = elsewhere.page.url
    elsewhere.press("Связать профиль")
    expect(elsewhere.page.get_by_role("heading", name="Готово!")).to_be_visible()
    # The account has its profile: the consent that is used up, from the history, makes no second.
    elsewhere.page.goto(consent)
    expect(elsewhere.page.get_by_role("heading", name="Готово!")).to_be_visible()
    elsewhere.look()
    links = site.sql(
        "SELECT l.subject FROM links l JOIN accounts a ON a.id = l.account_id "
        "WHERE a.login IN (?, ?) AND l.ended_at IS NULL",
        login, other,
    )  # fmt: skip
    assert len(links) == 2
    assert len(set(links)) == 1

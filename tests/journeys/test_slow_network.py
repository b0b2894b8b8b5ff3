"""The page is there and its scripts are still on the way."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_what_is_typed_into_a_search_before_the_scripts_came_is_looked_for(somebody, site):
    admin = somebody()
    admin.page.goto("/demo/")
    admin.page.locator('button[value="admin"]').click()
    admin.page.wait_for_load_state()
    held = []
    admin.page.route("**/htmx.min.js*", lambda route: held.append(route))
    admin.page.goto("/people", wait_until="commit")
    admin.page.get_by_placeholder("Фамилия, имя или класс").fill("нет такого человека")
    expect(admin.page.locator(".session")).to_have_count(50)
    held[0].continue_()
    expect(admin.page.locator(".session")).to_have_count(0)

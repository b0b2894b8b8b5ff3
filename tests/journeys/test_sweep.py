"""Every page of the journal that a link leads to, on the smallest screen and at 200 %: nothing that
axe finds, nothing beside the screen, no control under another. The pages are found by following
links, so a new one is looked at without being named here.
"""

import re

import pytest

from tests.journeys.conftest import WATCH_CSP
from tests.messenger.looking import SIZES, faults_of

pytestmark = pytest.mark.browser
PERSONAS = ("orlov", "admin", "sokolova", "misha")
MOST = 60
LINKS = "all => all.filter((a) => !a.download && a.target !== '_blank').map((a) => a.getAttribute('href'))"
ELSEWHERE = re.compile(
    r"^/(im|id|link|join|demo|sign|static|invited)\b|\.(csv|xlsx|pdf|ics|png|svg)|/files/|print|[?&]format="
)


def shape(address):
    """Addresses that differ in what they are about are one page."""
    path, _, query = address.partition("?")
    parts = [
        "*" if re.search(r"\d|[A-Z_-]", part) or len(part) > 14 else part
        for part in path.split("/")
    ]
    return "/".join(parts), tuple(sorted(re.findall(r"(\w+)=", query)))


@pytest.mark.parametrize(
    ("login", "size"),
    [
        pytest.param(
            login, size, marks=() if (login, size) == ("orlov", "small phone") else pytest.mark.slow
        )
        for login in PERSONAS
        for size in ("small phone", "200 %")
    ],
)
def test_every_page_of_the_journal_holds(site, chromium, login, size):
    context = chromium.new_context(
        base_url=site.url, locale="ru-RU", reduced_motion="reduce", **SIZES[size]
    )
    context.add_init_script(WATCH_CSP)
    page, faults, seen, waiting = context.new_page(), [], {}, ["/"]
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.goto("/sign-in")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill("demo-svyazka")
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("/")
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if ELSEWHERE.search(address) or shape(address) in seen:
            continue
        seen[shape(address)] = address
        answer = page.goto(address)
        page.wait_for_load_state()
        if answer.status >= 400:
            faults.append(f"{address}: {answer.status}")
            continue
        faults += [f"{address}: {fault}" for fault in faults_of(page)]
        found = page.locator("a[href^='/']").evaluate_all(LINKS)
        waiting += [href.partition("#")[0] for href in found]
    context.close()
    assert len(seen) > 8, seen
    assert not faults, "\n".join(faults)

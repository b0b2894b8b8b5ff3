"""A served demo school and people who walk it in Chromium, at a desk and on a phone.

Every page they open must be free of console errors, CSP violations, requests to other hosts, and
of anything axe finds.
"""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app import create_app
from app.core.config import Mode
from app.core.db import db
from app.demo import loading
from tests.conftest import make_settings
from tests.messenger.serving import free_port, served

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", "));
}"""
WATCH_CSP = """document.addEventListener("securitypolicyviolation",
  e => console.error("CSP " + e.violatedDirective + " " + e.blockedURI));"""
DEVICES = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}


class Site:
    """The served site and its database, for what a walker cannot do (making a code old)."""

    def __init__(self, url, folder):
        self.url = url
        self._database = folder / "site.sqlite3"
        self._taken = set()
        self.looked_at = set()
        self._phones = 0

    def sql(self, statement, *values):
        connection = sqlite3.connect(self._database, timeout=10)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def login_of(self, condition):
        """A login of somebody who has no link and whom no other journey uses.

        Of few (teachers) all may be taken or linked: then one of the linked is made free.
        """
        rows = self.sql(
            "SELECT a.login, a.id FROM accounts a JOIN people p ON p.id = a.person_id "
            "LEFT JOIN links l ON l.account_id = a.id "
            f"WHERE a.login LIKE 'demo%' AND {condition} ORDER BY l.id IS NOT NULL, a.id"
        )
        login, account_id = next(row for row in rows if row[0] not in self._taken)
        self._taken.add(login)
        self.sql("DELETE FROM links WHERE account_id = ?", account_id)
        return login

    def teaching(self, class_name, subject):
        """The public id of a line of load, as addresses name it."""
        return self.sql(
            "SELECT t.public_id FROM teachings t JOIN subjects s ON s.id = t.subject_id "
            "JOIN school_classes c ON c.id = t.class_id WHERE c.name = ? AND s.name = ?",
            class_name,
            subject,
        )[0][0]

    def forget_the_pause(self):
        """As if a minute had passed since the last code."""
        self.sql("DELETE FROM attempts WHERE key LIKE 'code:send:%'")

    def a_minute_passes(self):
        """Another code may be asked for; the earlier ones still count."""
        self.sql(
            "UPDATE attempts SET at = datetime(at, '-61 seconds') || '.000000' "
            "WHERE key LIKE 'code:send:%'"
        )

    def phone(self):
        """A phone nobody has used."""
        self._phones += 1
        return f"+7 916 555-{self._phones // 100:02d}-{self._phones % 100:02d}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A database with the demo school in it, to be copied, and the address that its links name."""
    folder, url = tmp_path_factory.mktemp("demo"), f"http://127.0.0.1:{free_port()}"
    path = folder / "site.sqlite3"
    app = create_app(
        make_settings(folder, mode=Mode.DEMO, database_url=f"sqlite:///{path}", base_url=url)
    )
    with app.app_context():
        db.create_all()
        loading.load()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path, url


@pytest.fixture(scope="session")
def site(demo, tmp_path_factory):
    folder, (loaded, url) = tmp_path_factory.mktemp("site"), demo
    shutil.copy(loaded, folder / "site.sqlite3")
    with served(folder, f"sqlite:///{folder}/site.sqlite3", url) as server:
        site = Site(url, folder)
        site.server = server
        yield site
    assert "Traceback" not in server.log, server.log[-4000:]


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, site, chromium, device, *, also=()):
        self.site = site
        self.also = also  # hosts of other services that this person is led to
        self.problems = []
        self.device = device
        self.context = chromium.new_context(
            base_url=site.url, locale="ru-RU", color_scheme="light", **DEVICES[device]
        )
        self.context.add_init_script(WATCH_CSP)
        self.context.set_default_timeout(15_000)
        self.page = self.new_page()

    def new_page(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._follow)
        return page

    def _hear(self, message):
        refused = re.search(
            r"the server responded with a status of 4(04|09|10|22|29)", message.text
        )
        if message.type == "error" and not refused:
            self.problems.append(f"console: {message.text}")

    def _follow(self, request):
        if not request.url.startswith(
            (self.site.url, "ws://127.0.0.1", "data:", "blob:", *self.also)
        ):
            self.problems.append(f"request to another host: {request.url}")

    # -- doing --------------------------------------------------------------------------------
    def signs_in(self, login):
        self.page.goto("/sign-in")
        self.look_once("the page for signing in")
        self.page.get_by_label("Логин").fill(login)
        self.page.get_by_label("Пароль").fill(loading.PASSWORD)
        self.press("Войти")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Здравствуйте")
        self.look_once("the first page after signing in")

    def opens_the_name_menu(self):
        self.page.locator("#account-menu > summary").click()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name):
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def press_or_follow(self, name):
        """A link that looks like a button, or a button."""
        self.page.locator("a.button, button", has_text=name).first.click()

    def types_phone(self, phone):
        field = self.page.get_by_label("Введите свой номер мобильного телефона")
        field.fill(phone)
        self.press("Продолжить")
        expect(self.page.get_by_label("Введите код из СМС")).to_be_visible()

    def code_from_sms(self, phone):
        """Looks at the telephone in another tab, as a visitor of the demo does."""
        tab = self.new_page()
        tab.goto("/demo/sms")
        text = tab.locator(".text", has_text=phone).first.locator(".text-body").inner_text()
        tab.close()
        return re.match(r"\d{6}", text).group()

    def types_code(self, code):
        """The digits are sent by themselves when all are there, and the script is."""
        self.page.wait_for_load_state()
        self.page.locator("[data-code-input]").fill(code)

    def names_self(self, family="Тестова", given="Вера", patronymic=""):
        self.page.get_by_label("Фамилия").fill(family)
        self.page.get_by_label("Имя").fill(given)
        self.page.get_by_label("Отчество").fill(patronymic)
        self.press("Продолжить")

    def links(self, phone=None):
        """The whole walk from any journal page to «Готово!»."""
        phone = phone or self.site.phone()
        self.opens_the_name_menu()
        self.follow("Привязать учебный профиль Сферум")
        self.types_phone(phone)
        self.types_code(self.code_from_sms(phone))
        self.names_self()
        self.press("Создать учебный профиль")
        self.press("Продолжить")
        self.press("Связать профиль")
        expect(self.page.get_by_role("heading", name="Готово!")).to_be_visible()
        return phone

    def goes_to_chats(self):
        self.page.goto("/chats")

    @property
    def chat_titles(self):
        return self.page.locator(".chat-row-title").all_inner_texts()

    # -- judging ------------------------------------------------------------------------------
    def sees_it_saved(self):
        """In a table that saves what is typed: nothing is on its way any more."""
        expect(self.page.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
        expect(self.page.locator("[data-state=pending]")).to_have_count(0)

    def look(self, page=None):
        page = page or self.page
        page.wait_for_load_state()  # a press before that follows the link instead
        page.evaluate(AXE)
        found = page.evaluate(RUN_AXE)
        assert found == [], f"{page.url}: {found}"
        overflow = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not overflow, f"{page.url} scrolls sideways"

    def look_once(self, what):
        """A page that every journey passes is looked at by the first."""
        if (what, self.device) not in self.site.looked_at:
            self.site.looked_at.add((what, self.device))
            self.look()

    def leave(self):
        self.context.close()
        assert self.problems == []


@pytest.fixture(params=["desk", "phone"])
def device(request):
    return request.param


at_a_desk = pytest.mark.parametrize("device", ["desk"], indirect=True)
on_a_phone = pytest.mark.parametrize("device", ["phone"], indirect=True)


@pytest.fixture
def somebody(site, chromium, device):
    """`somebody()` opens a browser of another person on this device."""
    people = []

    def open_browser():
        person = Person(site, chromium, device)
        people.append(person)
        return person

    yield open_browser
    for person in people:
        person.leave()

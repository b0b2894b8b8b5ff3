"""A call between real browsers: media of Chromium's own making goes from one to the other."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from app.core import clock
from app.messenger.chats.rights import ChatKind, MemberRole
from app.school.signing_in import hash_password
from tests.journeys.conftest import AXE, RUN_AXE
from tests.messenger.serving import CHROMIUM

pytestmark = pytest.mark.browser

MEDIA = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
KEEP_CONNECTIONS = """
  window.connections = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) { super(...options); window.connections.push(this); }
  };"""
NO_DEVICES = """
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("none here", "NotFoundError"));"""
REMOVE = """async (address) => {
  const csrf_token = document.querySelector("input[name=csrf_token]").value;
  await fetch(address, {method: "POST", body: new URLSearchParams({csrf_token, deed: "remove"})});
}"""
BYTES = """async (kind) => {
  let bytes = 0;
  for (const one of window.connections) {
    if (one.connectionState !== "connected") continue;
    for (const stat of (await one.getStats()).values())
      if (stat.type === "inbound-rtp" && stat.kind === kind) bytes += stat.bytesReceived;
  }
  return bytes;
}"""


@pytest.fixture(scope="module")
def chromium(chromium):
    """Another one, with a camera and a microphone of its own making."""
    options = CHROMIUM | {"args": [*CHROMIUM["args"], *MEDIA]}
    browser = chromium.browser_type.launch(**options)
    yield browser
    browser.close()


@pytest.fixture
def people(school):
    """Anna leads the chat; Boris and Vera are in it."""
    anna, boris, vera = (
        school.profile(name) for name in ("Анна Иванова", "Борис Петров", "Вера Сомова")
    )
    school.chat_of_all = school.chat("Физика", boris, vera, kind=ChatKind.MANUAL)
    school.join(anna, school.chat_of_all, role=MemberRole.CREATOR)
    return anna, boris, vera


def tab_of_call(page, press, *scripts):
    """The tab that opens when the person goes to the call."""
    for script in (KEEP_CONNECTIONS, *scripts):
        page.context.add_init_script(script)
    with page.context.expect_page() as opened:
        press()
    opened.value.set_default_timeout(15_000)
    return opened.value


def goes_in(tab):
    tab.get_by_role("button", name="Войти в звонок").click()
    expect(tab.get_by_role("group", name="Управление звонком")).to_be_visible()


def grows(tab, kind):
    """Waits until more of this kind has come than at first."""
    before = tab.evaluate(BYTES, kind)
    tab.wait_for_function(
        f"async ([kind, before]) => await ({BYTES})(kind) > before + 500",
        arg=[kind, before],
        polling=250,
        timeout=15_000,
    )


@pytest.mark.slow
def test_three_people_in_a_call_one_of_them_only_listens(window_of, school, people):
    anna, boris, vera = people
    path = f"/im/chats/{school.chat_of_all.public_id}"
    desk, second, third = (window_of(one, path) for one in (anna, boris, vera))

    # Anna begins: the others see it in the chat and in the list.
    first = tab_of_call(desk, desk.get_by_role("button", name="Начать звонок").click)
    goes_in(first)
    bar = second.locator(".call-bar")
    expect(bar).to_contain_text("Идёт звонок")
    expect(bar).to_contain_text("1 участник")
    expect(second.locator(".chat-row")).to_contain_text("идёт звонок")
    expect(second.locator(".notice-line").last).to_contain_text("Иванова")

    # Boris joins with his camera: sound and picture go both ways.
    other = tab_of_call(second, bar.get_by_role("link", name="Присоединиться").click)
    goes_in(other)
    other.keyboard.press("v")
    first.get_by_role("button", name="Камера").click()
    for tab in (first, other):
        grows(tab, "audio")
        grows(tab, "video")
    expect(first.locator(".call-tile[data-picture]")).to_have_count(2)
    assert first.evaluate("document.querySelectorAll('.call-tile video')[1].videoWidth") > 0

    # Vera has neither: she watches and listens.
    listener = tab_of_call(third, third.locator(".call-bar").get_by_role("link").click, NO_DEVICES)
    expect(listener.locator("[data-device-note]")).to_contain_text("Вы можете смотреть и слушать")
    goes_in(listener)
    grows(listener, "audio")
    grows(listener, "video")
    expect(bar).to_contain_text("3 участника")
    listener.evaluate(AXE)
    assert listener.evaluate(RUN_AXE) == []

    # A hand, and the list of people.
    listener.keyboard.press("h")
    expect(first.locator(".call-tile[data-hand]")).to_contain_text("Вера Сомова")
    first.keyboard.press("p")
    expect(first.locator(".call-people").get_by_role("img", name="Поднята рука")).to_be_visible()
    first.evaluate(AXE)
    assert first.evaluate(RUN_AXE) == []

    # The server is killed and started: talk goes on meanwhile, and everybody keeps their seat.
    school.server.stop()
    expect(other.locator("[data-connection]")).to_be_visible()
    grows(other, "audio")
    school.server.start()
    for tab in (first, other, listener):
        expect(tab.locator("[data-connection]")).to_be_hidden(timeout=15_000)
        expect(tab.locator(".call-tile:not([data-away])")).to_have_count(3, timeout=15_000)
    expect(first.locator(".call-tile[data-hand]")).to_contain_text("Вера Сомова")
    assert first.evaluate("window.connections.length") == 2

    # Who is removed from the chat is out of the call within two seconds.
    desk.evaluate(REMOVE, f"{path}/members/{vera.public_id}")
    expect(listener.get_by_role("heading", name="Вы больше не участник")).to_be_visible(
        timeout=2000
    )
    first.get_by_role("button", name="Уйти").click()
    first.get_by_role("button", name="Завершить для всех").click()
    expect(other.get_by_role("heading", name="Звонок завершён")).to_be_visible()
    expect(first.get_by_role("heading", name="Звонок завершён")).to_be_visible()
    expect(second.locator(".call-bar")).to_have_count(0)
    expect(second.locator(".notice-line").last).to_contain_text("Звонок завершён, длился")


PASSWORD = "a long password"


@pytest.fixture
def lesson(school):
    """Physics in 7А goes on all day long, at a distance. Everybody is linked."""
    school.kim = school.teacher("Ким Олег")
    c7a = school.school_class("7А", teacher=school.teacher("Титова Вера"))
    school.misha = school.pupil("Орлов Миша", in_=c7a)
    physics = school.teaching(school.kim, c7a, school.subject("Физика"))
    hashed = hash_password(PASSWORD)
    for login in ("kim", "misha"):
        person = getattr(school, login)
        profile = school.profile(f"{person.given_name} {person.family_name}")
        account = school.account(person, login=login, password_hash=hashed)
        school.link(person, profile, account=account)
        setattr(school, f"{login}_profile", profile)
    today = clock.today("Europe/Moscow")
    school.lesson_change(
        physics,
        date=today,
        number=1,
        is_distance=True,
        starts_at=dt.time(0, 0),
        ends_at=dt.time(23, 59, 59),
    )
    return school


def test_from_the_lesson_in_the_journal_to_the_call(window_of, lesson):
    tabs = {}
    for login, words in (("kim", "Начать звонок"), ("misha", "Присоединиться")):
        page = window_of(getattr(lesson, f"{login}_profile"), "/sign-in")
        page.get_by_label("Логин").fill(login)
        page.get_by_label("Пароль").fill(PASSWORD)
        page.get_by_role("button", name="Войти").click()
        button = page.get_by_role("button", name=words)
        tabs[login] = tab_of_call(page, button.click)
        expect(tabs[login].get_by_role("heading", level=1)).to_contain_text("Физика")
        goes_in(tabs[login])
    for tab in tabs.values():
        expect(tab.locator(".call-tile")).to_have_count(2)
        grows(tab, "audio")
    tabs["kim"].keyboard.press("v")
    grows(tabs["misha"], "video")
    # The chat was made by it, and both are in it.
    tabs["misha"].get_by_role("button", name="Уйти").click()
    expect(tabs["misha"].get_by_role("heading", name="Вы вышли из звонка")).to_be_visible()
    tabs["misha"].get_by_role("link", name="Вернуться в чат").last.click()
    expect(tabs["misha"].get_by_role("heading", name="Физика")).to_be_visible()
    expect(tabs["misha"].locator(".call-bar")).to_contain_text("1 участник")

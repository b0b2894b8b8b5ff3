"""Delivery in real browsers: a server that dies in the middle, a lost network, two tabs."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert, select

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats.models import Chat
from app.messenger.messages.models import Message, MessageKind
from tests.messenger.test_browsers import bubbles, by_request, write

pytestmark = pytest.mark.browser


@pytest.fixture
def anna(school):
    return school.profile("Анна Иванова Петровна")


@pytest.fixture
def boris(school):
    return school.profile("Борис Петров")


@pytest.fixture
def chat(school, anna, boris):
    return school.chat("Чат с родителями", anna, boris)


def stored(chat):
    db.session.rollback()
    query = select(Message.text).where(Message.chat_id == chat.id).order_by(Message.seq)
    return list(db.session.scalars(query))


def shown(page):
    """The texts of confirmed messages, in the order of the page."""
    return page.locator(".message[data-seq] .message-text").all_inner_texts()


def is_ready(page):
    expect(page.locator(".history")).to_have_attribute("data-ready", "yes")


def test_a_server_killed_in_the_middle_of_many_sends_loses_and_doubles_nothing(
    school,
    window_of,
    anna,
    boris,
    chat,
    path,
):
    first, second = window_of(anna, path), window_of(boris, path)
    for page in (first, second):
        is_ready(page)
    texts = [f"слово {number}" for number in range(12)]
    for number, text in enumerate(texts):
        write(first, text)
        if number == 4:
            school.server.stop()
        if number == 9:
            school.server.start()
    expect(first.locator(".message[data-seq='12']")).to_be_visible(timeout=30_000)
    expect(second.locator(".message[data-seq='12']")).to_be_visible(timeout=40_000)
    assert stored(chat) == texts
    for page in (first, second):
        assert shown(page) == texts
        expect(page.locator(".message:not([data-seq])")).to_have_count(0)


def test_what_is_written_without_a_network_goes_when_it_is_back(
    school,
    window_of,
    anna,
    boris,
    chat,
    path,
):
    page = window_of(anna, path)
    is_ready(page)
    page.context.set_offline(True)
    for text in ("раз", "два", "три"):
        write(page, text)
    expect(page.locator(".message[data-state]")).to_have_count(3)
    school.says(boris, chat, "пока вас не было")
    page.context.set_offline(False)
    expect(page.locator(".message[data-seq='4']")).to_be_visible(timeout=20_000)
    expect(page.locator(".message[data-seq='1']")).to_be_visible(timeout=20_000)
    assert stored(chat) == ["пока вас не было", "раз", "два", "три"]
    assert shown(page) == stored(chat)
    expect(page.locator(".message[data-state]")).to_have_count(0)


# Comes after whoever waits to send.
MY_TURN = """async () => {
  const { me } = document.querySelector("[data-me]").dataset;
  await navigator.locks.request(`svyazka:outbox:${me}`, () => {});
}"""


def test_two_tabs_share_the_outbox_and_send_each_message_once(
    school,
    window_of,
    anna,
    boris,
    chat,
    path,
):
    first = window_of(anna)
    by_request(first)
    first.goto(path)
    is_ready(first)
    second = first.context.new_page()
    second.goto(path)
    is_ready(second)
    answered = []
    first.context.on(
        "response",
        lambda response: (
            answered.append(response.status)
            if response.request.method == "POST" and response.url.endswith("/messages")
            else None
        ),
    )
    first.context.set_offline(True)
    write(first, "из первой")
    expect(second.locator(".message[data-state]")).to_contain_text("из первой")
    write(second, "из второй")
    expect(first.locator(".message[data-state]").last).to_contain_text("из второй")
    expect(first.locator(".message[data-state=failed]")).to_have_count(2, timeout=15_000)
    first.context.set_offline(False)
    for page in (first, second):
        expect(page.locator(".message[data-seq='2']")).to_be_visible(timeout=30_000)
        assert shown(page) == ["из первой", "из второй"]
        expect(bubbles(page)).to_have_count(2)
    assert stored(chat) == ["из первой", "из второй"]
    for page in (first, second):
        page.evaluate(MY_TURN)
    # A try that failed, while there was no network, has not come to the server; of the others each
    # was the only one.
    assert answered == [200, 200]


def test_a_refused_message_is_kept_and_holds_up_nobody(
    school,
    window_of,
    anna,
    boris,
    chat,
    path,
):
    page = window_of(anna)
    by_request(page)
    page.goto(path)
    is_ready(page)
    page.context.route(
        "**/messages",
        lambda route: (
            route.fulfill(status=403, body="<p class='error-text'>Нельзя</p>")
            if "плохое" in route.request.post_data
            else route.continue_()
        ),
    )
    write(page, "плохое")
    write(page, "хорошее")
    expect(page.locator(".message[data-seq='1']")).to_contain_text("хорошее")
    failed = page.locator(".message[data-state=failed]")
    expect(failed).to_contain_text("Нельзя")
    failed.get_by_role("button", name="Вернуть в поле ввода").click()
    expect(page.get_by_label("Сообщение", exact=True)).to_have_value("плохое")
    expect(failed).to_have_count(0)


RANDOM_SCHEDULES = """async ([rounds]) => {
  const { place, currentHistory } = await import("/static/js/messenger/history.js");
  const root = currentHistory();
  const all = [...root.querySelectorAll(":scope > [data-message]")].map((one) => one.outerHTML);
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const wrong = [];
  for (let round = 0; round < rounds; round += 1) {
    root.querySelectorAll(":scope > :not([data-older]):not([data-newer])").forEach((one) => one.remove());
    root.dataset.newest = 0;
    root.dataset.isNewest = "yes";
    for (let step = 0; step < 40; step += 1) {
      const from = random(all.length);
      place(root, all.slice(from, from + 1 + random(3)).join(""));
    }
    const newest = Number(root.dataset.newest);
    place(root, all.slice(newest).join(""));  // catching up
    const found = [...root.querySelectorAll(":scope > [data-message]")].map((one) => Number(one.dataset.seq));
    const days = root.querySelectorAll(":scope > [data-day-header]").length;
    if (found.join() !== all.map((_, place) => place + 1).join() || days !== 1) wrong.push(found.join());
  }
  return wrong;
}"""


@pytest.mark.parametrize("rounds", [60, pytest.param(500, marks=pytest.mark.slow)])
def test_after_many_random_schedules_the_page_is_as_the_server_says(
    school, window_of, anna, boris, chat, path, rounds
):
    for number in range(16):
        school.says(anna if number % 3 else boris, chat, f"{number}")
    page = window_of(anna, path)
    is_ready(page)
    assert page.evaluate(RANDOM_SCHEDULES, [rounds]) == []


SCROLL = """async () => {
  const scroller = document.querySelector("[data-history-scroll]");
  const frames = [], times = [];
  let last = performance.now(), most = 0, steps = 0, still = 0;
  while (still < 40 && steps < 6000) {
    scroller.scrollTop -= 400;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
    steps += 1;
    most = Math.max(most, document.querySelectorAll("[data-message]").length);
    still = document.querySelector("[data-message][data-seq='1']") ? still + 1 : 0;
  }
  frames.sort((a, b) => a - b);
  return { steps, most, median: frames[frames.length >> 1] };
}"""


HEADERS = "all => all.map(one => one.matches('.day') ? one.textContent.trim() : one.dataset.seq)"


def test_the_first_message_of_a_day_has_one_header(school, window_of, anna, chat, path):
    with writing() as session:
        yesterday = {
            "chat_id": chat.id,
            "seq": 1,
            "author_id": anna.id,
            "client_id": "message-of-yesterday",
            "kind": MessageKind.TEXT,
            "text": "вчерашнее",
            "created_at": clock.now() - dt.timedelta(days=1),
        }
        session.execute(insert(Message), [yesterday])
        session.get(Chat, chat.id).last_seq = 1
    page = window_of(anna, path)
    is_ready(page)
    shown = ["Вчера", "1", "Сегодня"]
    for seq, text in (("2", "сегодняшнее"), ("3", "и ещё")):
        write(page, text)
        expect(bubbles(page).last).to_have_attribute("data-seq", seq)
        shown.append(seq)
        assert page.locator(".history > .day, .history > .message").evaluate_all(HEADERS) == shown


@pytest.mark.parametrize("count", [1000, pytest.param(5000, marks=pytest.mark.slow)])
def test_thousands_of_messages_scroll_and_the_page_stays_small(
    school, window_of, anna, boris, chat, path, count
):
    with writing() as session:
        rows = [
            {
                "chat_id": chat.id,
                "seq": number,
                "author_id": (anna if number % 3 else boris).id,
                "client_id": f"message-{number}-of-{count}",
                "kind": MessageKind.TEXT,
                "text": f"слово {number} " + "и ещё " * (number % 17),
                "created_at": clock.now(),
            }
            for number in range(1, count + 1)
        ]
        session.execute(insert(Message), rows)
        session.get(Chat, chat.id).last_seq = count
    page = window_of(anna, path)
    is_ready(page)
    measured = page.evaluate(SCROLL)
    assert page.locator(".message[data-seq='1']").count() == 1
    assert measured["most"] <= 240 + 40
    assert measured["median"] < 50  # ms a frame while 400 px pass in each, without a graphics card
    numbers = [
        int(n) for n in page.locator(".message").evaluate_all("a => a.map(m => m.dataset.seq)")
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    page.get_by_role("button", name="К новым сообщениям").click()
    expect(page.locator(f".message[data-seq='{count}']")).to_be_in_viewport()


def test_a_script_that_did_not_come_is_asked_for_again(school, window_of, anna, boris, chat):
    page = window_of(anna)
    page.context.route("**/messenger/mentions.js", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_role("link", name=chat.title).click()
        field = page.get_by_label("Сообщение", exact=True)
        field.focus()
    page.context.unroute("**/messenger/mentions.js")
    field.blur()
    with page.expect_event("requestfinished"):
        field.focus()
    field.press_sequentially("@Бор")
    expect(page.get_by_role("option", name="Борис Петров")).to_be_visible()

"""A message of words goes by the socket; where that fails it goes by a request, and once."""

import json

import pytest
from playwright.sync_api import expect

from tests.messenger.test_browsers import bubbles, is_live, write
from tests.messenger.test_delivery_browsers import stored

pytestmark = pytest.mark.browser


@pytest.fixture
def world(school):
    """People and chats of these tests are on the served site."""
    return school


def requests_of(page):
    """Fills with the messages that the page sends by a request."""
    sent = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.post_data)
            if request.method == "POST" and request.url.endswith("/messages")
            else None
        ),
    )
    return sent


def is_answer(frame):
    """Of the server, that something was done: «43», a number, [{"ok": …}]."""
    return frame.startswith("43") and '"seq"' in frame and '"last_seq"' not in frame


def is_fragment(frame):
    return frame.startswith('42["fragment"')


NOTHING_WAITS = "() => Object.keys(localStorage).every((name) => !name.includes('unsent:'))"


@pytest.fixture
def without(window_of, anna, path, chat):
    """A live page of hers to whose socket the frames of this kind never come."""

    def open_page(lost):
        page = window_of(anna)

        def between(browser):
            server = browser.connect_to_server()
            server.on_message(lambda frame: None if lost(frame) else browser.send(frame))

        page.route_web_socket("**/socket.io/*", between)
        page.goto(path)
        is_live(page, chat)
        return page

    return open_page


def test_words_go_by_the_socket_and_an_answer_too(window_of, anna, boris, chat, path):
    frames = []
    page = window_of(anna)
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    page.goto(path)
    is_live(page, chat)
    other = window_of(boris, path)
    is_live(other, chat)
    by_request = requests_of(page)
    write(page, "Кто завтра дежурит?")
    expect(page.locator(".message[data-seq='1']")).to_contain_text("Кто завтра дежурит?")
    other.locator(".message[data-seq='1']").click(button="right")
    other.get_by_role("menuitem", name="Ответить").click()
    write(other, "Мы")
    for one in (page, other):
        expect(one.locator(".message[data-seq='2'] .message-quote")).to_contain_text(
            "Кто завтра дежурит?"
        )
        expect(one.locator(".message:not([data-seq])")).to_have_count(0)
    assert stored(chat) == ["Кто завтра дежурит?", "Мы"]
    assert by_request == []
    sent = [json.loads(frame[frame.index("[") :]) for frame in frames if '["send"' in frame]
    assert [(event, to, form["text"]) for event, to, form in sent] == [
        ("send", chat.public_id, "Кто завтра дежурит?")
    ]


def test_without_an_answer_it_goes_again_and_is_stored_once(without, chat):
    page = without(is_answer)
    by_request = requests_of(page)
    write(page, "слышно?")
    write(page, "и это?")
    expect(page.locator(".message[data-seq='2']")).to_contain_text("и это?", timeout=15_000)
    page.wait_for_function(NOTHING_WAITS)
    assert stored(chat) == ["слышно?", "и это?"]
    assert len(by_request) == 2
    expect(bubbles(page)).to_have_count(2)


def test_what_does_not_come_back_is_fetched(without, chat):
    page = without(is_fragment)
    by_request = requests_of(page)
    write(page, "раз")
    expect(page.locator(".message[data-seq='1']")).to_contain_text("раз")
    write(page, "два")
    expect(page.locator(".message[data-seq='2']")).to_contain_text("два")
    expect(bubbles(page)).to_have_count(2)
    assert by_request == []


def test_a_refusal_is_said_in_the_words_of_the_request(window_of, anna, chat, path):
    page = window_of(anna, path)
    is_live(page, chat)
    by_request = requests_of(page)
    page.evaluate("document.querySelector('[data-composer]').dataset.limit = '9999'")
    write(page, "а" * 5000)
    failed = page.locator(".message[data-state=failed]")
    expect(failed).to_contain_text("В сообщении может быть не больше 4096 знаков")
    assert len(by_request) == 1
    assert stored(chat) == []

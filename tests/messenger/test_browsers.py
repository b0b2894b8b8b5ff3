"""Two real browsers in one chat: what one writes stands in the other; nothing is lost or doubled."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.db import db
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.models import Message

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


def write(page, text):
    page.get_by_label("Сообщение", exact=True).fill(text)
    page.keyboard.press("Enter")


def is_live(page, chat):
    """The page hears the chat: what is said from now on comes by itself."""
    expect(page.locator("[data-chat]")).to_have_attribute("data-live", chat.public_id)


def bubbles(page):
    return page.locator(".history .message")


def said(page, text):
    return page.locator(".history").get_by_text(text, exact=True)


def by_request(page):
    """From the next page on messages of words go by requests, as where the socket is away."""
    none = "export const offerSocket = () => {}; export const sendQuickly = async () => false;"
    page.context.route(
        "**/messenger/quick.js",
        lambda route: route.fulfill(body=none, content_type="text/javascript"),
    )


PUT_ON_CLIPBOARD = """() => navigator.clipboard.write([new ClipboardItem({
  "text/html": new Blob(["<h1><a href='https://a.example/'>&lt;b&gt;И не один&lt;/b&gt;</a></h1>"], { type: "text/html" }),
  "text/plain": new Blob(["<b>И не один</b>"], { type: "text/plain" }),
})])"""


def test_two_browsers_chat(window_of, anna, boris, chat):
    first, second = window_of(anna), window_of(boris)
    for page in (first, second):
        page.get_by_role("link", name="Чат с родителями").click()
        expect(page.get_by_text("2 участник")).to_be_visible()
        expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    write(first, "Собрание в 18:00")
    expect(first.locator(".message[data-mine][data-seq='1']")).to_contain_text("Собрание в 18:00")
    expect(second.locator(".message:not([data-mine])")).to_contain_text("Собрание в 18:00")
    expect(second.locator(".message-name")).to_have_text("Анна Петровна Иванова")
    write(second, "Приду")
    # What is pasted from a page comes as its words alone.
    second.context.grant_permissions(["clipboard-read", "clipboard-write"])
    second.evaluate(PUT_ON_CLIPBOARD)
    second.get_by_label("Сообщение", exact=True).focus()
    second.keyboard.press("Control+v")
    expect(second.get_by_label("Сообщение", exact=True)).to_have_value("<b>И не один</b>")
    second.keyboard.press("Enter")
    expect(bubbles(first)).to_have_count(3)
    expect(first.locator(".message").last).to_contain_text("<b>И не один</b>")
    expect(bubbles(second)).to_have_count(3)
    for page in (first, second):
        assert page.locator(".message").evaluate_all("all => all.map(m => m.dataset.seq)") == [
            "1",
            "2",
            "3",
        ]


def test_the_list_follows_a_chat_that_is_not_open(school, window_of, anna, boris, chat):
    other = school.chat("Чат с преподавателями", anna, boris)
    page, writer = window_of(boris), window_of(anna, f"/im/chats/{chat.public_id}")
    page.get_by_role("link", name="Чат с преподавателями").click()
    write(writer, "Собрание в 18:00")
    top = page.locator(".chat-row").first
    expect(top).to_contain_text("Собрание в 18:00")
    expect(top.locator(".chat-row-unread")).to_have_text("1")
    top.click()
    expect(page.locator(".chat-row-unread")).to_have_count(0)
    expect(page).to_have_url(f"{school.server.base_url}/im/chats/{chat.public_id}")
    page.go_back()
    expect(page).to_have_url(f"{school.server.base_url}/im/chats/{other.public_id}")
    expect(page.locator("#chat-title")).to_have_text("Чат с преподавателями")


def test_a_message_survives_a_server_that_is_away(school, window_of, anna, boris, chat):
    path = f"/im/chats/{chat.public_id}"
    first, second = window_of(anna, path), window_of(boris, path)
    expect(second.locator(".history")).to_have_attribute("data-ready", "yes")
    school.server.stop()
    write(first, "Пишу в темноту")
    expect(first.get_by_role("button", name="Повторить")).to_be_visible()
    expect(first.get_by_text("Соединение…")).to_be_visible()
    school.server.start()
    expect(first.locator(".message[data-seq='1']")).to_contain_text(
        "Пишу в темноту", timeout=20_000
    )
    expect(bubbles(first)).to_have_count(1)
    expect(second.locator(".message[data-seq='1']")).to_be_visible(timeout=20_000)
    expect(bubbles(second)).to_have_count(1)


def test_unsent_text_survives_a_reload(school, window_of, anna, boris, chat):
    page = window_of(anna, f"/im/chats/{chat.public_id}")
    by_request(page)
    page.get_by_label("Сообщение", exact=True).fill("Черновик")
    page.reload()
    expect(page.get_by_label("Сообщение", exact=True)).to_have_value("Черновик")
    page.context.route("**/messages", lambda route: route.abort())
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Повторить")).to_be_visible()
    page.reload()
    expect(page.locator(".message[data-state=failed]")).to_contain_text("Черновик")
    for _ in range(2):
        page.wait_for_event("requestfailed")
    page.context.unroute("**/messages")  # seconds before the page would try again by itself
    page.get_by_role("button", name="Повторить").click()
    expect(page.locator(".message[data-seq='1']")).to_contain_text("Черновик")
    expect(bubbles(page)).to_have_count(1)


def test_older_messages_come_when_scrolling_up_and_the_place_is_kept(
    school, window_of, anna, boris, chat
):
    for number in range(1, 101):
        school.says(anna, chat, f"Сообщение {number}")
    page = window_of(anna, f"/im/chats/{chat.public_id}")
    expect(said(page, "Сообщение 100")).to_be_in_viewport()
    expect(bubbles(page)).to_have_count(40)
    said(page, "Сообщение 61").scroll_into_view_if_needed()
    expect(bubbles(page)).to_have_count(80)
    expect(said(page, "Сообщение 61")).to_be_in_viewport()
    box = said(page, "Сообщение 61").bounding_box()
    school.says(boris, chat, "Новое внизу")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-jump-count]")).to_have_text("1")
    assert abs(said(page, "Сообщение 61").bounding_box()["y"] - box["y"]) < 2
    page.get_by_role("button", name="К новым сообщениям").click()
    expect(said(page, "Новое внизу")).to_be_in_viewport()


def test_who_is_removed_sees_it_and_reads_no_further(school, window_of, anna, boris, chat):
    page = window_of(boris, f"/im/chats/{chat.public_id}")
    school.says(anna, chat, "Последнее для Бориса")
    school.leave(boris, chat)  # from another process: the page learns of it by catch-up
    school.says(anna, chat, "Тайна")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("Вы больше не участник этого чата")).to_be_visible()
    expect(said(page, "Последнее для Бориса")).to_be_visible()
    expect(page.get_by_text("Тайна")).to_have_count(0)


def test_deleted_words_go_from_every_window_and_from_those_who_were_away(
    school, window_of, anna, boris, chat
):
    for number in range(60):
        school.says(anna, chat, f"слово {number}")
    path = f"/im/chats/{chat.public_id}"
    first, second, away = (window_of(who, path) for who in (anna, boris, boris))
    for page in (first, second, away):
        expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    menu = second.get_by_role("menu")
    second.locator(".message").last.click(button="right")
    expect(menu.get_by_role("menuitem", name="Удалить для всех")).to_be_hidden()
    second.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    away.context.set_offline(True)
    last = first.locator(".message").last
    last.hover()
    last.get_by_role("button", name="Действия с сообщением").click()
    first.get_by_role("menuitem", name="Удалить для всех").click()
    dialog = first.get_by_role("dialog")
    expect(dialog).to_contain_text("слово 59")
    dialog.get_by_role("button", name="Отмена").or_(
        dialog.get_by_role("link", name="Отмена")
    ).click()
    expect(said(first, "слово 59")).to_be_visible()
    last.click(button="right")
    first.get_by_role("menuitem", name="Удалить для всех").click()
    dialog.get_by_role("button", name="Удалить", exact=True).click()
    for page in (first, second):
        expect(page.locator(".message").last).to_contain_text("Сообщение удалено")
        expect(said(page, "слово 59")).to_have_count(0)
    # The author's window begins later than the first message: deleting that one adds nothing.
    count = bubbles(first).count()
    assert count < 60
    delete_message(anna.id, chat.public_id, message_id_of(chat, 1))
    school.says(boris, chat, "ещё одно")
    first.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(said(first, "ещё одно")).to_be_visible()
    expect(bubbles(first)).to_have_count(count + 1)
    expect(first.locator(".message[data-deleted]")).to_have_count(1)
    away.context.set_offline(False)
    away.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(said(away, "ещё одно")).to_be_visible()
    expect(said(away, "слово 59")).to_have_count(0)
    expect(away.locator(".message[data-deleted]")).to_have_count(2)


def message_id_of(chat, seq):
    return db.session.scalars(
        select(Message.client_id).where(Message.chat_id == chat.id, Message.seq == seq)
    ).one()


def test_a_phone_shows_one_pane_at_a_time(window_of, anna, boris, chat):
    page = window_of(anna, viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.get_by_text("Выберите чат")).to_be_hidden()
    page.get_by_role("link", name="Чат с родителями").click()
    expect(page.locator(".list-search")).to_be_hidden()
    page.get_by_text("2 участник").click()
    expect(page.get_by_text("это вы")).to_be_visible()
    page.get_by_label("Закрыть сведения о чате").click()
    expect(page.locator("#chat-title")).to_be_visible()
    page.get_by_label("К списку чатов").click()
    expect(page.locator(".list-search")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_works_without_script(chromium, school, window_of, anna, boris, chat):
    page = window_of(anna, java_script_enabled=False)
    page.get_by_role("link", name="Чат с родителями").click()
    page.get_by_label("Сообщение", exact=True).fill("Без скриптов")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.locator(".message")).to_contain_text("Без скриптов")
    reader = window_of(boris, f"/im/chats/{chat.public_id}", java_script_enabled=False)
    reader.get_by_role("button", name="Отметить прочитанным").click()
    expect(reader.locator(".chat-row-unread")).to_have_count(0)


def test_fragments_may_come_in_any_order_and_twice(school, window_of, anna, boris, chat):
    for number in range(1, 6):
        school.says(anna if number % 2 else boris, chat, f"{number}")
    page = window_of(anna, f"/im/chats/{chat.public_id}")
    expect(bubbles(page)).to_have_count(5)
    shuffled = """async ([order]) => {
        const { place, currentHistory } = await import("/static/js/messenger/history.js");
        const root = currentHistory();
        const all = [...root.querySelectorAll("[data-message]")].map(one => one.outerHTML);
        root.replaceChildren();
        root.dataset.newest = 0;
        for (const index of order) place(root, all[index]);
        return [...root.children].map(one => one.dataset.seq ?? one.tagName);
    }"""
    for order in ([4, 3, 2, 1, 0], [2, 0, 2, 4, 1, 3, 0], [0, 0, 4, 4, 1, 2, 3]):
        assert page.evaluate(shuffled, [order]) == ["H3", "1", "2", "3", "4", "5"]


AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pane_is_accessible(school, window_of, anna, boris, chat, theme):
    school.confirmed(anna, "teacher")
    school.says(anna, chat, "Собрание: https://school.example/")
    school.says(boris, chat, "Приду")
    left = school.chat("Физика", boris)
    school.leave(boris, left)
    page = window_of(boris)
    page.context.add_cookies(
        [{"name": "svyazka_theme", "value": theme, "url": school.server.base_url}]
    )
    for path in (
        "",
        f"chats/{chat.public_id}",
        f"chats/{chat.public_id}/members",
        f"chats/{left.public_id}",
    ):
        page.goto(f"/im/{path}", wait_until="networkidle")
        page.evaluate(AXE)
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


def test_the_page_weighs_under_200_kb_of_script(window_of, anna, boris, chat):
    page = window_of(anna)
    page.goto(f"/im/chats/{chat.public_id}", wait_until="networkidle")
    scripts = page.evaluate(
        """() => performance.getEntriesByType("resource")
                 .filter(entry => new URL(entry.name).pathname.endsWith(".js"))
                 .map(entry => entry.name)"""
    )
    assert len(scripts) > 3
    assert sum(len(page.request.get(url).body()) for url in scripts) < 200 * 1024

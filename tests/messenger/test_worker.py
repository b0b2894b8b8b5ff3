"""The service worker in a real browser: a page without a network, push, an application to install."""

import json

import pytest
from playwright.sync_api import expect

from tests.messenger.looking import looks_right
from tests.messenger.test_browsers import anna as anna  # noqa: PLC0414
from tests.messenger.test_browsers import boris as boris  # noqa: PLC0414
from tests.messenger.test_browsers import chat as chat  # noqa: PLC0414

pytestmark = pytest.mark.browser
SHOWN = """async (count) => {
  const worker = await navigator.serviceWorker.ready;
  let all = [];
  for (let tries = 0; tries < 200; tries += 1) {
    all = await worker.getNotifications();
    if (all.length === count) break;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
}"""
CLICK = """async (tag) => {
  WindowClient.prototype.focus = async function focus() { return this; };
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


class Worker:
    """The site's worker as Chromium's protocol sees it."""

    def __init__(self, page):
        self._origin, self._known = page.evaluate("location.origin"), []
        self._wire = page.context.new_cdp_session(page)
        self._wire.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: self._known.extend(told["registrations"]),
        )
        self._wire.send("ServiceWorker.enable")
        page.wait_for_function("() => navigator.serviceWorker.controller")

    def push(self, **message):
        known = [one for one in self._known if one["scopeURL"].startswith(self._origin)]
        self._wire.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self._origin,
                "registrationId": known[-1]["registrationId"],
                "data": json.dumps(message),
            },
        )


def test_the_worker_tells_of_messages_and_shows_a_page_without_a_network(
    school, window_of, anna, boris, chat
):
    page = window_of(anna)
    page.context.grant_permissions(["notifications"], origin=school.server.base_url)
    worker = Worker(page)

    # It may be installed: a manifest with its icons, a worker, a page to begin with.
    wire = page.context.new_cdp_session(page)
    assert wire.send("Page.getAppManifest")["errors"] == []
    errors = wire.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [e["errorId"] for e in errors if e["errorId"] != "in-incognito"] == []

    # A push for a chat that nobody looks at; none for the one before one's eyes.
    worker.push(chat=chat.public_id, title="Чат с родителями")
    path = f"/im/chats/{chat.public_id}"
    assert page.evaluate(SHOWN, 1) == [
        {"title": "Чат с родителями", "body": "Новое сообщение", "tag": chat.public_id, "url": path}
    ]
    page.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
        ".forEach((one) => one.close())"
    )
    assert page.evaluate(SHOWN, 0) == []
    page.goto(path)
    page.bring_to_front()
    worker.push(chat=chat.public_id, title="Чат с родителями")
    worker.push(chat="another-chat", title="Физика")
    assert [one["title"] for one in page.evaluate(SHOWN, 1)] == ["Физика"]

    # A call says so.
    worker.push(chat="between-two", title="Борис Смирнов", call=True)
    told = [(one["title"], one["body"]) for one in page.evaluate(SHOWN, 2)]
    assert ("Борис Смирнов", "Вам звонят") in told

    # A click takes the open messenger to that chat. Only a person's click may bring a window to
    # the front, so that alone is taken for granted here.
    page.goto("/im/notifications")
    worker.push(chat=chat.public_id, title="Чат с родителями")
    page.evaluate(SHOWN, 3)
    [script] = page.context.service_workers
    with page.expect_navigation(url=f"**{path}"):
        script.evaluate(CLICK, chat.public_id)
    expect(page.get_by_label("Сообщение", exact=True)).to_be_visible()
    assert len(page.evaluate(SHOWN, 2)) == 2, "what is clicked is shown no more"

    # The server is away: a page that says so, with its looks, and the way back.
    page.get_by_label("Сообщение", exact=True).fill("Черновик")
    school.server.stop()
    page.goto(path)
    expect(page.get_by_role("heading", name="Нет сети")).to_be_visible()
    expect(page.get_by_text("Ничего не потеряно")).to_be_visible()
    looks_right(page)
    assert "Golos" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].some(f => f.status === 'loaded'))"
    )
    school.server.start()
    page.get_by_role("link", name="Попробовать ещё раз").click()
    expect(page.locator(".chat-row", has_text="Черновик")).to_be_visible()
    # Nothing of anybody's is kept in the browser's cache: only the offline page and its looks.
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
             (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"""
    )
    assert kept
    assert not [path for path in kept if not path.startswith(("/offline", "/static/"))]

"""Permalinks, pages of history on both sides, searching from the pages."""

import pytest

from app.core import pace
from app.core.errors import TooMany
from tests.messenger.counting import counted

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(world, anna, boris):
    chat = world.chat("Чат с родителями", anna, boris)
    for number in range(1, 101):
        world.says(anna, chat, f"слово {number}", f"message-{number}")
    return chat


@pytest.fixture
def browser_of(app, world):
    return lambda profile: world.signed_in(app.test_client(), profile)


def ids(html):
    return [int(part.split('"')[0]) for part in html.split('id="m-message-')[1:]]


def test_a_permalink_opens_the_chat_around_the_message(browser_of, anna, chat):
    page = browser_of(anna).get(f"/im/chats/{chat.public_id}/m/message-50").text
    assert ids(page) == list(range(30, 70))
    assert 'data-target="m-message-50"' in page
    assert 'data-is-newest="no"' in page


def test_near_the_end_the_page_goes_on_to_the_newest(browser_of, anna, chat):
    page = browser_of(anna).get(f"/im/chats/{chat.public_id}/m/message-95").text
    assert ids(page) == list(range(75, 101))
    assert 'data-is-newest="yes"' in page


@pytest.mark.parametrize("client_id", ["unknown-id", "message-100", "%00", "m" * 300])
def test_an_unknown_or_unreadable_message_is_said_well(world, browser_of, boris, client_id):
    anna = world.profile("Анна Иванова")
    chat = world.chat("Физика", anna, boris)
    world.says(anna, chat, "при Борисе", "message-1")
    world.leave(boris, chat)
    world.says(anna, chat, "тайна", "message-100")
    answer = browser_of(boris).get(f"/im/chats/{chat.public_id}/m/{client_id}")
    assert answer.status_code == 404
    assert "Сообщение не найдено" in answer.text
    assert "Открыть чат" in answer.text
    assert "тайна" not in answer.text


def test_a_strangers_permalink_names_no_chat(world, browser_of, chat):
    stranger = browser_of(world.profile("Чужой Человек"))
    for part in ("m/message-1", "after?seq=1", "search?q=слово"):
        answer = stranger.get(f"/im/chats/{chat.public_id}/{part}")
        assert answer.status_code == 404
        assert "родителями" not in answer.text


def test_many_unread_open_at_the_first_of_them(world, browser_of, boris, chat):
    page = browser_of(boris).get(f"/im/chats/{chat.public_id}").text
    assert ids(page) == list(range(1, 21))
    assert page.index("data-unread-line") < page.index('id="m-message-1"')
    newest = browser_of(boris).get(f"/im/chats/{chat.public_id}?newest=1").text
    assert ids(newest) == list(range(61, 101))


def test_pages_go_on_after_a_message(browser_of, anna, chat):
    web, url = browser_of(anna), f"/im/chats/{chat.public_id}/after"
    first = web.get(f"{url}?seq=30")
    assert (ids(first.text), first.headers["Svyazka-More"]) == (list(range(31, 71)), "yes")
    assert web.get(f"{url}?seq=60").headers["Svyazka-More"] == "no"
    assert web.get(f"{url}?seq=100").text == ""


def test_the_list_shows_what_was_found_in_three_groups(world, browser_of, anna, chat):
    world.join(world.profile("Слово Чуднов"), chat)
    world.chat("Слово дня", anna)
    page = browser_of(anna).get("/im/rows?q=слово", headers=HTMX).text
    assert page.index("Слово дня") < page.index("Чуднов Слово") < page.index("<mark>слово</mark>")
    assert f"/im/chats/{chat.public_id}/m/message-100" in page
    assert page.count('class="found"') == 21  # a person and twenty messages
    more = browser_of(anna).get("/im/found?q=слово&skip=20").text
    assert more.count('class="found"') == 20
    assert "/m/message-80" in more
    assert "skip=40" in more


def test_a_search_escapes_what_people_wrote_and_typed(world, browser_of, anna, chat):
    world.says(anna, chat, "<img src=x onerror=alert(1)> <b>жирно</b>")
    page = browser_of(anna).get("/im/?q=<script>жирно").text
    assert "<script>жирно" not in page
    page = browser_of(anna).get("/im/?q=жирно").text
    assert "&lt;b&gt;<mark>жирно</mark>&lt;/b&gt;" in page
    assert "<img src=x" not in page


def test_one_chat_is_searched_beside_it(world, browser_of, anna, chat):
    world.says(anna, world.chat("Другой", anna), "слово 50")
    web, url = browser_of(anna), f"/im/chats/{chat.public_id}/search?q=слово 50"
    assert web.get(url, headers=HTMX).text.count('class="found"') == 1
    assert "Поиск в чате" in web.get(url).text


def test_a_search_costs_seven_queries(browser_of, anna, chat):
    web = browser_of(anna)
    with counted() as queries:
        web.get("/im/rows?q=слово", headers=HTMX)
    # The session; chats; role; sound; devices; messages; people.
    assert len(queries) == 7


def test_who_searches_too_fast_waits(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    searches = pace.Pace(burst=3, per_second=1)
    for _ in range(3):
        searches.keep("anna")
    with pytest.raises(TooMany) as refused:
        searches.keep("anna")
    assert refused.value.retry_after == 2
    searches.keep("boris")
    now[0] = 1.1
    searches.keep("anna")
    with pytest.raises(TooMany):
        searches.keep("anna")


def test_the_keys_are_a_page_and_a_dialog(browser_of, anna):
    web = browser_of(anna)
    assert "открыть соседний чат" in web.get("/im/keys").text
    assert "<html" not in web.get("/im/keys", headers=HTMX).text

"""Strings that break things, in every field of the chat and of the search: kept, found, harmless."""

import html
import re

import pytest

from app.core.pace import Pace
from app.messenger.messages.text import clean_text
from app.messenger.routes import frame

HTMX = {"HX-Request": "true"}
NAUGHTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</textarea></div><h1>",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    "' OR 1=1; DROP TABLE messages; --",
    '" NEAR/2 * ^ : - ( ) AND OR NOT',
    "'; SELECT pg_sleep(5); --",
    "%s %d %n %x {0} \\0 \\x00 \\u0000",
    "a\x00b\x07c\x1bd",
    "\ud800 одинокий суррогат",
    "\u202eтекст наоборот\u202c",
    "z̸̧̢̛͎̭͙͎͔̪a̵l̶g̷o̸",
    "é é ё ё й й",
    "👨‍👩‍👧‍👦🏳️‍🌈" * 40,
    "﷽ العربية עברית",
    "\u200b\u200d\ufeffневидимое",
    "\u00a0\u3000неразрывные",
    "Ѐ Ҕ Ҙ ң ү һ әӘ өӨ (татарский, башкирский)",
    "NULL null undefined NaN true None",
    "１２３ ²³ ½ Ⅷ ٣",
    "../../etc/passwd C:\\Windows\\System32",
    "http://[::1]:80/ https://xn--80ak6aa92e.com/ https://",
    "=1+1 @SUM(A1) +7 -1",
    "строка\r\nSet-Cookie: a=b",
    "а" * 4096,
    "слово " * 600,
    "\t\n \n\t.\n",
    "&lt;b&gt; &amp;amp; &#x27;",
    "«ёлочки» „лапки“ — … № §",
    "ＦＵＬＬ　ＷＩＤＴＨ",
    "İ ı ß ﬁ Ǆ",
]


@pytest.fixture
def anna(world):
    return world.profile("Анна Иванова")


@pytest.fixture
def web(app, world, anna, monkeypatch):
    monkeypatch.setattr(frame, "SEARCHES", Pace(burst=10_000, per_second=1))
    return world.signed_in(app.test_client(), anna)


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_a_naughty_text_is_shown_as_it_is_and_found(world, web, anna, text):
    chat = world.chat("Чат с родителями", anna)
    url = f"/im/chats/{chat.public_id}"
    sendable = text.encode("utf-8", "replace").decode()
    sent = web.post(f"{url}/messages", data={"text": sendable}, headers=HTMX)
    assert sent.status_code == 200
    for page in (web.get(url).text, web.get("/im/").text, web.get(f"{url}/since?seq=0").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    shown = re.search(r'class="message-text" dir="auto">(.*?)</div>', web.get(url).text, re.S)
    assert html.unescape(re.sub(r"<[^>]+>", "", shown[1])) == clean_text(sendable)
    found = web.get("/im/rows", query_string={"q": sendable[:300]}, headers=HTMX)
    assert found.status_code == 200
    assert "<script>alert" not in found.text


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_a_naughty_string_in_an_address_or_a_choice_breaks_nothing(world, web, anna, text):
    chat = world.chat("Чат с родителями", anna)
    url, value = f"/im/chats/{chat.public_id}", text.encode("utf-8", "replace").decode()
    for answer in (
        web.get(f"{url}/search", query_string={"q": value}),
        web.get("/im/found", query_string={"q": value, "skip": value}),
        web.get(f"{url}/after", query_string={"seq": value}),
        web.get(url, query_string={"before": value}),
        web.post(f"{url}/place", data={"how": value}),
        web.post(f"{url}/messages", data={"text": "раз", "client_id": value}),
    ):
        assert answer.status_code in (200, 303, 404, 422), answer.status
        assert "<script>alert" not in answer.text

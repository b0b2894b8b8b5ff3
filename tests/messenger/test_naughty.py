"""Strings that break things, in every field of the chat and of the search: kept, found, harmless."""

import html
import io
import re
import sys
import unicodedata

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.pace import Pace
from app.core.transaction import writing
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.messages.text import CONTROL, clean_text
from app.messenger.routes import frame
from tests.core import samples

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


def test_control_characters_of_unicode_and_no_others_are_taken_out():
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    controls = {char for char in every if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}
    assert set(CONTROL.findall(every)) == controls
    assert clean_text("а\x00\r\nб\x9f\ud800\tв") == "а\nб в"


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


BAD = ("<script>alert", "<img src=x", "</textarea></div><h1>", "Set-Cookie: a=b\r")


def is_harmless(answer):
    assert answer.status_code < 500, answer.request.path
    assert answer.headers.get("Set-Cookie", "") != "a=b"
    for words in BAD:
        assert words not in answer.text, (answer.request.path, words)
    return answer


WORST = (0, 1, 9, 10, 25)  # markup, control characters, half a character, too long


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=() if number in WORST else pytest.mark.slow)
        for number in range(len(NAUGHTY))
    ],
)
def test_a_naughty_string_in_every_field_is_only_a_string(world, web, anna, number):
    value = NAUGHTY[number].encode("utf-8", "replace").decode()
    world.confirmed(anna, "teacher")
    boris = world.profile("Борис Петров")
    world.confirmed(boris, "teacher")
    with writing():  # a name may have come from a roster or from another provider
        boris.family_name = boris.vk_id.family_name = value.replace("\x00", "")[:100]

    # A chat by hand: its name, description, photo's name, link; people found by the string.
    made = {
        "title": value,
        "draft": "draft-naughty-1",
        "preset": "closed",
        "people": value,
        "q": value,
    }
    answer = is_harmless(web.post("/im/new", data=made | {"people": []}))
    is_harmless(web.post("/im/new", data=made | {"do": "find"}))
    is_harmless(web.post("/im/new", data=made))
    is_harmless(web.get("/im/people", query_string={"q": value}))
    is_harmless(web.get("/im/direct", query_string={"q": value}))
    is_harmless(web.post("/im/direct", data={"who": value, "person": value}))
    chat = db.session.scalar(select(Chat).where(Chat.kind == ChatKind.MANUAL))
    assert (chat is None) is (answer.status_code == 422), (
        "an empty name, or one too long, is said so"
    )
    if chat is None:
        chat = world.chat("Стенгазета", kind=ChatKind.MANUAL)
        world.join(anna, chat, role=MemberRole.CREATOR)
    world.join(boris, chat)
    url = f"/im/chats/{chat.public_id}"
    info = {"title": value, "description": value, "photo": (io.BytesIO(samples.photo()), value)}
    is_harmless(web.post(f"{url}/settings/info", data=info))
    is_harmless(web.post(f"{url}/settings/appearance", data={"theme": value}))
    is_harmless(web.post(f"{url}/settings/rights", data={"pin": value, "preset": value}))
    terms = {"role": value, "lifetime": value, "uses": value}
    is_harmless(web.post(f"{url}/invite", data=terms))
    is_harmless(web.post(f"{url}/invite"))

    # A poll; a file's name and its caption; whom one forwards to; a member; a reaction.
    poll = {"question": value, "answer": [value, f"{value}!", "да"], "closes": value}
    is_harmless(web.post(f"{url}/polls", data=poll))
    is_harmless(web.post(f"{url}/polls", data=poll | {"closes": "", "client_id": "poll-naughty"}))
    sent = is_harmless(
        web.post(
            f"{url}/files",
            query_string={"name": value, "peaks": value},
            data=samples.PDF,
            headers=HTMX,
        )
    )
    caption = {
        "text": value,
        "client_id": "caption-1",
        "attachments": (sent.json or {}).get("id", ""),
    }
    is_harmless(web.post(f"{url}/messages", data=caption, headers=HTMX))
    world.says(boris, chat, "привет", "by-boris-1")
    message = f"{url}/messages/by-boris-1"
    is_harmless(web.post(f"{message}/forward", data={"chat": value, "to": value}))
    is_harmless(web.get(f"{message}/forward", query_string={"q": value}))
    is_harmless(web.post(f"{message}/reactions", data={"emoji": value}, headers=HTMX))
    is_harmless(web.post(f"{url}/members/{boris.public_id}", data={"deed": value}))
    is_harmless(web.post("/im/notifications", data={"quiet_from": value, "quiet_until": value}))

    for page in (
        "/im/", url, f"{url}/members", f"{url}/members?who=а", f"{url}/settings", f"{url}/invite",
        f"{url}/invite/print", f"{url}/polls/poll-naughty", f"{url}/mentions", f"{url}/heading",
        f"{url}/since?seq=0", f"/im/rows/{chat.public_id}", f"{message}/readers", "/im/new", "/im/rows",
        f"{url}/members/{boris.public_id}", f"{url}/search?q=а", "/im/notifications", "/im/safety",
    ):  # fmt: skip
        is_harmless(web.get(page))

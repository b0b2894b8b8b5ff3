"""History: pages of messages, what the reader may see, fragments and days."""

import datetime as dt

import pytest
from flask import g
from flask_babel import force_locale

from app.core import clock
from app.core.db import db
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.reading import mark_read
from app.messenger.messages import history
from app.messenger.messages.rendering import linked, render_message
from app.messenger.messages.timeline import Day, UnreadLine, short_moment, timeline
from tests.messenger.counting import counted

NOON = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def anna(world):
    return world.profile("Анна Иванова Петровна")


@pytest.fixture
def chat(world, anna):
    return world.chat("Чат с родителями", anna)


def own(profile, chat):
    return chats_of(profile.id).get(chat.public_id)


def numbers(messages):
    return [message.seq for message in messages]


def test_pages_follow_each_other_without_gaps(world, anna, chat):
    for number in range(1, 8):
        world.says(anna, chat, f"{number}")
    seen = own(anna, chat)
    assert numbers(history.latest(seen, 3)) == [5, 6, 7]
    assert numbers(history.before(seen, 5, 3)) == [2, 3, 4]
    assert numbers(history.before(seen, 2, 3)) == [1]
    assert numbers(history.before(seen, 1, 3)) == []
    assert numbers(history.since(seen, 0, 3)) == [1, 2, 3]
    assert numbers(history.since(seen, 7, 3)) == []


def test_an_ex_member_reads_what_was_said_before_leaving(world, anna, chat):
    boris = world.profile("Борис Петров")
    world.join(boris, chat)
    world.says(anna, chat, "при Борисе")
    world.leave(boris, chat)
    world.says(anna, chat, "без Бориса")
    seen = own(boris, chat)
    assert numbers(history.latest(seen)) == [1]
    assert numbers(history.since(seen, 0)) == [1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("привет", 1),  # the messages
        ("@Анна Иванова, привет", 2),  # whom they call
    ],
)
def test_a_page_of_history_is_one_query_or_two(world, anna, chat, text, count):
    for _ in range(5):
        world.says(anna, chat, text)
    seen = own(anna, chat)
    for read in (history.latest, lambda c: history.before(c, 4), lambda c: history.since(c, 1)):
        with counted() as queries:
            read(seen)
        assert len(queries) == count


def test_staff_are_marked_and_parents_are_not(world, anna, chat):
    parent = world.profile("Пётр Сидоров")
    world.join(parent, chat)
    world.confirmed(anna, "administrator")
    world.confirmed(anna, "teacher")
    world.confirmed(parent, "guardian")
    world.says(anna, chat, "учу")
    world.says(parent, chat, "родитель")
    taught, asked = history.latest(own(anna, chat))
    assert (taught.author_role, asked.author_role) == ("teacher", "")
    assert "преподаватель" in render_message(taught)
    with force_locale("en"):
        assert "Анна Петровна Иванова" in render_message(taught)


def test_a_fragment_knows_no_viewer(app, world, anna, chat):
    world.says(anna, chat, "привет")
    [message] = history.latest(own(anna, chat))
    alone = render_message(message, "ru")
    render_message.__globals__["_fragment"].cache_clear()

    class Poison:
        def __getattr__(self, name):
            raise AssertionError(f"a fragment asked who is looking: {name}")

    with app.test_request_context("/im/"):
        g.messenger_me = g._login_user = Poison()
        app.jinja_env.globals["current_user"] = Poison()
        assert render_message(message, "ru") == alone


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b> & y", "&lt;b&gt;x&lt;/b&gt; &amp; y"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("a\nb", "a\nb"),
    ],
)
def test_text_is_escaped(text, html):
    assert linked(text) == html


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("см. https://school.ru/a?b=1&c=2.", "https://school.ru/a?b=1&amp;c=2", "."),
        ("(http://x.ru)", "http://x.ru", ")"),
        ("https://ru.wikipedia.org/wiki/А_(б)", "https://ru.wikipedia.org/wiki/А_(б)", ""),
        ('https://x.ru/"onmouseover=alert(1)', "https://x.ru/", "&#34;onmouseover=alert(1)"),
        ("https://x.ru/<script>", "https://x.ru/", "&lt;script&gt;"),
        ("https://x.ru/\u202egpj.exe", "https://x.ru/", "\u202egpj.exe"),
    ],
)
def test_addresses_become_safe_links(text, address, rest):
    html = linked(text)
    assert f'href="{address}"' in html
    assert 'rel="noopener nofollow"' in html
    assert html.endswith(f"</a>{rest}")


def test_a_lone_scheme_is_no_link():
    assert linked("https://") == "https://"


def test_days_have_headers_and_the_first_unread_a_line(world, anna, chat):
    boris = world.profile("Борис Петров")
    with clock.frozen(NOON - dt.timedelta(days=80)):
        world.says(anna, chat, "давно")
    world.join(boris, chat)  # what was said before is not unread
    with clock.frozen(NOON - dt.timedelta(days=1)):
        world.says(anna, chat, "вчера")
    with clock.frozen(NOON):
        world.says(anna, chat, "сегодня")
        seen = own(boris, chat)
        items = list(timeline(history.latest(seen), seen, boris.public_id))
    names = [item.name for item in items if isinstance(item, Day)]
    assert names == ["5 сентября", "Вчера", "Сегодня"]
    assert isinstance(items[3], UnreadLine)


def test_reading_lowers_the_unread_count_and_never_goes_back(world, anna, chat):
    boris = world.profile("Борис Петров")
    world.join(boris, chat)
    for text in ("раз", "два", "три"):
        world.says(anna, chat, text)
    mark_read(boris.id, chat.public_id, 2)
    assert (own(boris, chat).unread, own(boris, chat).read_seq) == (1, 2)
    mark_read(boris.id, chat.public_id, 1)
    assert (own(boris, chat).unread, own(boris, chat).read_seq) == (1, 2)
    mark_read(boris.id, chat.public_id, 999)
    assert (own(boris, chat).unread, own(boris, chat).read_seq) == (0, 3)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (dt.timedelta(minutes=5), "11:55"),
        (dt.timedelta(days=1), "Вчера"),
        (dt.timedelta(days=3), "сб"),
        (dt.timedelta(days=80), "5 сент."),
        (dt.timedelta(days=400), "20.10.2025"),
    ],
)
def test_moments_are_short(app, before, words):
    with clock.frozen(NOON):
        assert short_moment(NOON - before) == words
    db.session.rollback()

"""Pages of the messenger: who opens what, what stands on them, how many queries they cost."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.messenger.chats.models import Member
from app.messenger.messages.models import Message
from tests.messenger.counting import counted

HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(world):
    return world.profile("Анна Иванова Петровна")


@pytest.fixture
def chat(world, anna, boris):
    chat = world.chat("Чат с родителями", anna, boris, label="7А")
    world.says(anna, chat, "Собрание в 18:00")
    return chat


@pytest.fixture
def browser_of(app, world):
    return lambda profile: world.signed_in(app.test_client(), profile)


URLS = [
    ("GET", "/im/chats/{id}", {}),
    ("GET", "/im/chats/{id}/members", {}),
    ("GET", "/im/chats/{id}/before?seq=9", {}),
    ("GET", "/im/chats/{id}/since?seq=0", {}),
    ("GET", "/im/rows/{id}", {}),
    ("POST", "/im/chats/{id}/messages", {"text": "привет"}),
    ("POST", "/im/chats/{id}/read", {"seq": "1"}),
]
# What an ex-member may still do: read what was said before.
LEFT = [200, 403, 200, 200, 200, 403, 403]


def ask(web, method, url, chat, form, **kwargs):
    return web.open(url.format(id=chat.public_id), method=method, data=form, **kwargs)


@pytest.mark.parametrize(("method", "url", "form"), URLS)
def test_nobody_is_sent_to_sign_in(app, chat, method, url, form):
    answer = ask(app.test_client(), method, url, chat, form)
    assert answer.status_code == 303
    assert answer.location.startswith("/id/sign-in?next=/im/")


@pytest.mark.parametrize(("method", "url", "form"), URLS)
def test_a_script_without_a_session_is_told_where_to_sign_in(app, chat, method, url, form):
    answer = ask(app.test_client(), method, url, chat, form, headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/id/ended?next=/im/")


@pytest.mark.parametrize(("method", "url", "form"), URLS)
def test_a_stranger_finds_nothing(world, browser_of, chat, method, url, form):
    stranger = browser_of(world.profile("Чужой Человек"))
    answer = ask(stranger, method, url, chat, form)
    assert answer.status_code == 404
    assert "Собрание" not in answer.text
    assert "родителями" not in answer.text


@pytest.mark.parametrize(
    ("method", "url", "form", "status"),
    [(*entrance, status) for entrance, status in zip(URLS, LEFT, strict=True)],
)
def test_an_ex_member_only_reads(world, browser_of, anna, boris, chat, method, url, form, status):
    world.leave(boris, chat)
    world.says(anna, chat, "Тайна после ухода")
    answer = ask(browser_of(boris), method, url, chat, form)
    assert answer.status_code == status
    assert "Тайна" not in answer.text


@pytest.mark.parametrize(("method", "url", "form"), URLS)
def test_a_member_gets_in(browser_of, anna, chat, method, url, form):
    answer = ask(browser_of(anna), method, url, chat, form)
    assert answer.status_code == (303 if method == "POST" else 200)


def test_an_ended_session_opens_nothing(app, world, browser_of, anna, chat):
    from app.identity import sessions

    web = browser_of(anna)
    sessions.end_session(web.get_cookie(sessions.COOKIE).value)
    assert web.get(f"/im/chats/{chat.public_id}").status_code == 303


def test_the_list_shows_the_right_chats_newest_first(world, browser_of, anna, boris, chat):
    world.chat("Чужой чат", world.profile("Пётр Сидоров"))
    teachers = world.chat("Чат с преподавателями", anna, label="7А")
    world.says(anna, teachers, "Педсовет завтра")
    page = browser_of(anna).get("/im/").text
    assert page.index("Чат с преподавателями") < page.index("Чат с родителями")
    assert "Педсовет завтра" in page
    assert "Чужой чат" not in page
    assert "· 7А" not in page


def test_a_label_is_shown_to_those_who_need_it(world, browser_of, anna, chat):
    world.join(world.profile("Пётр Сидоров"), chat)
    guest = world.profile("Олег Орлов")
    world.join(guest, chat, shows_label=True)
    assert " · 7А" in browser_of(guest).get("/im/").text


def test_unread_counts_and_the_left_state_stand_in_the_list(world, browser_of, anna, boris, chat):
    web = browser_of(boris)
    assert 'data-unread="1"' in web.get("/im/").text
    world.leave(boris, chat)
    page = web.get("/im/").text
    assert "Вы больше не участник" in page
    assert 'data-unread="0"' in page


def test_the_search_ignores_case_and_yo(world, browser_of, anna, chat):
    world.chat("Учёба 7А", anna)
    web = browser_of(anna)
    assert "Учёба" in web.get("/im/?q=УЧЕБА").text
    found = web.get("/im/rows?q=учеб", headers=HTMX).text
    assert "Учёба" in found
    assert "родителями" not in found
    assert "Ничего не нашлось" in web.get("/im/rows?q=химия", headers=HTMX).text


def test_an_empty_list_says_how_chats_appear(world, browser_of):
    page = browser_of(world.profile("Новый Человек")).get("/im/").text
    assert "Чатов пока нет" in page
    assert "Раз — и вы в нужных чатах" in page
    assert 'href="/connect"' in page


def test_the_banner_goes_when_a_school_confirms_the_role(world, browser_of, anna, chat):
    assert "Подключить дневник" in browser_of(anna).get("/im/").text
    world.confirmed(anna, "teacher")
    assert "Подключить дневник" not in browser_of(anna).get("/im/").text


def test_the_list_costs_six_queries(world, browser_of, anna, chat):
    for number in range(5):
        world.says(anna, world.chat(f"Чат {number}", anna), "раз")
    web = browser_of(anna)
    with counted() as queries:
        web.get("/im/")
    assert len(queries) == 6  # the session; the list; the role; new devices; the sound; answers


def test_a_chat_costs_thirteen_queries_and_its_pane_eight(world, browser_of, anna, chat):
    for number in range(50):
        world.says(anna, chat, f"{number}")
    web, url = browser_of(anna), f"/im/chats/{chat.public_id}"
    with counted() as queries:
        web.get(url)
    # The session; the chat; its messages and their reactions; how far others have read; who is
    # here; the call that goes on; what waits; the list; the role; new devices; the sound; answers.
    assert len(queries) == 13
    with counted() as queries:
        web.get(url, headers=HTMX)
    assert len(queries) == 8


def test_members_cost_three_queries(world, browser_of, anna, chat):
    web, url = browser_of(anna), f"/im/chats/{chat.public_id}/members"
    with counted() as queries:
        web.get(url, headers=HTMX)
    assert len(queries) == 3  # the session; the chat; its members


def test_members_are_named_with_their_confirmed_roles(world, browser_of, anna, boris, chat):
    world.confirmed(anna, "teacher")
    page = browser_of(boris).get(f"/im/chats/{chat.public_id}/members").text
    assert "2 участник" in page
    assert "преподаватель" in page
    assert "роль не подтверждена" in page


def test_a_plain_form_sends_and_comes_back(browser_of, boris, chat):
    web = browser_of(boris)
    url = f"/im/chats/{chat.public_id}"
    assert web.post(f"{url}/messages", data={"text": "Приду"}).location == url
    assert "Приду" in web.get(url).text


def test_a_script_gets_the_same_fragment_by_answer_and_by_catch_up(browser_of, boris, chat):
    web = browser_of(boris)
    url = f"/im/chats/{chat.public_id}"
    form = {"text": "Приду", "client_id": "11111111-aaaa"}
    answer = web.post(f"{url}/messages", data=form, headers=HTMX).text
    assert 'id="m-11111111-aaaa"' in answer
    assert 'data-seq="2"' in answer
    assert web.post(f"{url}/messages", data=form, headers=HTMX).text == answer
    assert web.get(f"{url}/since?seq=1").text == answer
    assert answer in web.get(url).text


def test_a_refused_text_is_kept(browser_of, boris, chat):
    long = "я" * 4097
    answer = browser_of(boris).post(f"/im/chats/{chat.public_id}/messages", data={"text": long})
    assert answer.status_code == 422
    assert long in answer.text
    assert "не больше 4096 знаков" in answer.text


@pytest.mark.parametrize("seq", ["", "-1", "x", "1e9", "９", "1" * 21, "9" * 20])
def test_strange_numbers_break_nothing(browser_of, boris, chat, seq):
    web = browser_of(boris)
    url = f"/im/chats/{chat.public_id}"
    for answer in (web.get(f"{url}/since?seq={seq}"), web.post(f"{url}/read", data={"seq": seq})):
        assert answer.status_code in (200, 303, 422)


def test_more_is_announced_until_the_end(world, browser_of, anna, boris, chat):
    for number in range(120):
        world.says(anna, chat, f"{number}")
    web = browser_of(boris)
    url = f"/im/chats/{chat.public_id}"
    first = web.get(f"{url}/since?seq=1")
    assert (first.headers["Svyazka-More"], first.text.count("<article")) == ("yes", 100)
    assert web.get(f"{url}/since?seq=101").headers["Svyazka-More"] == "no"
    assert web.get(f"{url}/before?seq=121").headers["Svyazka-More"] == "yes"
    assert web.get(f"{url}/before?seq=5").headers["Svyazka-More"] == "no"


def test_reading_marks_the_chat_read(browser_of, boris, chat):
    web = browser_of(boris)
    web.post(f"/im/chats/{chat.public_id}/read", data={"seq": "1"})
    assert db.session.scalar(select(Member.unread).filter_by(profile_id=boris.id)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "{{ 7*7 }}",
        "'; DROP TABLE messages;--",
        "\u202eевил",
        "👨‍👩‍👧" * 100,
    ],
)
def test_naughty_texts_are_shown_as_text(world, browser_of, anna, chat, text):
    world.says(anna, chat, text)
    page = browser_of(anna).get(f"/im/chats/{chat.public_id}").text
    assert "<img src=x" not in page
    assert db.session.scalar(select(Message.text).order_by(Message.id.desc())) == text


def test_messages_need_a_csrf_token(app, browser_of, anna, chat):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = browser_of(anna).post(f"/im/chats/{chat.public_id}/messages", data={"text": "x"})
    assert answer.status_code == 400

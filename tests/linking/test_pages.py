"""The pages of linking by what a person sees; strangers are sent to sign in."""

from urllib.parse import urlencode

import pytest

from app.core.db import db
from app.linking.consequences import KEY, Consequences
from app.linking.links import Link, active_link
from app.linking.refusals import WORDS, Refusal
from tests.linking.conftest import PASSWORD
from tests.linking.fake_provider import ISSUER

PAGES = ["/link/start", "/link/callback", "/link/done", "/link/messenger", "/link/unlink"]


def back(web, params):
    return web.get(f"/link/callback?{urlencode(params)}")


def start(web):
    return web.get("/link/start").location


@pytest.fixture
def linked(web, anna, provider, told):
    web.sign_in(anna)
    back(web, provider.approve(start(web), name="Анна Петровна Иванова"))
    told.clear()
    return web


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_is_sent_to_sign_in_and_back(web, url):
    answer = web.get(url)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("url", ["/link/unlink", "/link/restore"])
def test_a_stranger_cannot_post(web, anna, url):
    assert web.post(url, password=PASSWORD).location.startswith("/sign-in")


def test_the_menu_leads_to_the_provider_at_once(web, anna, provider):
    answer = web.sign_in(anna).get("/link/start")
    assert answer.status_code == 302
    assert answer.location.startswith(f"{ISSUER}/authorize?response_type=code")


def test_the_host_header_does_not_choose_where_codes_go(web, anna, provider):
    answer = web.sign_in(anna).get("/link/start", headers={"Host": "evil.test"})
    assert "evil.test" not in answer.location


def test_the_callback_ends_on_done(web, anna, provider, told):
    web.sign_in(anna)
    answer = back(web, provider.approve(start(web), name="Анна Петровна Иванова"))
    assert (answer.status_code, answer.location) == (302, "/link/done")
    page = web.get("/link/done").text
    assert "Готово!" in page
    assert "Вы связали учётную запись электронного журнала с учебным профилем Сферум." in page
    assert "Классному руководителю сразу доступны три чата" in page
    assert "Анна Петровна Иванова" in page
    assert "Перейти в Сферум" in page
    assert "К чатам" in page


def test_only_a_class_teacher_reads_of_three_chats(web, boris, provider, told):
    web.sign_in(boris)
    back(web, provider.approve(start(web), "boris"))
    page = web.get("/link/done").text
    assert "Готово!" in page
    assert "Классному руководителю" not in page


def test_someone_linked_starts_at_done(linked):
    assert start(linked) == "/link/done"


def test_reloading_the_callback_is_no_error(web, anna, provider, told):
    web.sign_in(anna)
    params = provider.approve(start(web))
    assert back(web, params).location == back(web, params).location == "/link/done"


def test_the_messenger_opens_as_the_linked_profile(linked):
    location = linked.get("/link/messenger").location
    assert location.startswith("/id/sign-in?")
    assert "profile=anna" in location
    assert "next=/im/" in location


def test_the_messenger_of_someone_unlinked_is_the_start_of_linking(web, anna):
    assert web.sign_in(anna).get("/link/messenger").location == "/link/start"


def test_done_without_a_link_says_how_to_make_one(web, anna):
    page = web.sign_in(anna).get("/link/done")
    assert page.status_code == 200
    assert "Учебный профиль не привязан" in page.text
    assert 'href="/link/start"' in page.text


# -- refusals -----------------------------------------------------------------------------------
def test_cancelling_is_calm_and_leads_on(web, anna, provider):
    web.sign_in(anna)
    page = back(web, provider.cancel(start(web)))
    assert page.status_code == 200
    assert "Привязка отменена" in page.text
    assert 'href="/link/start"' in page.text
    assert 'href="/chats"' in page.text


def test_a_taken_profile_is_refused_in_words(web, anna, boris, provider, told):
    web.sign_in(anna)
    back(web, provider.approve(start(web), "anna"))
    web.sign_in(boris)
    page = back(web, provider.approve(start(web), "anna"))
    assert page.status_code == 409
    assert "Этот профиль уже связан с другим человеком вашей школы" in page.text
    assert "Иванова" not in page.text, "whose it is stays untold"


def test_an_account_with_another_profile_is_led_to_unlinking(web, anna, provider, told):
    web.sign_in(anna)
    first, second = start(web), start(web)
    back(web, provider.approve(first, "one"))
    page = back(web, provider.approve(second, "two"))
    assert page.status_code == 409
    assert 'href="/link/unlink"' in page.text


def test_another_account_of_the_same_browser_cannot_finish(web, anna, boris, provider):
    params = provider.approve(start(web.sign_in(anna)))
    page = back(web.sign_in(boris), params)
    assert page.status_code == 409
    assert str(WORDS[Refusal.OTHER_ACCOUNT].title) in page.text
    assert db.session.query(Link).count() == 0


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"state": "<script>alert(1)</script>", "code": "x"},
        {"state": "x" * 129, "code": "x"},
        {"state": "a\x00b", "code": "x"},
        {"state": "a", "code": "x", "error": "access_denied"},
        [("state", "a"), ("state", "b"), ("code", "x")],
        {"error": "<b>access_denied</b>", "error_description": "<script>alert(1)</script>"},
    ],
    ids=range(7),
)
def test_garbage_in_the_address_is_refused_and_never_shown(web, anna, provider, params):
    page = back(web.sign_in(anna), params)
    assert page.status_code == 409
    assert str(WORDS[Refusal.UNKNOWN].title) in page.text
    assert "alert(1)" not in page.text


def test_a_provider_that_is_down_keeps_the_journal_usable(web, anna, provider, told):
    provider.down.add("discovery")
    page = web.sign_in(anna).get("/link/start")
    assert page.status_code == 503
    assert "Сервис входа в Сферум сейчас не отвечает" in page.text
    assert web.get("/").status_code == 200
    provider.down.clear()
    assert back(web, provider.approve(start(web))).location == "/link/done"


@pytest.mark.parametrize("step", ["token", "jwks", "userinfo"])
def test_a_provider_that_dies_halfway_is_told_in_words(web, anna, provider, step):
    params = provider.approve(start(web.sign_in(anna)))
    provider.down.add(step)
    page = back(web, params)
    assert page.status_code == 503
    assert "Ничего не изменилось" in page.text
    assert db.session.query(Link).count() == 0


# -- unlinking ----------------------------------------------------------------------------------
def test_before_unlinking_the_page_shows_what_will_happen(app, linked):
    app.extensions[KEY] = lambda _: Consequences(("Чат с родителями", "Чат с преподавателями"))
    page = linked.get("/link/unlink").text
    assert "Чат с родителями" in page
    assert "Чат с преподавателями" in page
    assert "То, что вы написали, останется" in page


def test_a_wrong_password_is_told_beside_the_field(linked, anna):
    page = linked.post("/link/unlink", password="не тот")
    assert page.status_code == 422
    assert "Неверный пароль" in page.text
    assert "не тот" not in page.text
    assert linked.post("/link/unlink", password="").status_code == 422
    assert active_link(anna.account.id)


def test_too_many_wrong_passwords_are_told_beside_the_field(linked, anna):
    for _ in range(5):
        linked.post("/link/unlink", password="не тот")
    page = linked.post("/link/unlink", password=PASSWORD)
    assert page.status_code == 429
    assert active_link(anna.account.id)


def test_unlinking_and_taking_it_back(linked, anna):
    answer = linked.post("/link/unlink", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/link/unlink")
    assert active_link(anna.account.id) is None
    page = linked.get("/link/unlink").text
    assert "Привязка отменена" in page
    assert "Вернуть привязку" in page
    answer = linked.post("/link/restore")
    assert (answer.status_code, answer.location) == (303, "/link/done")
    assert active_link(anna.account.id)


def test_nothing_to_restore_is_told(web, anna):
    assert web.sign_in(anna).post("/link/restore").status_code == 409


def test_csrf_is_asked_for(app, linked, anna):
    app.config["WTF_CSRF_ENABLED"] = True
    assert linked.post("/link/unlink", password=PASSWORD).status_code == 400
    assert linked.post("/link/restore").status_code == 400
    assert active_link(anna.account.id)

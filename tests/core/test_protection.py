"""What protects every page: headers, settings that refuse, logs that mask, errors that speak."""

import re

import pytest
from flask import request, url_for

from app import create_app
from app.core.config import Mode, Settings, UnsafeSettings
from app.core.logs import mask_phones
from app.core.names import clean_line, is_name
from tests.conftest import make_settings

GOOD = {
    "SVYAZKA_MODE": "production",
    "SVYAZKA_SECRET_KEY": "x" * 40,
    "SVYAZKA_BASE_URL": "https://school.example",
}


def test_the_policy_allows_nothing_inline_and_no_other_host(web):
    policy = web.get("/sign-in").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


def test_static_files_are_kept_for_a_year_under_their_version(web):
    page = web.get("/sign-in").text
    url = page.split('href="/static/css/kit.css')[1].split('"')[0]
    reply = web.get(f"/static/css/kit.css{url}")
    assert "immutable" in reply.headers["Cache-Control"]


def test_fonts_are_asked_for_by_the_address_that_the_page_preloads_and_the_worker_keeps(app, web):
    sheet = web.get("/static/css/base.css").text
    asked = re.findall(r'url\("\.\./(vendor/[^"?]+)([^"]*)"\)', sheet)
    assert len(asked) == 4
    for name, version in asked:
        with app.test_request_context():
            assert url_for("static", filename=name) == f"/static/{name}{version}", (
                "put it into base.css"
            )


def test_production_starts_with_safe_settings(tmp_path):
    assert Settings.from_env(GOOD | {"SVYAZKA_INSTANCE": str(tmp_path)}).mode is Mode.PRODUCTION


@pytest.mark.parametrize(
    "bad",
    [
        {"SVYAZKA_SECRET_KEY": ""},
        {"SVYAZKA_SECRET_KEY": "short"},
        {"SVYAZKA_BASE_URL": "http://school.example"},
        {"SVYAZKA_SMS_SENDER": "outbox"},
        {"SVYAZKA_DATABASE_URL": "sqlite://"},
    ],
)
def test_production_refuses_to_start_unsafe(tmp_path, bad):
    with pytest.raises(UnsafeSettings):
        Settings.from_env(GOOD | {"SVYAZKA_INSTANCE": str(tmp_path)} | bad)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("на +79161234567 ушло", "на +7…67 ушло"),
        ("8 (916) 123-45-67", "+8…67"),
        ("класс 7А, 2026-11-24", "класс 7А, 2026-11-24"),
    ],
)
def test_phones_are_masked_in_logs(text, masked):
    assert mask_phones(text) == masked


def test_a_missing_page_speaks_russian_or_english(web):
    assert "Страница не найдена" in web.get("/nowhere").text
    web.post("/language", value="en", next="/sign-in")
    assert 'lang="en"' in web.get("/nowhere").text


def test_a_part_is_answered_with_a_part(web):
    reply = web.get("/nowhere", headers={"HX-Request": "true"})
    assert "<html" not in reply.text
    assert reply.status_code == 404


def test_the_switches_lead_back_and_nowhere_else(web):
    assert web.post("/theme", value="dark", next="/sign-in").headers["Location"] == "/sign-in"
    assert 'data-theme="dark"' in web.get("/sign-in").text
    assert web.post("/theme", value="x", next="//evil.example").headers["Location"] == "/"


@pytest.mark.parametrize("name", ["Анна-Мария", "О'Коннор", "де ла Круз", "Ё", "Җамал"])
def test_real_names_are_names(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "<b>", "123", "a" * 101, "-", "имя@почта"])
def test_other_things_are_not(name):
    assert not is_name(name)


def test_a_line_loses_what_cannot_be_seen():
    assert clean_line("  Анна\u200b\u202e \n Мария\x00 ") == "Анна Мария"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (1, "", "127.0.0.1"),
    ],
)
def test_an_address_is_believed_from_configured_proxies_only(tmp_path, proxies, forwarded, seen):
    app = create_app(make_settings(tmp_path, trusted_proxies=proxies))
    app.add_url_rule("/where", view_func=lambda: request.remote_addr)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert app.test_client().get("/where", headers=headers).text == seen

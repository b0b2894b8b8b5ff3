"""Signing in at another provider: a second process, honest and hostile, and a stub of VK ID."""

import datetime as dt
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from app import create_app
from app.core import clock
from app.core.audit import AuditEntry
from app.core.config import Settings, SignInKind, UnsafeSettings
from app.core.db import db
from app.identity.profiles import Profile, VkId
from tests.browser import Web
from tests.conftest import make_settings
from tests.identity.second_provider import CLIENT, SECRET

NAMES = {"family_name": "Николаев", "given_name": "Николай", "patronymic": "Ильич"}


@contextmanager
def site_that_asks(kind, second, folder, new_database):
    options = {
        "SIGN_IN_ISSUER": second.url,
        "SIGN_IN_CLIENT_ID": CLIENT,
        "SIGN_IN_CLIENT_SECRET": SECRET,
        "SIGN_IN_NAME": "Школьный вход",
    }
    app = create_app(
        make_settings(
            folder,
            database_url=new_database(folder),
            sign_in=kind,
            sign_in_options=options,
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=[SignInKind.OIDC, SignInKind.VKID])
def either(request, second, tmp_path, new_database):
    """A site that asks an OpenID provider, and one that asks VK ID."""
    with site_that_asks(request.param, second, tmp_path, new_database) as app:
        yield app


@pytest.fixture
def oidc(second, tmp_path, new_database):
    with site_that_asks(SignInKind.OIDC, second, tmp_path, new_database) as app:
        yield app


@pytest.fixture
def vkid(second, tmp_path, new_database):
    with site_that_asks(SignInKind.VKID, second, tmp_path, new_database) as app:
        yield app


def leaves(web):
    """As far as the other provider's door."""
    assert web.get("/id/sign-in?next=/im/").headers["Location"] == "/id/elsewhere"
    page = web.get("/id/elsewhere")
    assert "Войти через Школьный вход" in page.text
    return web.get("/id/elsewhere/go").headers["Location"]


def comes_back(web, second):
    return web.get(second.visit(leaves(web)))


def makes_a_profile(web, second):
    assert comes_back(web, second).headers["Location"] == "/id/about"
    assert 'value="Николаев"' in web.get("/id/about").text
    web.post("/id/about", **NAMES)
    web.post("/id/create")
    return web.post("/id/profile", **NAMES)


def test_a_new_person_makes_a_profile_and_an_old_one_goes_straight_in(either, second):
    assert makes_a_profile(Web(either), second).headers["Location"] == "/im/"
    vk_id = db.session.scalars(select(VkId)).one()
    assert (vk_id.phone, vk_id.issuer) == (None, second.url)
    again = comes_back(Web(either), second)
    assert again.headers["Location"] == "/im/"
    assert len(db.session.scalars(select(Profile)).all()) == 1


def test_the_address_carries_pkce_and_a_state_and_asks_for_a_password(either, second):
    query = dict(parse_qsl(urlsplit(leaves(Web(either))).query))
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert query["prompt"] == "login"
    assert query["redirect_uri"] == "http://localhost/id/elsewhere/callback"
    assert len(query["state"]) >= 43


def test_the_phone_is_not_asked_for(either, second):
    web = Web(either)
    web.get("/id/sign-in?next=/im/")
    for page in ("/id/phone", "/id/code"):
        assert web.get(page).headers["Location"] == "/id/elsewhere"


@pytest.mark.parametrize(
    "mood",
    [
        {"state": "another"},
        {"iss": "https://other.example"},
        {"token_issuer": "https://other.example"},
        {"nonce": "another"},
        {"key": "wrong"},
        {"audience": "another-client"},
        {"other_subject": "masha"},
        {"error": "invalid_scope"},
    ],
)
def test_a_hostile_openid_provider_lets_nobody_in(oidc, second, mood):
    second.mood(**mood)
    web = Web(oidc)
    page = comes_back(web, second)
    assert page.status_code == 409
    assert "Попробовать ещё раз" in page.text
    assert web.get("/id/about").headers["Location"] == "/id/elsewhere"
    assert db.session.scalars(select(VkId)).all() == []
    second.mood()
    assert comes_back(web, second).headers["Location"] == "/id/about"


@pytest.mark.parametrize(
    "mood",
    [
        {"state": "another"},
        {"device_id": ""},
        {"device_id": "8"},
        {"token_state": "another"},
        {"other_subject": "5"},
    ],
)
def test_a_wrong_vk_id_lets_nobody_in(vkid, second, mood):
    second.mood(**mood)
    web = Web(vkid)
    assert comes_back(web, second).status_code == 409
    assert web.get("/id/about").headers["Location"] == "/id/elsewhere"


def test_a_doubt_is_written_to_the_audit_log(oidc, second):
    second.mood(nonce="another")
    comes_back(Web(oidc), second)
    assert "sign_in.untrusted" in db.session.scalars(select(AuditEntry.action)).all()


def test_a_callback_in_another_browser_is_refused(either, second):
    mine, other = Web(either), Web(either)
    back = second.visit(leaves(mine))
    other.get("/id/sign-in?next=/im/")
    refused = other.get(back)
    assert "в другом браузере" in refused.text
    assert other.get("/id/about").headers["Location"] == "/id/elsewhere"
    assert mine.get(back).headers["Location"] == "/id/about"


def test_a_callback_is_used_once_and_the_back_button_goes_on(either, second):
    web = Web(either)
    back = second.visit(leaves(web))
    assert web.get(back).headers["Location"] == "/id/about"
    assert web.get(back).headers["Location"] == "/id/about"


def test_a_callback_of_a_stranger_without_a_walk_opens_nothing(either, second):
    back = second.visit(leaves(Web(either)))
    assert Web(either).get(back).status_code == 410


def test_cancelling_there_is_calm_here(either, second):
    second.mood(error="access_denied")
    assert "Вы отменили вход" in comes_back(Web(either), second).text


def test_a_provider_that_falls_ill_may_be_asked_again_with_the_same_address(either, second):
    web = Web(either)
    back = second.visit(leaves(web))
    second.mood(down="yes")
    ill = web.get(back)
    assert ill.status_code == 503
    assert "не отвечает" in ill.text
    second.mood()
    assert web.get(back).headers["Location"] == "/id/about"


def test_a_discovery_of_another_issuer_is_not_followed(oidc, second):
    second.mood(issuer="https://other.example")
    web = Web(oidc)
    web.get("/id/sign-in?next=/im/")
    page = web.get("/id/elsewhere/go")
    assert page.status_code == 503
    assert "не отвечает" in page.text


def test_an_attempt_lives_one_hour(either, second):
    web = Web(either)
    back = second.visit(leaves(web))
    with clock.frozen(clock.now() + dt.timedelta(minutes=61)):
        assert web.get(back).status_code == 410


def test_where_people_sign_in_by_phone_the_pages_are_absent(web):
    for page in ("/id/elsewhere", "/id/elsewhere/go", "/id/elsewhere/callback?state=1"):
        assert web.get(page).status_code == 404


@pytest.mark.parametrize(
    ("env", "fault"),
    [
        ({"SVYAZKA_SIGN_IN": "oidc"}, "SVYAZKA_SIGN_IN_ISSUER is needed"),
        ({"SVYAZKA_SIGN_IN": "vkid"}, "SVYAZKA_SIGN_IN_CLIENT_ID is needed"),
        (
            {
                "SVYAZKA_MODE": "production",
                "SVYAZKA_SIGN_IN": "oidc",
                "SVYAZKA_SIGN_IN_ISSUER": "http://id.example",
            },
            "SVYAZKA_SIGN_IN_ISSUER must start with https://",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(tmp_path, env, fault):
    with pytest.raises(UnsafeSettings, match=fault):
        Settings.from_env({"SVYAZKA_MODE": "demo", "SVYAZKA_INSTANCE": str(tmp_path)} | env)

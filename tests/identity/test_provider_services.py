"""Services of others at our provider: consent, refresh, revocation, keys. Named after the modules of
the OpenID conformance suite (openid/conformance-suite) that they follow."""

import base64
import datetime as dt
import json
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from app.core import clock, tokens
from app.core.audit import AuditEntry
from app.core.config import current_settings
from app.core.db import db
from app.core.transaction import writing
from app.identity import clients, consents, keys
from app.identity.sessions import ProfileSession
from tests.identity.services import BACK, Service, claims_in, query_of
from tests.identity.test_provider import VERIFIER


def age_the_session(**delta):
    with writing() as session:
        moment = clock.now() - dt.timedelta(**delta)
        session.execute(update(ProfileSession).values(created_at=moment))


# -- consent ------------------------------------------------------------------------------------
def test_oidcc_server(service, anna):
    page = service.asks()
    assert page.status_code == 200
    assert "Библиотека" in page.text
    tokens = service.tokens()
    assert claims_in(service.web, tokens["id_token"])["sub"] == anna.public_id
    assert service.userinfo(tokens["access_token"]).json["name"] == "Анна Иванова"


def test_consent_is_asked_once_and_again_when_wider_or_wanted(service):
    service.agreed(scope="openid")
    assert "code" in query_of(service.asks(scope="openid"))
    assert service.asks(scope="openid profile").status_code == 200, "more than was agreed to"
    service.agreed(scope="openid profile")
    assert "code" in query_of(service.asks(scope="openid profile"))
    assert service.asks(prompt="consent").status_code == 200


def test_the_journal_asks_every_time(service, web, anna):
    url = service.url(
        client_id="journal", redirect_uri="http://localhost/link/callback", scope="openid profile"
    )
    web.post(url, answer="link")
    assert web.get(url.replace("nonce=", "nonce=x")).status_code == 200


def test_oidcc_prompt_none_not_logged_in(service, browser):
    service.web = browser()
    assert query_of(service.asks(prompt="none")) == {
        "error": "login_required", "state": "s1", "iss": current_settings().issuer
    }  # fmt: skip


def test_oidcc_prompt_none_logged_in(service):
    assert query_of(service.asks(prompt="none"))["error"] == "consent_required"
    service.agreed()
    assert "code" in query_of(service.asks(prompt="none"))


def test_oidcc_prompt_login(service):
    service.agreed()
    age_the_session(minutes=10)
    assert service.asks(prompt="login").headers["Location"] == "/id/phone"


def test_oidcc_max_age_1(service):
    service.agreed()
    age_the_session(minutes=10)
    assert "code" in query_of(service.asks())
    assert service.asks(max_age="1").headers["Location"] == "/id/phone"


def test_oidcc_max_age_10000(service):
    age_the_session(minutes=10)
    tokens = service.tokens(max_age="10000")
    auth_time = claims_in(service.web, tokens["id_token"])["auth_time"]
    assert clock.now().timestamp() - auth_time == pytest.approx(600, abs=30)


def test_the_profiles_of_a_family_phone_are_offered_while_its_proof_is_fresh(service, anna, world):
    from app.identity.profiles import Profile

    with writing() as session:
        session.add(Profile(vk_id_id=anna.vk_id_id, family_name="Иванова", given_name="Даша"))
    assert "Даша" in service.asks().text
    age_the_session(minutes=16)
    assert "Даша" not in service.asks().text


# -- redirects and PKCE -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        f"{BACK}?x=1",
        f"{BACK}/",
        BACK.upper(),
        "https://service.example/",
        "https://evil.example/back",
    ],
)
def test_oidcc_redirect_uri_query_mismatch(service, address):
    reply = service.asks(redirect_uri=address)
    assert reply.status_code == 400
    assert "Location" not in reply.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
    ],
)
def test_oidcc_ensure_request_with_valid_pkce(service, changes):
    reply = service.web.post(service.url(**changes), answer="link")
    assert "code=" not in reply.headers.get("Location", "")


def test_oidcc_codereuse_30seconds(service):
    code = service.agreed()["code"]
    first = service.trade(code).json
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        assert service.trade(code).json["error"] == "invalid_grant"
        assert service.userinfo(first["access_token"]).status_code == 401
        assert service.refresh(first["refresh_token"]).json["error"] == "invalid_grant"


def test_a_code_of_another_service_is_not_taken(service, web):
    code = service.agreed()["code"]
    assert Service(web).trade(code).json["error"] == "invalid_grant"
    assert "access_token" in service.trade(code).json


# -- refresh and revocation ---------------------------------------------------------------------
def test_oidcc_refresh_token(service):
    first = service.tokens()
    second = service.refresh(first["refresh_token"]).json
    assert second["refresh_token"] != first["refresh_token"]
    assert service.userinfo(second["access_token"]).status_code == 200


def test_a_refresh_token_needs_offline_access(service):
    assert "refresh_token" not in service.tokens(scope="openid profile")


def test_a_replayed_refresh_token_revokes_its_family(service):
    first = service.tokens()
    second = service.refresh(first["refresh_token"]).json
    assert service.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    assert service.refresh(second["refresh_token"]).json["error"] == "invalid_grant"
    assert service.userinfo(second["access_token"]).status_code == 401


def test_a_refresh_token_of_another_service_is_not_taken(service, web):
    token = service.tokens()["refresh_token"]
    assert Service(web).refresh(token).status_code == 400


def test_a_scope_cannot_grow_by_refreshing(service):
    token = service.tokens(scope="openid offline_access")["refresh_token"]
    assert service.refresh(token, scope="openid profile").json["error"] == "invalid_scope"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revocation(service, kind):
    tokens = service.tokens()
    assert service.program("/id/revoke", token=tokens[kind]).status_code == 200
    assert service.userinfo(tokens["access_token"]).status_code == 401
    alive = kind == "access_token"
    assert (service.refresh(tokens["refresh_token"]).status_code == 200) is alive
    assert service.program("/id/revoke", token="made-up").status_code == 200


def test_nobody_revokes_the_token_of_another(service, web):
    token = service.tokens()["access_token"]
    Service(web).program("/id/revoke", token=token)
    assert service.userinfo(token).status_code == 200


def test_wrong_secrets_are_slowed_down(service):
    service.secret = "wrong"
    statuses = [service.refresh("x").status_code for _ in range(21)]
    assert statuses == [401] * 20 + [429]


# -- services and keys --------------------------------------------------------------------------
def test_the_list_of_services_and_disconnecting_one(service, anna):
    tokens = service.tokens()
    page = service.web.get("/id/").text
    assert "Библиотека" in page
    assert "видит ваши Ф. И. О." in page
    service.web.post("/id/services/disconnect", service=service.id)
    assert "Библиотека" not in service.web.get("/id/").text
    assert service.userinfo(tokens["access_token"]).status_code == 401
    assert service.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert service.asks().status_code == 200, "it must ask again"
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert {"consent.given", "consent.withdrawn"} <= set(actions)


def test_nobody_disconnects_the_services_of_another(service, anna, world, browser):
    service.tokens()
    other = browser()
    world.signed_in(other.client, world.profile("Борис Ким"))
    other.post("/id/services/disconnect", service=service.id)
    assert consents.is_given(anna.id, service.id, "openid profile")


def test_a_disabled_service_signs_nobody_in(service):
    token = service.tokens()["refresh_token"]
    assert clients.disable(service.id)
    assert service.asks().status_code == 400
    assert service.refresh(token).status_code == 401
    assert not clients.disable(service.id)


def test_oidcc_server_rotate_keys(service):
    old = service.tokens()["id_token"]
    before = {key["kid"] for key in service.web.get("/id/jwks").json["keys"]}
    kid = keys.rotate()
    after = {key["kid"] for key in service.web.get("/id/jwks").json["keys"]}
    assert after == before | {kid}
    assert claims_in(service.web, old)["aud"] == service.id, "what was signed before still holds"
    new = service.tokens()["id_token"]
    assert json.loads(base64.urlsafe_b64decode(new.split(".")[0] + "=="))["kid"] == kid
    with clock.frozen(clock.now() + dt.timedelta(hours=25)):
        assert {key["kid"] for key in service.web.get("/id/jwks").json["keys"]} == {kid}


def test_oidcc_discovery_endpoint_verification(web):
    meta = web.get("/id/.well-known/openid-configuration").json
    for name in ("revocation_endpoint", "end_session_endpoint", "token_endpoint", "jwks_uri"):
        path = urlsplit(meta[name]).path
        assert web.send("get", path).status_code != 404, name
    assert meta["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert meta["backchannel_logout_session_supported"] is True


def test_the_commands(app, monkeypatch):
    monkeypatch.setattr(tokens, "public_id", lambda: "-looks-like-an-option")
    runner = app.test_cli_runner()
    made = runner.invoke(
        args=["identity", "clients", "add", "Кружки", "--home", "https://k.example/",
              "--redirect", "https://k.example/back"]
    )  # fmt: skip
    client_id, secret = (line.split()[1] for line in made.output.splitlines()[:2])
    assert clients.find_client(client_id).check_client_secret(secret)
    assert "Кружки" in runner.invoke(args=["identity", "clients", "list"]).output
    assert runner.invoke(args=["identity", "clients", "disable", client_id]).exit_code == 0
    assert runner.invoke(args=["identity", "clients", "disable", client_id]).exit_code == 1
    assert "disabled" in runner.invoke(args=["identity", "clients", "list"]).output
    kid = runner.invoke(args=["identity", "rotate-key"]).output.strip()
    assert keys.signing_key().kid == kid


@pytest.mark.parametrize("address", ["ftp://k.example/", "https://k.example/#x", "javascript:1"])
def test_an_unsafe_address_is_not_registered(app, address):
    made = app.test_cli_runner().invoke(
        args=[
            "identity",
            "clients",
            "add",
            "К",
            "--home",
            "https://k.example/",
            "--redirect",
            address,
        ]
    )
    assert made.exit_code == 2
    assert clients.stored_clients() == []

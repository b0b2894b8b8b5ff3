"""The provider, as programs meet it: OpenID Connect Core and RFC 9700, named like the
conformance modules they follow."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from app.core.config import current_settings
from app.core.db import db
from app.identity.keys import SigningKey

VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
CALLBACK = "http://localhost/link/callback"


def request(**changes):
    values = {
        "response_type": "code",
        "client_id": "journal",
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": "s1",
        "nonce": "n1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    return "/id/authorize?" + urlencode({k: v for k, v in values.items() if v is not None})


def answer_of(web, **changes):
    """Query of the redirect that answers a consent."""
    reply = web.post(request(**changes), answer="link")
    assert reply.status_code == 302, reply.text
    return {k: v[0] for k, v in parse_qs(urlsplit(reply.headers["Location"]).query).items()}


def exchange(web, code, secret=None, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    } | changes
    basic = f"journal:{secret or current_settings().journal_client_secret}"
    return web.send(
        "post",
        "/id/token",
        data=form,
        headers={"Authorization": "Basic " + base64.b64encode(basic.encode()).decode()},
    )


def userinfo(web, token):
    return web.get("/id/userinfo", headers={"Authorization": f"Bearer {token}"})


def test_discovery_endpoint_verification(web):
    meta = web.get("/id/.well-known/openid-configuration").json
    assert meta["issuer"] == current_settings().issuer
    assert meta["code_challenge_methods_supported"] == ["S256"]
    assert meta["authorization_response_iss_parameter_supported"] is True


def test_the_whole_code_flow(web, anna):
    back = answer_of(web)
    assert (back["state"], back["iss"]) == ("s1", current_settings().issuer)
    tokens = exchange(web, back["code"]).json
    keys = KeySet.import_key_set(web.get("/id/jwks").json)
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["sub"], claims["nonce"], claims["aud"]) == (anna.public_id, "n1", "journal")
    info = userinfo(web, tokens["access_token"]).json
    assert info["name"] == "Анна Иванова"
    assert anna.vk_id.phone not in str(info)


def test_codereuse_is_refused_and_revokes(web, anna):
    code = answer_of(web)["code"]
    tokens = exchange(web, code).json
    assert exchange(web, code).json["error"] == "invalid_grant"
    assert userinfo(web, tokens["access_token"]).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/link/callback?x=1",
        "http://localhost/link/callback/",
        "http://localhost:8080/link/callback",
        "https://evil.example/link/callback",
        "http://localhost.evil.example/link/callback",
    ],
)
def test_ensure_registered_redirect_uri(web, anna, address):
    reply = web.get(request(redirect_uri=address))
    assert reply.status_code == 400
    assert "Location" not in reply.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain", "code_challenge": VERIFIER},
        {"code_challenge_method": None},
        {"nonce": None},
        {"response_type": None},
        {"response_type": "token"},
    ],
)
def test_a_request_without_its_protections_gives_no_code(web, anna, changes):
    reply = web.post(request(**changes), answer="link")
    assert "code=" not in reply.headers.get("Location", "")


def test_a_wrong_verifier_gives_no_token(web, anna):
    assert exchange(web, answer_of(web)["code"], code_verifier="w" * 64).status_code == 400


def test_a_wrong_client_secret_gives_no_token(web, anna):
    reply = exchange(web, answer_of(web)["code"], secret="wrong")
    assert reply.json["error"] == "invalid_client"


def test_an_unknown_client_gets_a_page_and_no_redirect(web, anna):
    reply = web.get(request(client_id="stranger"))
    assert (reply.status_code, "Location" in reply.headers) == (400, False)


def test_cancelling_is_told_to_the_client(web, anna):
    reply = web.post(request(), answer="cancel")
    query = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert (query["error"], query["state"]) == (["access_denied"], ["s1"])


def test_without_a_profile_the_walk_comes_first(web, world):
    reply = web.get(request())
    assert reply.headers["Location"] == "/id/phone"


def test_userinfo_needs_a_token(web):
    assert web.get("/id/userinfo").status_code == 401
    assert userinfo(web, "made-up").status_code == 401


def test_the_private_key_is_not_stored_in_the_clear(web):
    web.get("/id/jwks")
    sealed = db.session.scalars(select(SigningKey.sealed)).one()
    assert '"d"' not in sealed


def test_the_published_keys_hold_no_secret(web):
    assert all("d" not in key for key in web.get("/id/jwks").json["keys"])


def test_a_forged_account_card_is_not_shown(web, anna):
    page = web.get(request(account="eyJhbGciOiJub25lIn0.eyJuYW1lIjoi0JLQvtGAIn0."))
    assert page.status_code == 200
    assert "account-card" not in page.text

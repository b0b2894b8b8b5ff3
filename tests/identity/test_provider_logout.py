"""Signing out at our provider: asked for by a service, and told to all of them. Named after the
modules of the OpenID conformance suite (openid/conformance-suite) that they follow."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from app.identity.backchannel import EVENT
from tests.identity.services import BYE, Service, claims_in
from tests.identity.sms_gateway import wait_for


def test_oidcc_rp_initiated_logout(service):
    id_token = service.tokens()["id_token"]
    reply = service.web.get(
        "/id/logout",
        query_string={"id_token_hint": id_token, "post_logout_redirect_uri": BYE, "state": "z"},
    )
    assert reply.headers["Location"] == f"{BYE}?state=z"
    assert service.web.get("/im/").location.startswith("/id/sign-in")


@pytest.mark.parametrize("hint", ["", "made-up"])
def test_oidcc_rp_initiated_logout_no_id_token_hint(service, hint):
    page = service.web.get("/id/logout", query_string={"id_token_hint": hint})
    assert "Выйти из учебного профиля?" in page.text
    assert service.web.get("/im/").status_code == 200, "asked, not done"
    assert "Вы вышли" in service.web.post("/id/logout").text
    assert service.web.get("/im/").location.startswith("/id/sign-in")


@pytest.mark.parametrize("address", ["https://evil.example/", f"{BYE}/", f"{BYE}?x=1"])
def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(service, address):
    id_token = service.tokens()["id_token"]
    reply = service.web.get(
        "/id/logout", query_string={"id_token_hint": id_token, "post_logout_redirect_uri": address}
    )
    assert "Location" not in reply.headers


def test_an_id_token_of_another_session_does_not_sign_anybody_out(service, world, browser):
    id_token = service.tokens()["id_token"]
    other = browser()
    world.signed_in(other.client, world.profile("Борис Ким"))
    page = other.get("/id/logout", query_string={"id_token_hint": id_token})
    assert "Выйти из учебного профиля?" in page.text
    assert other.get("/im/").status_code == 200


@pytest.fixture
def listener():
    """A service's address for logout tokens; `answers` are the statuses it gives in turn."""
    heard, answers = [], [500]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append(parse_qs(body)["logout_token"][0])
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.heard = heard
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_oidcc_backchannel_rp_initiated_logout(web, anna, listener, monkeypatch):
    monkeypatch.setattr("app.identity.backchannel.PAUSES", (0, 0.05, 0.1))
    service = Service(web, backchannel_logout_uri=f"http://127.0.0.1:{listener.server_port}/bye")
    id_token = service.tokens()["id_token"]
    sid = claims_in(web, id_token)["sid"]
    web.post("/id/sign-out")
    wait_for(lambda: len(listener.heard) == 2)  # the first answer was 500: told again
    token = listener.heard[1]
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert header["typ"] == "logout+jwt"
    claims = claims_in(web, token)
    assert (claims["sid"], claims["sub"], claims["aud"]) == (sid, anna.public_id, service.id)
    assert claims["events"] == {EVENT: {}}
    assert "nonce" not in claims

"""A service of others at our provider, and what it reads in the answers."""

import base64
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from app.core import clock
from app.identity import clients
from tests.identity.test_provider import CHALLENGE, VERIFIER

BACK, BYE = "https://service.example/back", "https://service.example/bye"


class Service:
    """A registered service and the browser of its visitor."""

    def __init__(self, web, **options):
        self.web = web
        values = {"post_logout_redirect_uris": [BYE], "backchannel_logout_uri": ""} | options
        self.id, self.secret = clients.register(
            "Библиотека", home_url="https://service.example/", redirect_uris=[BACK], **values
        )

    def url(self, **changes):
        values = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": BACK,
            "scope": "openid profile offline_access",
            "state": "s1",
            "nonce": f"n{clock.now().timestamp()}",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changes
        return "/id/authorize?" + urlencode({k: v for k, v in values.items() if v is not None})

    def asks(self, **changes):
        return self.web.get(self.url(**changes))

    def agreed(self, **changes):
        """The answer after «Связать профиль»."""
        return query_of(self.web.post(self.url(**changes), answer="link"))

    def program(self, path, **form):
        basic = base64.b64encode(f"{self.id}:{self.secret}".encode()).decode()
        return self.web.send("post", path, data=form, headers={"Authorization": f"Basic {basic}"})

    def tokens(self, **changes):
        return self.trade(self.agreed(**changes)["code"]).json

    def trade(self, code):
        return self.program(
            "/id/token",
            grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=VERIFIER,
        )  # fmt: skip

    def refresh(self, token, **form):
        return self.program("/id/token", grant_type="refresh_token", refresh_token=token, **form)

    def userinfo(self, token):
        return self.web.get("/id/userinfo", headers={"Authorization": f"Bearer {token}"})


def query_of(reply):
    return {k: v[0] for k, v in parse_qs(urlsplit(reply.headers["Location"]).query).items()}


def claims_in(web, id_token):
    published = KeySet.import_key_set(web.get("/id/jwks").json)
    return jwt.decode(id_token, published, algorithms=["RS256"]).claims

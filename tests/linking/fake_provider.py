"""A foreign OpenID provider on the edge: honest by default, hostile or down when told so."""

import base64
import hashlib
from functools import cache
from urllib.parse import parse_qs, urlsplit

import httpx
from flask import Flask, abort, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.core import clock, tokens
from app.linking.provider_client import PROVIDER_KEY, LinkProvider

ISSUER = "https://id.test"
CLIENT_ID = "journal"
SECRET = "a secret of the test client: + & ="


@cache
def rsa_key(kid="one", name="honest"):
    """Made once a run: RSA keys are slow to make."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


class FakeProvider:
    """`down` and `garbled` name steps: discovery, token, jwks, userinfo."""

    def __init__(self):
        self.down = set()
        self.broken = set()
        self.garbled = set()
        self.asked = []
        self.token_changes = {}
        self.encode = self.sign
        self.signing_key = rsa_key()
        self.published_keys = [rsa_key()]
        self.userinfo_subject = None
        self.document_changes = {}
        self.before_token = lambda: None
        self.bearer = None
        self._bearers = {}
        self._grants = {}
        self._subjects = {}
        self._app = self._build()

    # -- plugging -------------------------------------------------------------------------------
    def plug_into(self, app, *, is_own=False):
        app.extensions[PROVIDER_KEY] = LinkProvider(
            issuer=ISSUER,
            client_id=CLIENT_ID,
            client_secret=SECRET,
            is_own=is_own,
            open_http=lambda: httpx.Client(transport=_Edge(self)),
        )

    # -- the person at the provider -------------------------------------------------------------
    def approve(self, url, subject="anna", name="Анна Иванова"):
        """Consent at `url`; the parameters of the callback."""
        query = query_of(url)
        code = tokens.public_id()
        self._grants[code] = query
        self._subjects[code] = (subject, name)
        return {"state": query["state"], "code": code, "iss": ISSUER}

    def cancel(self, url):
        return {"state": query_of(url)["state"], "error": "access_denied", "iss": ISSUER}

    # -- its endpoints --------------------------------------------------------------------------
    def _build(self):
        app = Flask("fake_provider")
        app.testing = True
        app.get("/.well-known/openid-configuration", endpoint="discovery")(self._discovery)
        app.post("/token", endpoint="token")(self._token)
        app.get("/jwks", endpoint="jwks")(self._jwks)
        app.get("/userinfo", endpoint="userinfo")(self._userinfo)
        return app

    def _discovery(self):
        return jsonify(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/jwks",
                "userinfo_endpoint": f"{ISSUER}/userinfo",
                "authorization_response_iss_parameter_supported": True,
            }
            | self.document_changes
        )

    def _token(self):
        self.before_token()
        if not self._knows_the_client():
            abort(401)
        grant = self._grants.pop(request.form["code"], None)
        if grant is None or not _proves(grant, request.form):
            return jsonify(error="invalid_grant"), 400
        subject, name = self._subjects[request.form["code"]]
        now = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "sub": subject,
            "nonce": grant["nonce"],
            "iat": now,
            "exp": now + 300,
        } | self.token_changes
        present = {name: value for name, value in claims.items() if value is not None}
        return jsonify(
            token_type="Bearer",
            access_token=self._access_token(subject, name),
            id_token=self.encode(present),
        )

    def _access_token(self, subject, name):
        self._bearers[self.bearer or tokens.secret()] = (subject, name)
        return list(self._bearers)[-1]

    def sign(self, claims):
        return jwt.encode({"alg": "RS256", "kid": self.signing_key.kid}, claims, self.signing_key)

    def _knows_the_client(self):
        expected = httpx.BasicAuth(
            "journal", "a%20secret%20of%20the%20test%20client%3A%20%2B%20%26%20%3D"
        )
        given = request.headers.get("Authorization")
        return given == expected._auth_header

    def _jwks(self):
        return jsonify(keys=[key.as_dict(private=False) for key in self.published_keys])

    def _userinfo(self):
        subject, name = self._bearers[request.headers["Authorization"].removeprefix("Bearer ")]
        return jsonify(sub=self.userinfo_subject or subject, name=name, phone_masked="+7 *** 45-67")


def _proves(grant, form):
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        grant["code_challenge_method"] == "S256"
        and grant["code_challenge"] == challenge
        and grant["redirect_uri"] == form["redirect_uri"]
    )


class _Edge(httpx.BaseTransport):
    """Where the network would be: a step that is down refuses the connection."""

    def __init__(self, provider):
        self._provider = provider
        self._inner = httpx.WSGITransport(app=provider._app)

    def handle_request(self, request):
        path = request.url.path
        step = "discovery" if path.startswith("/.well-known") else path.strip("/")
        self._provider.asked.append(step)
        if step in self._provider.down:
            raise httpx.ConnectTimeout("no answer", request=request)
        if step in self._provider.broken:
            return httpx.Response(500, text="<h1>Internal Server Error</h1>")
        if step in self._provider.garbled:
            return httpx.Response(200, text="<html>Обслуживание</html>")
        return self._inner.handle_request(request)

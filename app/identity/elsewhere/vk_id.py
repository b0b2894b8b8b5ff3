"""VK ID, OAuth 2.1 without its SDK, as documented at id.vk.com («Справочник методов API VK ID»).

No discovery and no client secret: PKCE alone. The callback brings `device_id`, which the token
request must repeat; user info is asked for by a form. Written from the documents and proved
against a stub of them: nobody here had keys of the real service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from app.core.openid.client import CodeRefused, Untrusted, unavailable

SCOPE = "vkid.personal_info"
SPENT = frozenset({"invalid_grant", "invalid_request"})


@dataclass(frozen=True)
class VkIdProvider:
    """`host` is https://id.vk.com, or id.vk.ru as newer documents call it."""

    host: str
    client_id: str
    open_http: Callable[[], httpx.Client]

    def authorization_url(self, *, redirect_uri: str, state: str, code_verifier: str) -> str:
        """Where to send the browser; `prompt=login` for the same reason as elsewhere."""
        return f"{self.host}/authorize?" + urlencode(
            {
                "response_type": "code",
                "client_id": self.client_id,
                "redirect_uri": redirect_uri,
                "scope": SCOPE,
                "state": state,
                "code_challenge": create_s256_code_challenge(code_verifier),
                "code_challenge_method": "S256",
                "prompt": "login",
            }
        )

    def user_of(
        self, *, code: str, device_id: str, redirect_uri: str, state: str, code_verifier: str
    ) -> Mapping[str, Any]:
        """Trade the code for a token and the token for its user.

        Raises:
            CodeRefused: the code is used, old, or not ours.
            Untrusted: the answer is for another attempt, or about another user than the token's.
            Unavailable: no answer, or none that makes sense.
        """
        granted = self._post(
            "token",
            "/oauth2/auth",
            grant_type="authorization_code",
            code=code,
            code_verifier=code_verifier,
            device_id=device_id,
            redirect_uri=redirect_uri,
            state=state,
        )
        if granted.get("error") in SPENT:
            raise CodeRefused
        token, user_id = granted.get("access_token"), granted.get("user_id")
        if granted.get("error") or not isinstance(token, str) or not user_id:
            raise unavailable("token", granted.get("error"))
        # VK ID repeats the state in the token's answer.
        if granted.get("state", state) != state:
            raise Untrusted
        user = self._post("userinfo", "/oauth2/user_info", access_token=token).get("user")
        if not isinstance(user, dict):
            raise unavailable("userinfo", "no user")
        if str(user.get("user_id")) != str(user_id):
            raise Untrusted
        return user

    def _post(self, step: str, path: str, **form: str) -> dict[str, Any]:
        try:
            with self.open_http() as http:
                response = http.post(self.host + path, data={"client_id": self.client_id, **form})
            answer = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise unavailable(step, repr(error)) from error
        if response.status_code >= 500 or not isinstance(answer, dict):
            raise unavailable(step, response.status_code)
        return answer

"""Who may ask our provider to sign people in.

Our own journal comes from the settings; stored clients can join in `find_client`.
"""

from __future__ import annotations

from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin

from app.core import tokens
from app.core.config import JOURNAL_CLIENT_ID, current_settings

SCOPES = ("openid", "profile")


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """An OpenID client. `home_url` is where its people go when a walk cannot be finished."""

    client_id: str
    client_secret: str
    name: str
    redirect_uris: tuple[str, ...]
    home_url: str

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uris[0]

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in (scope or "").split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exact comparison only (RFC 9700, 4.1.3)."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return tokens.is_same(self.client_secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def find_client(client_id: str) -> Client | None:
    """The client of this id."""
    settings = current_settings()
    if client_id != JOURNAL_CLIENT_ID:
        return None
    return Client(
        client_id=JOURNAL_CLIENT_ID,
        client_secret=settings.journal_client_secret,
        name="ЭЖД",
        redirect_uris=(f"{settings.base_url}/link/callback",),
        home_url=f"{settings.base_url}/",
    )

"""Who may ask our provider to sign people in: our own journal, and stored clients."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock, tokens
from app.core.config import JOURNAL_CLIENT_ID, current_settings
from app.core.db import UTC, Model, db
from app.core.transaction import writing

SCOPES = ("openid", "profile", "offline_access")


def _new_client_id() -> str:
    """Never begins with «-»: it is typed into a command line."""
    return f"service-{tokens.public_id()}"


class StoredClient(Model):
    """A service registered by the administrator. Its secret is kept as a digest, shown once."""

    __tablename__ = "oidc_clients"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(60), unique=True, default=_new_client_id)
    secret_digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    home_url: Mapped[str] = mapped_column(String(300))
    redirect_uris: Mapped[list[str]] = mapped_column(JSON)
    post_logout_redirect_uris: Mapped[list[str]] = mapped_column(JSON, default=list)
    backchannel_logout_uri: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UTC)


@dataclass(frozen=True, kw_only=True)
class Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """An OpenID client. `home_url` is where its people go when a walk cannot be finished.

    `secret_digest` is what the secret's digest must be; `is_own`: our journal, which signs notes
    for the consent page and always shows it.
    """

    client_id: str
    secret_digest: str
    name: str
    redirect_uris: tuple[str, ...]
    home_url: str
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    is_own: bool = False

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
        return tokens.is_same(self.secret_digest, tokens.digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Our journal needs one look at the profile; only others may come back for more."""
        return grant_type == "authorization_code" or (
            grant_type == "refresh_token" and not self.is_own
        )


def find_client(client_id: str) -> Client | None:
    """The live client of this id."""
    settings = current_settings()
    if client_id == JOURNAL_CLIENT_ID:
        return Client(
            client_id=JOURNAL_CLIENT_ID,
            secret_digest=tokens.digest(settings.journal_client_secret),
            name="ЭЖД",
            redirect_uris=(f"{settings.base_url}/link/callback",),
            home_url=f"{settings.base_url}/",
            is_own=True,
        )
    row = db.session.scalar(
        select(StoredClient).where(
            StoredClient.client_id == client_id, StoredClient.disabled_at.is_(None)
        )
    )
    return _client(row) if row is not None else None


def stored_clients() -> list[StoredClient]:
    """All registered services, disabled ones too, by name."""
    return list(db.session.scalars(select(StoredClient).order_by(StoredClient.name)))


def register(
    name: str,
    *,
    home_url: str,
    redirect_uris: list[str],
    post_logout_redirect_uris: list[str],
    backchannel_logout_uri: str,
) -> tuple[str, str]:
    """Register a service; returns its id and its secret, which is nowhere else."""
    secret = tokens.secret()
    with writing() as session:
        row = StoredClient(
            secret_digest=tokens.digest(secret),
            name=name,
            home_url=home_url,
            redirect_uris=redirect_uris,
            post_logout_redirect_uris=post_logout_redirect_uris,
            backchannel_logout_uri=backchannel_logout_uri,
        )
        session.add(row)
        session.flush()
        audit.note(actor="command", action="client.registered", subject=f"client:{row.client_id}")
        return row.client_id, secret


def disable(client_id: str) -> bool:
    """The service can sign nobody in any more; False when there is no live one of this id."""
    with writing() as session:
        row = session.scalar(
            select(StoredClient).where(
                StoredClient.client_id == client_id, StoredClient.disabled_at.is_(None)
            )
        )
        if row is None:
            return False
        row.disabled_at = clock.now()
        audit.note(actor="command", action="client.disabled", subject=f"client:{client_id}")
        return True


def _client(row: StoredClient) -> Client:
    return Client(
        client_id=row.client_id,
        secret_digest=row.secret_digest,
        name=row.name,
        redirect_uris=tuple(row.redirect_uris),
        home_url=row.home_url,
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        backchannel_logout_uri=row.backchannel_logout_uri,
    )

"""The provider that the journal asks: our own, called inside the process, without a socket.

One process must be able to answer itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from flask import Flask, current_app

from app.core.config import JOURNAL_CLIENT_ID, current_settings
from app.core.openid.client import Provider
from app.core.transaction import is_writing

PROVIDER_KEY = "svyazka.linking.provider"


@dataclass(frozen=True, kw_only=True)
class LinkProvider(Provider):
    """`is_own`: ours, which shows on its consent page whose journal account it is."""

    is_own: bool


class InsideTransport(httpx.BaseTransport):
    """Calls our own site in an app context of its own: own database session, own `g`.

    Flask would otherwise reuse the context of the page at work, and the nested request would
    share (and at its end lose) that page's session and signed-in user.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inner = httpx.WSGITransport(app=app.wsgi_app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request` from the site itself.

        Raises:
            RuntimeError: called inside `writing()`: the two would wait for each other.
        """
        if is_writing():
            raise RuntimeError("the site cannot be asked inside writing()")
        with self._app.app_context():
            response = self._inner.handle_request(request)
            response.read()
            return response


def open_http_inside() -> httpx.Client:
    """A client whose every request is answered by this same process."""
    # mypy: current_app is a proxy; the transport outlives it.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return httpx.Client(transport=InsideTransport(app))


def current_provider() -> LinkProvider:
    """Our own provider, unless the site was given another under `PROVIDER_KEY`."""
    given: LinkProvider | None = current_app.extensions.get(PROVIDER_KEY)
    if given is not None:
        return given
    settings = current_settings()
    return LinkProvider(
        issuer=settings.issuer,
        client_id=JOURNAL_CLIENT_ID,
        client_secret=settings.journal_client_secret,
        is_own=True,
        open_http=open_http_inside,
    )

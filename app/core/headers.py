"""Response headers that protect: CSP without inline, no sniffing, no foreign hosts, no caching."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.config import Settings
from app.core.tokens import digest

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
DEVICES = "camera=(), microphone=(), display-capture=()"
YEAR = 365 * 24 * 3600


def allow_devices(page: Response, *devices: str) -> Response:
    """Let this page, and no frame in it, ask for these: camera, microphone, display-capture."""
    policy = DEVICES
    for device in devices:
        policy = policy.replace(f"{device}=()", f"{device}=(self)")
    page.headers["Permissions-Policy"] = policy
    return page


def lead_forms_to(page: Response, addresses: Iterable[str]) -> Response:
    """Let this page's form end at these addresses too: browsers hold the redirect that answers a
    form to the page's form-action (CSP 3, §6.4.1).
    """
    origins = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in addresses})
    at_home = "form-action 'self'"
    page.headers["Content-Security-Policy"] = CSP.replace(at_home, " ".join([at_home, *origins]))
    return page


def install(app: Flask, settings: Settings) -> None:
    """Protect every response and give static files versioned, immutable addresses."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        # mypy: assigning to a method is how WSGI middleware is installed in Flask.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0
        )
    app.after_request(_protect)
    if settings.is_secure:
        app.after_request(_only_https)
    versions = _Versions(Path(app.static_folder or "static"))
    app.url_defaults(versions.add)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", DEVICES)
    if request.endpoint == "static":
        if request.args.get("v"):
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        # Pages hold children's data: nothing stays in a shared computer's cache.
        headers.setdefault("Cache-Control", "no-store")
    return response


def _only_https(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    return response


class _Versions:
    """Adds `v=<content hash>` to static addresses; a changed file gets a new address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[float, str]] = {}

    def add(self, endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "filename" not in values or "v" in values:
            return
        version = self._version(values["filename"])
        if version:
            values["v"] = version

    def _version(self, name: str) -> str | None:
        path = self._folder / name
        try:
            changed = path.stat().st_mtime
        except OSError:
            return None
        known = self._known.get(name)
        if known is None or known[0] != changed:
            known = (changed, digest(path.read_bytes().hex())[:12])
            self._known[name] = known
        return known[1]

"""The site as an application: manifest, service worker, and the page without a network."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for
from flask_babel import get_locale, gettext

from app.core.tokens import digest

bp = Blueprint("pwa", __name__)
KEPT = (
    "vendor/vk-tokens.css",
    "css/tokens.css",
    "css/base.css",
    "css/kit.css",
    "vendor/golos-cyrillic.woff2",
    "vendor/golos-latin.woff2",
    "icons/sprite.svg",
    "icons/favicon.svg",
)
"""What the offline page needs; nothing else is ever kept in a browser's cache."""


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """Name, icons and start page (W3C Web App Manifest)."""
    response = jsonify(
        id="/im/",
        name=gettext("Сферум — школьный мессенджер"),
        short_name=gettext("сферум"),
        lang=str(get_locale()),
        start_url=url_for("messenger.chats"),
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#2d6bb5",
        icons=[
            {
                "src": url_for("static", filename=f"icons/app-{purpose}{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "maskable" if purpose else "any",
            }
            for size in (192, 512)
            for purpose in ("", "maskable-")
        ],
    )
    response.content_type = "application/manifest+json"
    return response


@bp.get("/sw.js")
def service_worker() -> Response:
    """The script; a changed file of the offline page makes it another, so browsers renew it."""
    files = [url_for("static", filename=name) for name in KEPT]
    response = make_response(
        render_template(
            "messenger/sw.js",
            files=files,
            version=digest(" ".join(files))[:8],
            name=gettext("сферум"),
            body=gettext("Новое сообщение"),
            calling=gettext("Вам звонят"),
        )
    )
    response.content_type = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
def offline() -> Response:
    """What the service worker shows when the server cannot be reached."""
    return make_response(render_template("messenger/offline.html"))

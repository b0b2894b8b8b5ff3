"""Which device a session is on: in words a person recognises, and known again by a cookie."""

from __future__ import annotations

import ipaddress

from flask import Flask, Response, request
from flask_babel import gettext

from app.core import tokens
from app.core.config import current_settings

COOKIE = "svyazka_device"
YEAR = 365 * 24 * 3600

BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """The first known browser and system named in `user_agent`."""
    found = [
        next((name for mark, name in names if mark in user_agent), None)
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or gettext("Неизвестное устройство")


def place_in_words(address: str) -> str:
    """«85.26.•.•»: enough to tell home from a stranger, too little to follow a child about.

    Decision: no look-up of cities: it would need another host or a database of addresses.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return gettext("этот компьютер")
    if ip.version == 4:
        return ".".join(str(ip).split(".")[:2]) + ".•.•"
    return ":".join(ip.exploded.split(":")[:3]) + ":…"


def install(app: Flask) -> None:
    """Register the filters."""
    app.add_template_filter(device_in_words)
    app.add_template_filter(place_in_words)


def device_token() -> str:
    """The secret by which this browser is known again, or a new one; see `keep_device`."""
    return request.cookies.get(COOKIE, "") or tokens.secret()


def keep_device(response: Response, token: str) -> Response:
    """Let the browser keep its device token for a year. It opens nothing by itself."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_settings().is_secure,
    )
    return response

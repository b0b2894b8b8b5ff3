"""Which language and colour theme a person sees, and the switches for both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

from babel import Locale
from flask import Blueprint, Flask, Response, current_app, request
from flask_babel import Babel, force_locale, get_locale

from app.core.config import current_settings
from app.core.pages import go, is_local

LANGUAGES = {"ru": "Русский", "en": "English"}
LOCALES = {language: Locale.parse(language) for language in LANGUAGES}
"""Made once: Babel takes as long to make one as SQLite to answer ten questions."""
THEMES = ("auto", "light", "dark")
LANGUAGE_COOKIE = "svyazka_language"
THEME_COOKIE = "svyazka_theme"
YEAR = 365 * 24 * 3600
KEPT_BY = "svyazka.choices"

Choice = Literal["language", "theme"]
COOKIES: dict[Choice, str] = {"language": LANGUAGE_COOKIE, "theme": THEME_COOKIE}
ALLOWED: dict[Choice, Collection[str]] = {"language": LANGUAGES, "theme": THEMES}

bp = Blueprint("core", __name__)


def choose_language() -> str:
    """The person's own choice, else Russian.

    Decision: the browser's Accept-Language is not asked. Russian is the default language
    (FLOWS, top), and school computers often have an English browser.
    """
    return chosen_in(request.cookies)


def chosen_in(cookies: Mapping[str, str]) -> str:
    """`choose_language` where there is no request."""
    chosen = cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else "ru"


def spoken(language: str) -> AbstractContextManager[None]:
    """Within it this language is spoken; nothing is done when it is so already."""
    locale = LOCALES[language]
    if get_locale() is locale:
        return nullcontext()
    forced: AbstractContextManager[None] = force_locale(locale)
    return forced


def choose_theme() -> str:
    """«auto» follows the device."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def install(app: Flask) -> None:
    """Set up translations, their template names, and the two switches."""
    Babel(
        app,
        # mypy: Flask-Babel parses what it gets, and Babel takes a locale as it is.
        locale_selector=lambda: LOCALES[choose_language() if request else "ru"],  # type: ignore[arg-type, return-value]
        timezone_selector=lambda: current_settings().time_zone,
    )
    app.register_blueprint(bp)
    app.context_processor(
        lambda: {
            "language": str(get_locale()),
            "languages": LANGUAGES,
            "theme": choose_theme() if request else "auto",
        }
    )


def on_choice(app: Flask, keep: Callable[[Choice, str], None]) -> None:
    """Tell `keep` whenever somebody chooses."""
    app.extensions[KEPT_BY] = keep


def put(response: Response, choice: Choice, value: str) -> Response:
    """This browser shows the site so from now on; a value that is none changes nothing."""
    if value in ALLOWED[choice]:
        response.set_cookie(
            COOKIES[choice],
            value,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=current_settings().is_secure,
        )
    return response


def _chosen(choice: Choice) -> Response:
    value, back = request.form.get("value", ""), request.form.get("next", "/")
    keep = current_app.extensions.get(KEPT_BY)
    if keep is not None and value in ALLOWED[choice]:
        keep(choice, value)
    return put(go(back if is_local(back) else "/"), choice, value)


@bp.post("/language")
def set_language() -> Response:
    """Remember the language (`value`) and go back (`next`)."""
    return _chosen("language")


@bp.post("/theme")
def set_theme() -> Response:
    """Remember the theme (`value`) and go back (`next`)."""
    return _chosen("theme")

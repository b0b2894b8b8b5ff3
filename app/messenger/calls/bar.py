"""«Идёт звонок · 3 участника · Присоединиться»: the bar above a chat, the same for all in it."""

from __future__ import annotations

from flask_babel import get_locale
from markupsafe import Markup

from app.core.language import spoken
from app.core.pages import render_for_all
from app.messenger.calls.lookup import LiveCall


def render_bar(call: LiveCall | None, language: str = "") -> Markup:
    """The bar in `language`, by default that of the person who asks; empty when no call goes on."""
    if call is None:
        return Markup("")
    with spoken(language or str(get_locale())):
        return render_for_all("messenger/calls/_bar.html", call=call)


def state_word(call: LiveCall | None) -> str:
    """What a page compares to know whether its bar is of now."""
    return f"{call.public_id}.{call.people}" if call else ""

"""The one way a message becomes HTML, whichever door it leaves by.

The fragment is the same for everybody who reads the same language: it says nothing about who is
looking, so it is made once and kept. «Mine» is marked in the browser (static/js/messenger).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale, get_locale
from markupsafe import Markup, escape

from app.core.config import current_settings
from app.messenger.messages.history import MessageView
from app.messenger.messages.notice_words import notice_sentence
from app.messenger.people import role_word

KEPT = 1024
# Only http and https; no quotes, angle brackets or characters that turn the reading direction.
ADDRESS = re.compile(r"https?://[^\s<>\"'«»\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)
NOT_ADDRESS = ".,;:!?…"


def render_message(message: MessageView, language: str = "") -> Markup:
    """The fragment in `language`; by default in that of the person who asks."""
    return _fragment(message, language or str(get_locale()), current_settings().time_zone)


def render_messages(messages: Iterable[MessageView]) -> Markup:
    """Fragments one after another."""
    return Markup("\n").join(render_message(message) for message in messages)


@lru_cache(maxsize=KEPT)
def _fragment(message: MessageView, language: str, time_zone: str) -> Markup:
    # Not flask.render_template: without context processors no viewer can slip in.
    name = "messenger/_notice.html" if message.notice else "messenger/_message.html"
    template = current_app.jinja_env.get_template(name)
    sent_at = message.created_at.astimezone(ZoneInfo(time_zone))
    with force_locale(language):
        html = template.render(
            message=message,
            sent_at=sent_at,
            text=notice_sentence(message.notice) if message.notice else linked(message.text),
            role=role_word(message.author_role),
        )
    return Markup(html.strip())  # noqa: S704  (Jinja has escaped it)


def linked(text: str) -> Markup:
    """Escaped text with addresses made into links."""
    parts: list[Markup] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = _trimmed(found.group())
        parts += (escape(text[end : found.start()]), _link(address))
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])


def _trimmed(address: str) -> str:
    """Without the sentence's own punctuation: «(см. https://school.ru).» ends before «)»."""
    while address[-1] in NOT_ADDRESS or (
        address[-1] == ")" and address.count(")") > address.count("(")
    ):
        address = address[:-1]
    return address


def _link(address: str) -> Markup:
    return Markup(
        '<a class="message-link" href="{0}" target="_blank"'
        ' rel="noopener nofollow" dir="ltr">{0}</a>'
    ).format(address)

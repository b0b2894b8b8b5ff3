"""The one way a message becomes HTML, whichever door it leaves by.

The fragment is the same for everybody who reads the same language: it says nothing about who is
looking, so it is made once and kept. «Mine» is marked in the browser (static/js/messenger).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from app.core.config import current_settings
from app.core.language import spoken
from app.core.pages import address, kit, render_for_all
from app.messenger.messages.calling import fold
from app.messenger.messages.notice_words import notice_sentence
from app.messenger.messages.views import MessageView
from app.messenger.people import role_word

KEPT = 1024
# Only http and https; no quotes, angle brackets or characters that turn the reading direction.
ADDRESS = re.compile(r"https?://[^\s<>\"'«»\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)
AVATAR = 32
NOT_ADDRESS = ".,;:!?…"


def render_message(message: MessageView, language: str = "") -> Markup:
    """The fragment in `language`; by default in that of the person who asks."""
    return _fragment(message, language or str(get_locale()), current_settings().time_zone)


def render_messages(messages: Iterable[MessageView]) -> Markup:
    """Fragments one after another."""
    return Markup("\n").join(render_message(message) for message in messages)


@lru_cache(maxsize=KEPT)
def _fragment(message: MessageView, language: str, time_zone: str) -> Markup:
    with spoken(language):
        return render_for_all(
            "messenger/_notice.html" if message.notice else "messenger/_message.html",
            message=message,
            sent_at=message.created_at.astimezone(ZoneInfo(time_zone)),
            text=notice_sentence(message.notice) if message.notice else _said(message),
            role=role_word(message.author_role),
            avatar=_avatar(message.author_name, message.author),
            ticks=_ticks(language),
            actions=_actions(language),
            actions_url=_messages_url(message.chat) + message.client_id,
        )


@lru_cache(maxsize=KEPT)
def _avatar(name: str, public_id: str) -> Markup:
    """Made once an author, not once a message."""
    avatar: Markup = kit().avatar(name, public_id, AVATAR)
    return avatar


@lru_cache(maxsize=KEPT)
def _messages_url(chat: str) -> str:
    """What stands before a message's client id, which needs no quoting (`text.check_client_id`)."""
    return address("messenger.message", public_id=chat, client_id="0").removesuffix("0")


@cache
def _ticks(language: str) -> Markup:
    """Made once a language."""
    with spoken(language):
        return render_for_all("messenger/_ticks.html")


@cache
def _actions(language: str) -> str:
    """What browsers without scripts read beside a message; made once a language."""
    with spoken(language):
        return gettext("Действия")


def render_pin(message: MessageView | None, language: str = "") -> Markup:
    """The bar above the chat with its pinned message; empty when there is none."""
    if message is None or message.deleted:
        return Markup("")
    with spoken(language or str(get_locale())):
        return render_for_all("messenger/_pin.html", message=message)


def linked(text: str, called: Mapping[str, str] | None = None) -> Markup:
    """Escaped text with addresses made into links and the `called` (name -> whom) marked."""
    parts: list[Markup] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = _trimmed(found.group())
        parts += (_marked(text[end : found.start()], called), _link(address))
        end = found.start() + len(address)
    return Markup("").join([*parts, _marked(text[end:], called)])


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses that `linked` makes links of, each once."""
    found = (_trimmed(match.group()) for match in ADDRESS.finditer(text))
    return tuple(dict.fromkeys(found))


def _said(message: MessageView) -> Markup:
    called: dict[str, str] = {}
    for one in message.mentions:  # namesakes are called by the same words
        called[one.name] = f"{called.get(one.name, '')} {one.public_id}".strip()
    if message.mentions_all:
        called |= {"все": "all", "all": "all"}
    return linked(message.text, called)


def _marked(text: str, called: Mapping[str, str] | None) -> Markup:
    """Escaped text where «@» and a name of `called` is marked with whom it calls."""
    if not called or "@" not in text:
        return escape(text)
    names = {fold(name): whom for name, whom in called.items()}
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w@])@({'|'.join(map(re.escape, longest_first))})(?!\w)")
    parts: list[Markup] = []
    end = 0
    for found in pattern.finditer(fold(text)):
        words = text[found.start() : found.end()]
        parts += (escape(text[end : found.start()]), _call(words, names[found.group(1)]))
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _call(words: str, whom: str) -> Markup:
    return Markup('<span class="mention" data-whom="{}">{}</span>').format(whom, words)


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

"""What a text must be before it is stored. Pure, apart from the sentences for people."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext, lazy_gettext, ngettext

from app.core.errors import Invalid
from app.messenger.messages.models import MAX_TEXT

# Unicode's categories Cc (but for the line break) and Cs.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")


def clean_text(raw: str, *, may_be_empty: bool = False) -> str:
    """NFC, without control characters (line breaks stay) and outer blanks.

    Decision: control characters are taken out rather than refused: they come with texts pasted
    from other programs, and nobody can find them by eye.

    Raises:
        Invalid: nothing visible is left (and no file goes with it), or more than MAX_TEXT
            characters.
    """
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", CONTROL.sub("", lines)).strip()
    if all(unicodedata.category(c)[0] in "ZC" for c in text):
        if may_be_empty:
            return ""
        raise Invalid(lazy_gettext("Напишите что-нибудь: пустое сообщение не отправить."))
    extra = len(text) - MAX_TEXT
    if extra > 0:
        raise Invalid(
            gettext(
                "В сообщении может быть не больше %(limit)s знаков. %(extra)s",
                limit=MAX_TEXT,
                extra=ngettext(
                    "Сократите его на %(num)d знак.", "Сократите его на %(num)d знака.", extra
                ),
            )
        )
    return text


def check_client_id(client_id: str) -> str:
    """The sender's own id for a message: it becomes part of a DOM id, so only safe letters.

    Raises:
        Invalid: it has another shape.
    """
    if not CLIENT_ID.fullmatch(client_id):
        raise Invalid(lazy_gettext("Сообщение не отправлено. Обновите страницу и повторите."))
    return client_id

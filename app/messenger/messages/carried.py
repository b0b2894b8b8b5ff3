"""What a message carries besides its text, in a word: for lists, search and push."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

CARRIED: dict[str, LazyString] = {
    "photo": lazy_gettext("Фото"),
    "video": lazy_gettext("Видео"),
    "audio": lazy_gettext("Звук"),
    "voice": lazy_gettext("Голосовое сообщение"),
    "document": lazy_gettext("Файл"),
    "poll": lazy_gettext("Опрос"),
}


def carried_word(carries: str | None) -> str:
    """«Фото»: in the person's language; empty when there is only text."""
    return str(CARRIED.get(carries or "", ""))

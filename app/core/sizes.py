"""Sizes of files in words: «3,4 МБ»."""

from __future__ import annotations

from flask import Flask
from flask_babel import format_decimal, gettext

KILO = 1024
MEGA = 1024 * KILO
GIGA = 1024 * MEGA


def size_words(size: int) -> str:
    """«512 Б», «34 КБ», «3,4 МБ», «1,2 ГБ»: in the person's language."""
    if size < KILO:
        return str(gettext("%(size)s Б", size=size))
    if size < MEGA:
        return str(gettext("%(size)s КБ", size=format_decimal(round(size / KILO))))
    if size < GIGA:
        return str(gettext("%(size)s МБ", size=format_decimal(round(size / MEGA, 1))))
    return str(gettext("%(size)s ГБ", size=format_decimal(round(size / GIGA, 1))))


def install(app: Flask) -> None:
    """Sizes in templates: `{{ file.size | size_words }}`."""
    app.add_template_filter(size_words, "size_words")

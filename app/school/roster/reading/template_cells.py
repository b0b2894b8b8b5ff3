"""Cells of the Russian form: roles, days of the week, numbers and times of lessons."""

from __future__ import annotations

import re

from flask_babel import gettext

from app.school.people import Role
from app.school.roster.reading import template_form as form
from app.school.roster.reading import values
from app.school.roster.reading.name_index import plain
from app.school.roster.reading.tables import Row


def split_people(text: str) -> list[str]:
    """People of one cell, divided by semicolons: a comma stands before the class."""
    return [part.strip() for part in text.split(";") if part.strip()]


def read_roles(row: Row) -> list[Role]:
    """The roles of a person, at least one."""
    words = values.split_list(row.text("Роль", is_required=True))
    for word in words:
        if word.casefold() not in form.ROLE_WORDS:
            row.wrong(
                "Роль",
                gettext(
                    "Вместо «%(word)s» ждали: обучающийся, преподаватель или администратор.",
                    word=word,
                ),
            )
    found = (form.ROLE_WORDS.get(word.casefold()) for word in words)
    return list(dict.fromkeys(role for role in found if role is not None))


def read_weekday(row: Row) -> int:
    """1 for Monday, written in full, short or as a number."""
    word = plain(row.text("День", is_required=True))
    for days in (form.WEEKDAYS, form.SHORT_WEEKDAYS, tuple("1234567")):
        if word in days:
            return days.index(word) + 1
    row.wrong("День", gettext("«%(word)s» — не день недели.", word=word))
    return 0


def read_number(row: Row) -> int:
    """The number of a lesson."""
    text = row.text("Урок", is_required=True)
    if re.fullmatch(r"\d{1,2}", text) and int(text) <= 14:
        return int(text)
    row.wrong("Урок", gettext("Номер урока — число от 0 до 14."))
    return 0


def read_time(row: Row, column: str) -> str:
    """«HH:MM»."""
    text = row.text(column, is_required=True)
    time = values.read_time(text)
    if time is None:
        row.wrong(column, gettext("«%(text)s» — не время. Пишите 08:30.", text=text))
    return time or ""

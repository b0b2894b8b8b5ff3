"""Marks in words: kinds of work, absences, averages as the person's language writes them."""

from __future__ import annotations

from fractions import Fraction

from flask_babel import format_decimal, lazy_gettext

from app.school.averages import rounded
from app.school.mark_entries import Absence, WorkKind

KIND_NAMES = {
    WorkKind.ANSWER: lazy_gettext("ответ на уроке"),
    WorkKind.HOMEWORK: lazy_gettext("домашняя работа"),
    WorkKind.CLASSWORK: lazy_gettext("работа на уроке"),
    WorkKind.INDEPENDENT: lazy_gettext("самостоятельная"),
    WorkKind.TEST: lazy_gettext("тест"),
    WorkKind.LABORATORY: lazy_gettext("лабораторная"),
    WorkKind.CONTROL: lazy_gettext("контрольная"),
    WorkKind.PROJECT: lazy_gettext("проект"),
}
KIND_SHORT = {
    WorkKind.ANSWER: lazy_gettext("отв"),
    WorkKind.HOMEWORK: lazy_gettext("д/з"),
    WorkKind.CLASSWORK: lazy_gettext("ур"),
    WorkKind.INDEPENDENT: lazy_gettext("с/р"),
    WorkKind.TEST: lazy_gettext("тест"),
    WorkKind.LABORATORY: lazy_gettext("л/р"),
    WorkKind.CONTROL: lazy_gettext("к/р"),
    WorkKind.PROJECT: lazy_gettext("пр"),
}
ABSENCE_NAMES = {
    Absence.ABSENT: lazy_gettext("не был"),
    Absence.SICK: lazy_gettext("болел"),
    Absence.LATE: lazy_gettext("опоздал"),
}


def shown_average(value: Fraction | None) -> str:
    """«4,33»; empty without marks."""
    return "" if value is None else str(format_decimal(rounded(value), "0.00"))


def shown_share(value: Fraction | None) -> str:
    """«67 %»; empty when nobody is counted."""
    return "" if value is None else f"{int(value * 100 + Fraction(1, 2))} %"

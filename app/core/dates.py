"""Dates and moments in the person's language and the school's time zone, as template filters."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask_babel import format_date, format_datetime, gettext, to_user_timezone


def _day(value: dt.date | dt.datetime) -> dt.date:
    return to_user_timezone(value).date() if isinstance(value, dt.datetime) else value


def short_date(value: dt.date | dt.datetime) -> str:
    """«05.09»."""
    return str(format_date(_day(value), "dd.MM"))


def long_date(value: dt.date | dt.datetime) -> str:
    """«5 сентября 2026»."""
    return str(format_date(_day(value), "d MMMM y"))


def week_date(value: dt.date | dt.datetime) -> str:
    """«Вторник, 24 ноября»."""
    words = str(format_date(_day(value), "EEEE, d MMMM"))
    return words[:1].upper() + words[1:]


def weekday_short(value: dt.date | dt.datetime) -> str:
    """«Вт»."""
    return str(format_date(_day(value), "EEEEEE")).capitalize()


def plus_days(value: dt.date, days: int) -> dt.date:
    """The day so many days later."""
    return value + dt.timedelta(days=days)


def moment(value: dt.datetime) -> str:
    """«5 сентября, 14:30»."""
    return str(format_datetime(value, "d MMMM, HH:mm"))


def weekday(value: dt.date) -> str:
    """«вт»."""
    return str(format_date(value, "EEE"))


def in_archive(value: object) -> str:
    """A value of an archive's page: moments in the school's time, yes and no in words."""
    if isinstance(value, dt.datetime):
        return str(format_datetime(value, "d MMMM y, HH:mm"))
    if isinstance(value, dt.date):
        return long_date(value)
    if isinstance(value, bool):
        return gettext("да") if value else gettext("нет")
    return "" if value is None else str(value)


def install(app: Flask) -> None:
    """Register the filters."""
    app.add_template_filter(short_date)
    app.add_template_filter(long_date)
    app.add_template_filter(week_date)
    app.add_template_filter(weekday_short)
    app.add_template_filter(plus_days)
    app.add_template_filter(moment)
    app.add_template_filter(weekday)
    app.add_template_filter(in_archive)

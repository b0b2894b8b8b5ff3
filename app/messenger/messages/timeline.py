"""Messages as a page shows them: by days, with a line above the first unread one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import format_date, gettext
from markupsafe import Markup

from app.core import clock
from app.core.config import current_settings
from app.messenger.chats.lookup import OwnChat
from app.messenger.messages.rendering import render_message
from app.messenger.messages.views import MessageView


@dataclass(frozen=True)
class Day:
    """A header: the day (ISO) and its name for people."""

    date: dt.date
    name: str


@dataclass(frozen=True)
class UnreadLine:
    """The line above the first unread message."""

    is_unread_line: bool = True


def timeline(
    messages: Sequence[MessageView], chat: OwnChat, reader: str
) -> Iterator[Day | UnreadLine | Markup]:
    """What stands one under another; `reader` is the public id of the profile that looks."""
    zone = ZoneInfo(current_settings().time_zone)
    day: dt.date | None = None
    unread_from = _first_unread(messages, chat, reader)
    for message in messages:
        sent_on = message.created_at.astimezone(zone).date()
        if sent_on != day:
            day = sent_on
            yield Day(day, day_name(day))
        if message.seq == unread_from:
            yield UnreadLine()
        yield render_message(message)


def day_name(day: dt.date) -> str:
    """«Сегодня», «Вчера», «5 сентября», «5 сентября 2025 г.»."""
    today = clock.today(current_settings().time_zone)
    if day == today:
        return str(gettext("Сегодня"))
    if day == today - dt.timedelta(days=1):
        return str(gettext("Вчера"))
    return str(format_date(day, "d MMMM" if day.year == today.year else "long"))


def _first_unread(messages: Sequence[MessageView], chat: OwnChat, reader: str) -> int | None:
    """The first one that others wrote after what is read; what the system tells is not counted."""
    if not chat.unread or not chat.member.is_active:
        return None
    unread = (
        one.seq
        for one in messages
        if one.seq > chat.read_seq and one.author != reader and one.notice is None
    )
    return next(unread, None)


def short_moment(moment: dt.datetime) -> str:
    """When, in the list of chats: «14:05», «Вчера», «пн», «5 сент.», «05.09.2025»."""
    local = moment.astimezone(ZoneInfo(current_settings().time_zone))
    age = (clock.today(current_settings().time_zone) - local.date()).days
    if age <= 0:
        return f"{local:%H:%M}"
    if age == 1:
        return str(gettext("Вчера"))
    if age < 7:
        return str(format_date(local.date(), "EEEEEE"))
    if local.year == clock.today(current_settings().time_zone).year:
        return str(format_date(local.date(), "d MMM"))
    return str(format_date(local.date(), "dd.MM.yyyy"))


def seen_moment(moment: dt.datetime) -> str:
    """When somebody was last seen, after «был(а)»: «сегодня в 14:05», «вчера в 9:30», «5 мая»."""
    local = moment.astimezone(ZoneInfo(current_settings().time_zone))
    age = (clock.today(current_settings().time_zone) - local.date()).days
    if age <= 0:
        return str(gettext("сегодня в %(time)s", time=f"{local:%H:%M}"))
    if age == 1:
        return str(gettext("вчера в %(time)s", time=f"{local:%H:%M}"))
    return str(format_date(local.date(), "d MMMM"))

"""Lessons as an iCalendar feed (RFC 5545). Pure: text out of plain data.

What a calendar program of a phone needs: a VTIMEZONE of its own, a UID that stays, SEQUENCE that
grows, cancelled lessons said to be cancelled, lines of at most 75 octets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

PRODID = "-//Svyazka//Timetable//RU"
MAX_OCTETS = 75
STAMP = "%Y%m%dT%H%M%SZ"
LOCAL = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Event:
    """One lesson of the feed. `begins` and `ends` are the school's local time, naive."""

    uid: str
    begins: dt.datetime
    ends: dt.datetime
    summary: str
    location: str
    description: str
    is_cancelled: bool
    sequence: int
    stamp: dt.datetime  # aware: when this was said last


def calendar(name: str, events: Iterable[Event], zone: ZoneInfo) -> str:
    """The whole feed, with CRLF line ends."""
    events = list(events)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODID}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{zone.key}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    if events:
        lines += _time_zone(
            zone, min(row.begins for row in events), max(row.ends for row in events)
        )
    for event in events:
        lines += _event(event, zone)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11: backslash, comma, semicolon and line ends."""
    for plain, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, safe)
    return text


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets (3.1); a character is never cut in two."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > MAX_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += width
    return "\r\n".join([*pieces, piece]) + "\r\n"


def _event(event: Event, zone: ZoneInfo) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{event.stamp.astimezone(dt.UTC):{STAMP}}",
        f"DTSTART;TZID={zone.key}:{event.begins:{LOCAL}}",
        f"DTEND;TZID={zone.key}:{event.ends:{LOCAL}}",
        f"SUMMARY:{escaped(event.summary)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
    ]
    if event.location:
        lines.append(f"LOCATION:{escaped(event.location)}")
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.is_cancelled:
        lines.append("TRANSP:TRANSPARENT")
    lines.append("END:VEVENT")
    return lines


def _time_zone(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> list[str]:
    """The zone as it is over these days: its offset at their beginning, and each change."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    start = dt.datetime.combine(dt.date(first.year, 1, 1), dt.time())
    before = start.replace(tzinfo=zone)
    lines += _observance(before, before.utcoffset(), start)
    day = start
    while day.date() <= last.date() + dt.timedelta(days=1):
        following = day + dt.timedelta(days=1)
        old = day.replace(tzinfo=zone).utcoffset()
        if following.replace(tzinfo=zone).utcoffset() != old:
            moment = _turn(zone, day, following)
            lines += _observance(moment.astimezone(zone), old, _wall(moment, old))
        day = following
    lines.append("END:VTIMEZONE")
    return lines


def _observance(after: dt.datetime, old: dt.timedelta | None, onset: dt.datetime) -> list[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{onset:{LOCAL}}",
        f"TZOFFSETFROM:{_offset(old)}",
        f"TZOFFSETTO:{_offset(after.utcoffset())}",
        f"TZNAME:{after.tzname()}",
        f"END:{kind}",
    ]


def _turn(zone: ZoneInfo, day: dt.datetime, following: dt.datetime) -> dt.datetime:
    """The first minute, in UTC, of the new offset between these two midnights."""
    low = day.replace(tzinfo=zone).astimezone(dt.UTC)
    high = following.replace(tzinfo=zone).astimezone(dt.UTC)
    old = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


def _wall(moment: dt.datetime, offset: dt.timedelta | None) -> dt.datetime:
    return (moment + (offset or dt.timedelta())).replace(tzinfo=None)


def _offset(offset: dt.timedelta | None) -> str:
    minutes = int((offset or dt.timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"

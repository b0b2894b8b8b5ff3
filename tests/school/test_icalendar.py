"""The calendar feed, by parsing it as a calendar program does."""

# ruff: noqa: DTZ001  # events are at the local time of a school, TZID says which

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from app.school.icalendar import Event, calendar, escaped, folded

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
NAMES = {"\\n": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}


def event(**changes):
    fields = {
        "uid": "a-20261124-2@svyazka",
        "begins": dt.datetime(2026, 11, 24, 9, 30),
        "ends": dt.datetime(2026, 11, 24, 10, 15),
        "summary": "Физика · 7А",
        "location": "каб. 204",
        "description": "",
        "is_cancelled": False,
        "sequence": 0,
        "stamp": dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC),
    } | changes
    return Event(**fields)


def parse(text):
    """[(name, value)…] of every component: unfolded, unescaped; and that it is well formed."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75
    stack, found = [], []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, value = line.split(":", 1)
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            kind, fields = stack.pop()
            assert kind == value
            found.append((kind, fields))
        else:
            assert name not in stack[-1][1], f"{name} twice"
            stack[-1][1][name] = re.sub(r"\\[n,;\\]", lambda m: NAMES[m[0]], value)
    assert stack == []
    return found


def events(text):
    return [fields for kind, fields in parse(text) if kind == "VEVENT"]


def test_a_lesson_is_an_event_at_the_schools_time():
    (found,) = events(calendar("Школа", [event()], MOSCOW))
    assert found == {
        "UID": "a-20261124-2@svyazka",
        "DTSTAMP": "20261101T120000Z",
        "DTSTART;TZID=Europe/Moscow": "20261124T093000",
        "DTEND;TZID=Europe/Moscow": "20261124T101500",
        "SUMMARY": "Физика · 7А",
        "LOCATION": "каб. 204",
        "SEQUENCE": "0",
        "STATUS": "CONFIRMED",
    }


def test_a_cancelled_lesson_says_so():
    (found,) = events(calendar("Школа", [event(is_cancelled=True, sequence=2)], MOSCOW))
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", "2")


@pytest.mark.parametrize(
    "text", ["Физика, химия; или\\нет", "две\nстроки", "длинное слово " * 40, "🙂" * 60, ""]
)
def test_any_text_comes_out_as_it_went_in(text):
    (found,) = events(calendar("Школа", [event(summary=text, description=text)], MOSCOW))
    assert found["SUMMARY"] == text
    assert found.get("DESCRIPTION", "") == text


def test_a_line_end_cannot_begin_a_line_of_its_own():
    assert "\r\nSTATUS:CANCELLED" not in calendar(
        "Школа", [event(summary="a\r\nSTATUS:CANCELLED")], MOSCOW
    )


def test_lines_are_folded_between_characters():
    assert folded("я" * 60).split("\r\n ") == ["я" * 37, "я" * 23 + "\r\n"]
    assert escaped("a,b") == "a\\,b"


def test_an_empty_calendar_is_a_calendar():
    assert [kind for kind, _ in parse(calendar("Школа", [], MOSCOW))] == ["VCALENDAR"]


def zones(zone, *moments):
    text = calendar("Школа", [event(begins=one, ends=one) for one in moments], zone)
    return [
        (kind, fields["DTSTART"], fields["TZOFFSETFROM"], fields["TZOFFSETTO"])
        for kind, fields in parse(text)
        if kind in ("STANDARD", "DAYLIGHT")
    ]


def test_moscow_has_one_offset():
    assert zones(MOSCOW, dt.datetime(2026, 11, 24)) == [
        ("STANDARD", "20260101T000000", "+0300", "+0300")
    ]


def test_a_zone_that_turns_its_clocks_says_when():
    assert zones(BERLIN, dt.datetime(2026, 2, 1), dt.datetime(2026, 12, 1)) == [
        ("STANDARD", "20260101T000000", "+0100", "+0100"),
        ("DAYLIGHT", "20260329T020000", "+0100", "+0200"),
        ("STANDARD", "20261025T030000", "+0200", "+0100"),
    ]

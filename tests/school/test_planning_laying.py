"""A plan laid over lessons, and where what was written for a cancelled lesson goes. Pure rules."""

import datetime as dt

import pytest

from app.school.lesson_days import LessonDay
from app.school.planning_laying import Row, hours_of, laid, settled

A, B = 1, 2


def lesson(day, number=1, teaching=A, **fields):
    times = {"starts_at": dt.time(8, 30), "ends_at": dt.time(9, 15)}
    return LessonDay(dt.date(2026, 11, day), number, teaching, **times, **fields)


def place(day, number=1, teaching=A):
    return (teaching, dt.date(2026, 11, day), number)


ROWS = [Row("Свет"), Row("Тень", hours=2, homework="§ 5"), Row("Зеркало")]


def test_a_row_takes_as_many_lessons_as_it_has_hours():
    assert [(hour.topic, hour.homework) for hour in hours_of(ROWS)] == [
        ("Свет", ""),
        ("Тень", "§ 5"),
        ("Тень", ""),
        ("Зеркало", ""),
    ]


LAYINGS = [
    ("as planned", [lesson(2), lesson(3), lesson(4)], "Свет Тень Тень"),
    ("one is cancelled", [lesson(2), lesson(3, is_cancelled=True), lesson(4)], "Свет - Тень"),
    ("one is added", [lesson(2), lesson(2, 5, is_extra=True), lesson(3)], "Свет Тень Тень"),
    ("lessons outlast the plan", [lesson(n) for n in range(2, 8)], "Свет Тень Тень Зеркало - -"),
    ("no lessons", [], ""),
]


@pytest.mark.parametrize(("why", "lessons", "topics"), LAYINGS)
def test_the_kth_given_lesson_has_the_kth_hour(why, lessons, topics):
    hours = laid(ROWS, lessons)
    places = [(row.teaching_id, row.date, row.number) for row in lessons]
    found = [hours[key].topic if key in hours else "-" for key in places]
    assert " ".join(found) == topics, why


WEEK = [lesson(2), lesson(4), lesson(6), lesson(4, 3, B)]
SETTLINGS = [
    ("given as planned", place(4), WEEK, place(4)),
    (
        "cancelled: the next one",
        place(4),
        [lesson(2), lesson(4, is_cancelled=True), lesson(6)],
        place(6),
    ),
    (
        "moved earlier: along with it",
        place(4),
        [
            lesson(3, 2, moved_from=dt.date(2026, 11, 4)),
            lesson(4, is_cancelled=True, moved_to=dt.date(2026, 11, 3)),
            lesson(6),
        ],
        place(3, 2),
    ),
    ("vanished from the timetable", place(3), WEEK, place(4)),
    ("another teaching's lesson is no place for it", place(2, 1, B), WEEK, place(4, 3, B)),
    ("nothing comes after", place(9), WEEK, place(9)),
]


@pytest.mark.parametrize(("why", "written", "lessons", "goes"), SETTLINGS)
def test_where_what_was_written_counts(why, written, lessons, goes):
    assert settled([written], lessons)[written] == goes, why

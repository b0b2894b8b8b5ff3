"""Who is in two places: a class, a teacher, a room; named in words."""

import datetime as dt

import pytest

from app.school.conflicts import Busy, conflicts, sentences


def busy(**changes):
    """Physics with Kim in 7А, room 204, at 9:30."""
    fields = {
        "starts_at": dt.time(9, 30), "ends_at": dt.time(10, 15),
        "class_id": 7, "class_name": "7А", "subject_id": 1, "subject": "Физика",
        "teacher_id": 1, "teacher": "Ким О. И.", "room": "204",
    } | changes  # fmt: skip
    return Busy(**fields)


OTHER_CLASS = {"class_id": 8, "class_name": "8А"}
OTHER_SUBJECT = {"subject_id": 2, "subject": "Химия"}
OTHER_TEACHER = {"teacher_id": 2, "teacher": "Титова В. А."}
LATER = {"starts_at": dt.time(10, 15), "ends_at": dt.time(11, 0)}


@pytest.mark.parametrize(
    ("wanted", "clashes"),
    [
        ({}, ["class", "teacher", "room"]),
        (LATER, []),
        ({"starts_at": dt.time(10, 0), "ends_at": dt.time(10, 45)}, ["class", "teacher", "room"]),
        (OTHER_CLASS, ["teacher", "room"]),
        (OTHER_CLASS | OTHER_TEACHER, ["room"]),
        (OTHER_CLASS | OTHER_TEACHER | {"room": "205"}, []),
        (OTHER_CLASS | OTHER_TEACHER | {"room": ""}, []),
        (OTHER_TEACHER | OTHER_SUBJECT | {"room": "205"}, ["class"]),
        # Two teachers of one subject: the class is in subgroups, but not in one room.
        (OTHER_TEACHER | {"room": "205"}, []),
        (OTHER_TEACHER, ["room"]),
    ],
)
def test_what_clashes(wanted, clashes):
    assert [row.clash.value for row in conflicts(busy(**wanted), [busy()])] == clashes


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (OTHER_SUBJECT, ["У 7А в это время Физика, каб. 204"]),
        (OTHER_CLASS, ["Ким О. И. в это время ведёт: Физика, 7А, каб. 204"]),
        (OTHER_CLASS | OTHER_TEACHER, ["Кабинет 204 в это время занят: Физика, 7А"]),
    ],
)
def test_a_clash_is_named_once_in_words(app, wanted, text):
    with app.test_request_context():
        assert sentences(conflicts(busy(**wanted), [busy()])) == text


def test_a_clash_on_one_of_many_days_names_the_day(app):
    with app.test_request_context():
        other = busy(date=dt.date(2026, 11, 24))
        found = sentences(conflicts(busy(**OTHER_SUBJECT), [other]))
    assert found == ["24 ноября: У 7А в это время Физика, каб. 204"]


def test_no_more_than_five_are_named(app):
    others = [busy(date=dt.date(2026, 11, day)) for day in range(1, 10)]
    with app.test_request_context():
        assert len(sentences(conflicts(busy(), others))) == 5

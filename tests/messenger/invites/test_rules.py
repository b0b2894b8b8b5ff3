"""What the opener of an invite meets, as a table."""

import datetime as dt

import pytest

from app.messenger.chats.company import Person
from app.messenger.invites.rules import Door, Visitor, Welcome, may_join, welcome

NOW = dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OPEN = {
    "is_annulled": False,
    "is_author_in": True,
    "is_archived": False,
    "needs_approval": False,
    "expires_at": None,
    "most_uses": None,
    "uses": 0,
}
TEACHER = Person(frozenset({("a", "teacher")}))
FOREIGN = Person(frozenset({("b", "teacher")}))
PUPIL = Person(frozenset({("a", "pupil")}))
NOBODY = Person(frozenset())


def door(**changes):
    return Door(**(OPEN | changes))


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({}, True),
        ({"is_annulled": True}, False),
        ({"is_author_in": False}, False),
        ({"is_archived": True}, False),
        ({"expires_at": NOW + HOUR}, True),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW - HOUR}, False),
        ({"most_uses": 1, "uses": 0}, True),
        ({"most_uses": 1, "uses": 1}, False),
        ({"most_uses": 5, "uses": 9}, False),
    ],
)
def test_a_door_is_open_while_everything_holds(changes, is_open):
    assert door(**changes).is_open(NOW) is is_open


@pytest.mark.parametrize(
    ("person", "present", "is_reached", "allowed"),
    [
        (TEACHER, [TEACHER], False, True),
        (FOREIGN, [TEACHER], False, True),
        (TEACHER, [TEACHER, PUPIL], False, False),
        (TEACHER, [TEACHER, PUPIL], True, True),
        (FOREIGN, [TEACHER, PUPIL], True, False),
        (PUPIL, [TEACHER], False, False),
        (PUPIL, [TEACHER], True, True),
        (PUPIL, [TEACHER, FOREIGN], True, False),
        (NOBODY, [TEACHER], True, False),
    ],
)
def test_a_link_widens_nobodys_reach_to_children(person, present, is_reached, allowed):
    assert may_join(Visitor(person=person, is_reached=is_reached), present) is allowed


@pytest.mark.parametrize(
    ("changes", "visitor", "expected"),
    [
        ({}, None, Welcome.SIGN_IN),
        ({"is_annulled": True}, None, Welcome.OVER),
        ({}, {"person": NOBODY}, Welcome.NOT_CONFIRMED),
        ({}, {}, Welcome.ENTER),
        ({"needs_approval": True}, {}, Welcome.ASK),
        ({}, {"was_removed": True}, Welcome.ASK),
        ({}, {"is_waiting": True}, Welcome.WAITING),
        ({}, {"is_declined": True}, Welcome.DECLINED),
        ({}, {"person": PUPIL}, Welcome.NOT_FOR_YOU),
        ({"is_annulled": True}, {}, Welcome.OVER),
        ({}, {"is_member": True}, Welcome.ALREADY_IN),
        ({"is_annulled": True}, {"is_member": True}, Welcome.ALREADY_IN),
    ],
)
def test_everybody_meets_their_own_page(changes, visitor, expected):
    opener = None if visitor is None else Visitor(**({"person": TEACHER} | visitor))
    assert welcome(door(**changes), opener, [TEACHER], NOW) is expected

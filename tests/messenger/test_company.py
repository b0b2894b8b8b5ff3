"""Who may be together with children in a chat made by hand, as a table."""

import pytest

from app.messenger.chats.company import Entry, Person, may_enter


def person(*pairs):
    return Person(frozenset(pairs))


PUPIL, FOREIGN_PUPIL = person(("a", "pupil")), person(("b", "pupil"))
TEACHER, FOREIGN_TEACHER = person(("a", "teacher")), person(("b", "teacher"))
GUARDIAN = person(("a", "guardian"))
IN_BOTH = person(("a", "teacher"), ("b", "guardian"))
NOBODY = person()


@pytest.mark.parametrize(
    ("newcomer", "present", "verdict"),
    [
        (PUPIL, [TEACHER, GUARDIAN, PUPIL], Entry.YES),
        (TEACHER, [PUPIL, PUPIL], Entry.YES),
        (TEACHER, [FOREIGN_TEACHER], Entry.YES),
        (IN_BOTH, [PUPIL, FOREIGN_PUPIL], Entry.YES),
        (PUPIL, [], Entry.YES),
        (PUPIL, [TEACHER, FOREIGN_TEACHER], Entry.CHILD_AMONG_STRANGERS),
        (PUPIL, [FOREIGN_PUPIL], Entry.CHILD_AMONG_STRANGERS),
        (PUPIL, [NOBODY], Entry.CHILD_AMONG_STRANGERS),
        (FOREIGN_TEACHER, [TEACHER, PUPIL], Entry.STRANGER_TO_CHILDREN),
        (NOBODY, [TEACHER], Entry.NOT_CONFIRMED),
        (NOBODY, [], Entry.NOT_CONFIRMED),
    ],
)
def test_no_stranger_comes_to_a_child(newcomer, present, verdict):
    assert may_enter(newcomer, present) is verdict


@pytest.mark.parametrize(
    ("somebody", "is_only_pupil"),
    [
        (PUPIL, True),
        (TEACHER, False),
        (person(("a", "pupil"), ("b", "teacher")), False),
        (NOBODY, False),
    ],
)
def test_a_pupil_is_one_everywhere(somebody, is_only_pupil):
    assert somebody.is_only_pupil is is_only_pupil

"""The table of FLOWS 8, row by row: who may reach whom, and for what."""

import itertools

import pytest

from app.messenger.safety import (
    RULES,
    TABLE,
    Act,
    Bond,
    CircleKind,
    Place,
    Verdict,
    may_talk,
    verdict,
)
from app.messenger.safety_words import PLACES, TO_WHOM

CLASS, GROUP, FAMILY, SCHOOL = CircleKind
PUPIL, GUARDIAN, TEACHER, LEADER, ADMINISTRATOR = Place
ALL = {Act.DIRECT, Act.FIND, Act.ADD, Act.CALL}
IN_WRITING = {Act.DIRECT, Act.FIND, Act.ADD}
GATHER = {Act.FIND, Act.ADD}
EXPECTED = {
    # Pupils reach people of their own class and their own teachers.
    (CLASS, PUPIL, PUPIL): ALL,
    (CLASS, PUPIL, LEADER): ALL,
    (CLASS, PUPIL, TEACHER): IN_WRITING,
    (GROUP, PUPIL, TEACHER): IN_WRITING,
    (GROUP, PUPIL, LEADER): IN_WRITING,
    (GROUP, PUPIL, PUPIL): set(),
    (CLASS, PUPIL, GUARDIAN): set(),
    (FAMILY, PUPIL, GUARDIAN): ALL,
    (SCHOOL, PUPIL, PUPIL): set(),
    (SCHOOL, PUPIL, TEACHER): set(),
    (SCHOOL, PUPIL, GUARDIAN): set(),
    (SCHOOL, PUPIL, ADMINISTRATOR): set(),
    # Parents reach their children's teachers and the parents of the class.
    (CLASS, GUARDIAN, GUARDIAN): ALL,
    (CLASS, GUARDIAN, TEACHER): ALL,
    (CLASS, GUARDIAN, LEADER): ALL,
    (CLASS, GUARDIAN, PUPIL): set(),
    (GROUP, GUARDIAN, TEACHER): ALL,
    (GROUP, GUARDIAN, LEADER): ALL,
    (GROUP, GUARDIAN, GUARDIAN): set(),
    (GROUP, GUARDIAN, PUPIL): set(),
    (FAMILY, GUARDIAN, PUPIL): ALL,
    (FAMILY, GUARDIAN, GUARDIAN): ALL,
    (SCHOOL, GUARDIAN, PUPIL): set(),
    (SCHOOL, GUARDIAN, GUARDIAN): set(),
    (SCHOOL, GUARDIAN, TEACHER): set(),
    (SCHOOL, GUARDIAN, ADMINISTRATOR): set(),
    # Staff reach each other and those whom they teach and lead, and gather the school in chats.
    (CLASS, LEADER, PUPIL): ALL,
    (CLASS, LEADER, GUARDIAN): ALL,
    (CLASS, TEACHER, PUPIL): IN_WRITING,
    (CLASS, TEACHER, GUARDIAN): ALL,
    (GROUP, TEACHER, PUPIL): IN_WRITING,
    (GROUP, LEADER, PUPIL): IN_WRITING,
    (GROUP, TEACHER, GUARDIAN): ALL,
    (SCHOOL, TEACHER, TEACHER): ALL,
    (SCHOOL, TEACHER, ADMINISTRATOR): ALL,
    (SCHOOL, ADMINISTRATOR, TEACHER): ALL,
    (SCHOOL, ADMINISTRATOR, ADMINISTRATOR): ALL,
    (SCHOOL, TEACHER, PUPIL): GATHER,
    (SCHOOL, TEACHER, GUARDIAN): GATHER,
    (SCHOOL, ADMINISTRATOR, PUPIL): GATHER,
    (SCHOOL, ADMINISTRATOR, GUARDIAN): ALL,
}


@pytest.mark.parametrize(
    ("bond", "acts"), EXPECTED.items(), ids=["-".join(bond) for bond in EXPECTED]
)
def test_who_may_reach_whom(bond, acts):
    assert {act for act in Act if verdict([Bond(*bond)], act)} == acts


def test_strangers_never():
    assert all(verdict([], act) is Verdict.STRANGER for act in Act)


def test_a_phone_is_shown_to_nobody():
    everybody = [Bond(*parts) for parts in itertools.product(CircleKind, Place, Place)]
    assert not verdict(everybody, Act.SEE_PHONE)


def test_knowing_somebody_is_not_yet_being_allowed():
    assert verdict([Bond(SCHOOL, TEACHER, PUPIL)], Act.DIRECT) is Verdict.NOT_THIS


def test_one_bond_that_allows_is_enough():
    bonds = [Bond(SCHOOL, TEACHER, PUPIL), Bond(CLASS, LEADER, PUPIL)]
    assert verdict(bonds, Act.CALL)


def test_no_row_is_written_twice():
    assert len(RULES) == len(TABLE)


def test_whoever_may_be_written_to_or_added_can_be_found():
    for rule in TABLE:
        assert Act.FIND in rule.acts


def test_an_adult_alone_with_a_pupil_in_a_call_is_family_or_leads_the_class():
    for rule in TABLE:
        bond = rule.bond
        if PUPIL in (bond.mine, bond.theirs) and bond.mine != bond.theirs and Act.CALL in rule.acts:
            assert bond.kind is FAMILY or LEADER in (bond.mine, bond.theirs)


def test_a_pupil_is_written_to_only_by_whom_it_may_write_to():
    for rule in TABLE:
        back = Bond(rule.bond.kind, rule.bond.theirs, rule.bond.mine)
        if rule.bond.theirs is PUPIL and Act.DIRECT in rule.acts:
            assert verdict([back], Act.DIRECT)


def test_a_parent_answers_the_school_office():
    assert may_talk([Bond(SCHOOL, GUARDIAN, ADMINISTRATOR)])
    assert not may_talk([Bond(SCHOOL, GUARDIAN, TEACHER)])


def test_the_page_has_words_for_every_row_and_one_meaning_for_each():
    assert set(TO_WHOM) == set(RULES)
    for places in PLACES.values():
        meanings = {}
        for rule in TABLE:
            if rule.bond.mine in places:
                words = (rule.bond.mine, str(TO_WHOM[rule.bond]._args[0]))
                assert meanings.setdefault(words, rule.acts) == rule.acts

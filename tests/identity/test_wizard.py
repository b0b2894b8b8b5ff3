"""The next step follows from what is known: the whole table, and what must hold for any of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.wizard import ORDER, Known, Step, may_show, next_step

KNOWNS = st.builds(Known, *[st.booleans()] * 7)


@pytest.mark.parametrize(
    ("known", "step"),
    [
        (Known(), Step.PHONE),
        (Known(has_phone=True), Step.CODE),
        (Known(has_phone=True, is_proved=True), Step.ABOUT),
        (Known(has_phone=True, is_proved=True, has_vk_id=True), Step.CREATE),
        (Known(has_phone=True, is_proved=True, has_vk_id=True, wants_profile=True), Step.PROFILE),
        (Known(signs_in_elsewhere=True), Step.ELSEWHERE),
        (Known(signs_in_elsewhere=True, is_proved=True), Step.ABOUT),
        (Known(signs_in_elsewhere=True, is_proved=True, has_vk_id=True), Step.CREATE),
        (Known(has_phone=True, is_proved=True, must_confirm=True), Step.CONFIRM),
        (Known(has_profile=True), Step.READY),
        (Known(has_phone=True, has_profile=True), Step.READY),
    ],
)
def test_the_next_step(known, step):
    assert next_step(known) is step


@given(KNOWNS)
def test_the_next_step_may_always_be_shown_and_no_later_one(known):
    wanted = next_step(known)
    assert may_show(wanted, known)
    assert not any(may_show(step, known) for step in ORDER[ORDER.index(wanted) + 1 :])


@given(KNOWNS)
def test_nothing_after_the_phone_is_shown_without_its_proof(known):
    if not known.is_proved and not known.has_profile:
        assert not any(may_show(step, known) for step in (Step.ABOUT, Step.CREATE, Step.PROFILE))


@given(KNOWNS)
def test_no_phone_is_asked_for_where_people_sign_in_elsewhere(known):
    if known.signs_in_elsewhere:
        assert not may_show(Step.PHONE, known)
        assert not may_show(Step.CODE, known)

"""«Главная» asks one thing at a time: which, is this table."""

import pytest

from app.journal.next_step import Situation, Step, next_step

EVERYTHING = {
    "cases": 1, "unanswered": 1, "requests": 1, "unfilled": 1, "never_came": 1, "new_marks": 1,
}  # fmt: skip
ORDER = [
    (Step.CASES, "cases"),
    (Step.ANSWER, "unanswered"),
    (Step.REQUESTS, "requests"),
    (Step.FILL, "unfilled"),
    (Step.INVITE, "never_came"),
    (Step.MARKS, "new_marks"),
]


def test_whoever_has_not_linked_is_asked_for_that_alone():
    assert next_step(Situation(is_linked=False, **EVERYTHING)) is Step.LINK


@pytest.mark.parametrize(("step", "what"), ORDER)
def test_each_thing_alone_is_the_next_step(step, what):
    assert next_step(Situation(is_linked=True, **{what: 3})) is step


@pytest.mark.parametrize("number", range(len(ORDER)))
def test_the_more_urgent_comes_first(number):
    left = {what: 1 for _, what in ORDER[number:]}
    assert next_step(Situation(is_linked=True, **left)) is ORDER[number][0]


def test_whoever_has_nothing_left_is_led_to_the_chats():
    assert next_step(Situation(is_linked=True)) is Step.TALK

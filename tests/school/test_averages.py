"""Averages and what they suggest: tables."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.school import averages

AVERAGES = [
    ([], None),
    ([(5, 1)], "5.00"),
    ([(5, 1), (4, 1)], "4.50"),
    ([(5, 1), (2, 3)], "2.75"),
    ([(4, 1), (4, 1), (5, 1)], "4.33"),
    ([(5, 1)] * 2 + [(4, 1)] * 4, "4.33"),
    ([(4, 7), (5, 1)], "4.13"),  # 4.125 goes up, not to the even 4.12
    ([(3, 3), (4, 2), (5, 1)], "3.67"),
]


@pytest.mark.parametrize(("marks", "shown"), AVERAGES)
def test_an_average_is_weighted_and_rounded_half_up(marks, shown):
    mean = averages.average(marks)
    assert (None if mean is None else averages.rounded(mean)) == (
        None if shown is None else Decimal(shown)
    )


@pytest.mark.parametrize(
    ("mean", "mark"),
    [("9/2", 5), ("449/100", 4), ("4495/1000", 4), ("7/2", 4), ("5/2", 3), ("2", 2), ("5", 5)],
)
def test_the_nearest_mark_is_half_up_of_the_exact_mean(mean, mark):
    assert averages.nearest_mark(Fraction(mean)) == mark


SUGGESTED = [
    # marks, lessons, missed -> hint
    ([], 0, 0, ""),
    ([], 10, 0, "н/а"),
    ([(5, 1)], 10, 0, "5"),
    ([(5, 1)], 10, 5, "5"),  # exactly half is not more than half
    ([(5, 1)], 10, 6, "н/а"),
    ([(5, 1), (5, 1)], 10, 6, "н/а"),
    ([(5, 1), (5, 1), (4, 1)], 10, 9, "5"),  # three marks are enough to judge by
    ([(4, 1), (5, 1)], 10, 0, "5"),
    ([(2, 1), (3, 3)], 10, 0, "3"),
]


@pytest.mark.parametrize(("marks", "lessons", "missed", "hint"), SUGGESTED)
def test_a_period_mark_is_suggested(marks, lessons, missed, hint):
    assert averages.suggested(marks, lessons=lessons, missed=missed) == hint


@pytest.mark.parametrize(
    ("marks", "quality", "success"),
    [([], None, None), ([5, 4, 3, 2], "1/2", "3/4"), ([5], "1", "1"), ([2, 2], "0", "0")],
)
def test_quality_and_success_of_a_class(marks, quality, success):
    assert averages.quality(marks) == (quality and Fraction(quality))
    assert averages.success(marks) == (success and Fraction(success))

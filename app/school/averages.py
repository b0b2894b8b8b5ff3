"""Averages of marks and what they suggest for the period: pure.

A mark is (value, weight). Everything is counted exactly and rounded once, half up, as people do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Weighed = tuple[int, int]
UNATTESTED = "н/а"
FEW_MARKS = 3


def average(marks: Iterable[Weighed]) -> Fraction | None:
    """The weighted mean, exact; None without marks."""
    marks = list(marks)
    weight = sum(weight for _, weight in marks)
    if not weight:
        return None
    return Fraction(sum(value * weight for value, weight in marks), weight)


def rounded(value: Fraction) -> Decimal:
    """Two digits after the point, half up: 4.125 is 4.13."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def nearest_mark(value: Fraction) -> int:
    """The whole mark, half up: 4.5 is 5, 4.49 is 4. Counted before any other rounding."""
    return int(value + Fraction(1, 2))


def is_unattested(marks: Sequence[Weighed], *, lessons: int, missed: int) -> bool:
    """Whether there is too little to judge by.

    Decision: «н/а» is suggested without any mark, or to a pupil who missed more than half of the
    lessons and has fewer than three marks. It is a hint: the teacher decides.
    """
    return not marks or (2 * missed > lessons and len(marks) < FEW_MARKS)


def suggested(marks: Sequence[Weighed], *, lessons: int, missed: int) -> str:
    """The period mark that the average suggests («4», «н/а»); empty before the first lesson."""
    if not lessons:
        return ""
    mean = average(marks)
    if mean is None or is_unattested(marks, lessons=lessons, missed=missed):
        return UNATTESTED
    return str(nearest_mark(mean))


def quality(marks: Sequence[int]) -> Fraction | None:
    """«Качество знаний»: the share of fours and fives."""
    return Fraction(sum(mark >= 4 for mark in marks), len(marks)) if marks else None


def success(marks: Sequence[int]) -> Fraction | None:
    """«Успеваемость»: the share of pupils without a two."""
    return Fraction(sum(mark >= 3 for mark in marks), len(marks)) if marks else None

"""A report as data: a table, and charts beside it. Page, XLSX, CSV and PDF are made of the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from flask_babel import format_decimal

from app.school.averages import rounded

Value = str | int | Decimal | None


@dataclass(frozen=True)
class Cell:
    """A value; where it leads on the page; the mark whose colour it has."""

    value: Value
    href: str = ""
    mark: str = ""

    @property
    def text(self) -> str:
        """As people read it: «4,33», an empty string for nothing."""
        if isinstance(self.value, Decimal):
            return str(format_decimal(self.value, "0.00"))
        return "" if self.value is None else str(self.value)

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, (int, Decimal))


@dataclass(frozen=True)
class Table:
    """`title` and `note` name it on paper too, `name` the file; `totals` stand last."""

    name: str
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Sequence[Cell]] = ()

    @property
    def all_rows(self) -> list[Sequence[Cell]]:
        return [*self.rows, *self.totals]


@dataclass(frozen=True)
class Bar:
    """A bar of a chart. `value` of `most`; `shown` are the words at its end."""

    label: str
    value: float
    shown: str
    tone: str = ""


@dataclass(frozen=True)
class Bars:
    """A chart of horizontal bars."""

    title: str
    bars: Sequence[Bar]
    most: float
    kind: str = "bars"


@dataclass(frozen=True)
class Series:
    """A line of a chart."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Lines:
    """A chart of lines, in percent, over the same labels."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    kind: str = "lines"


@dataclass(frozen=True)
class Report:
    """What a report page shows."""

    table: Table
    charts: Sequence[Bars | Lines] = field(default=())


def average_cell(value: Fraction | None, href: str = "") -> Cell:
    """An average in the colour of its nearest mark."""
    if value is None:
        return Cell(None)
    return Cell(rounded(value), href, str(int(value + Fraction(1, 2))))


def share_cell(value: Fraction | None) -> Cell:
    """«67 %»."""
    return Cell(None if value is None else f"{int(value * 100 + Fraction(1, 2))} %")

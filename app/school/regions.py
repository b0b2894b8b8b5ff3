"""The 89 regions of Russia, read from `regions.csv`: official codes and Russian names.

Decision: the names are those of article 65 of the Constitution and stay Russian in every language
of the site, as on the school's own documents.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import gettext

from app.core.errors import Invalid

FILE = Path(__file__).with_name("regions.csv")


@dataclass(frozen=True)
class Region:
    """A region: its two-digit code and its name."""

    code: str
    name: str


@cache
def all_regions() -> tuple[Region, ...]:
    """Every region, in the order of the Russian alphabet (ё stands with е)."""
    with FILE.open(encoding="utf-8", newline="") as file:
        regions = [Region(row["code"], row["name"]) for row in csv.DictReader(file)]
    return tuple(sorted(regions, key=lambda region: region.name.casefold().replace("ё", "е")))


def find_region(code: str | None) -> Region | None:
    """The region of `code` («77»), or None."""
    return next((region for region in all_regions() if region.code == code), None)


def require_region(code: str) -> Region:
    """The region of `code`.

    Raises:
        Invalid: there is no such code.
    """
    region = find_region(code)
    if region is None:
        raise Invalid(gettext("Региона с кодом «%(code)s» нет. Пример: 77 — Москва.", code=code))
    return region

"""What a roster changes: a merge of two sorted streams. Pure: plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar


class Verdict(StrEnum):
    """What happens to one row."""

    NEW = "new"
    CHANGED = "changed"
    LEFT = "left"
    RETURNED = "returned"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Old:
    """A row as it is. Not live: it left (was closed, ended) before."""

    key: str
    id: int
    values: tuple[Any, ...]
    is_live: bool = True


@dataclass(frozen=True, slots=True)
class New:
    """A row as the roster wants it. `extra` is written with a new row and never compared."""

    key: str
    values: tuple[Any, ...]
    extra: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """The verdict over one key; `old` is absent for a new row, `new` for one that left."""

    verdict: Verdict
    old: Old | None
    new: New | None


Row = TypeVar("Row", Old, New)


def compare(
    old: Iterable[Old], new: Iterable[New], *, keeps_missing: bool = False
) -> Iterator[Change]:
    """One change a key, in the order of keys; both streams sorted by key, keys unique.

    What left before and is still missing is passed over in silence. With `keeps_missing` a live
    row that the roster does not name stays as it is (a kind of row that never ends).

    Raises:
        ValueError: a stream is not sorted, or has a key twice.
    """
    olds, news = _ascending(old), _ascending(new)
    left, right = next(olds, None), next(news, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.key < right.key):
            assert left is not None
            if left.is_live:
                verdict = Verdict.UNCHANGED if keeps_missing else Verdict.LEFT
                yield Change(verdict, left, None)
            left = next(olds, None)
        elif left is None or right.key < left.key:
            yield Change(Verdict.NEW, None, right)
            right = next(news, None)
        else:
            yield Change(_verdict(left, right), left, right)
            left, right = next(olds, None), next(news, None)


def _verdict(old: Old, new: New) -> Verdict:
    if not old.is_live:
        return Verdict.RETURNED
    return Verdict.UNCHANGED if old.values == new.values else Verdict.CHANGED


def _ascending(rows: Iterable[Row]) -> Iterator[Row]:
    last: str | None = None
    for row in rows:
        if last is not None and row.key <= last:
            raise ValueError(f"not sorted, or twice: {row.key!r}")
        last = row.key
        yield row

"""Facts of the school that other rooms react to (after commit)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RosterApplied:
    """A roster was imported; anything of these schools (ids) may have changed."""

    school_ids: tuple[int, ...]


@dataclass(frozen=True)
class SubstitutionSet:
    """A substitution in a class was made, changed or taken back."""

    class_id: int


@dataclass(frozen=True)
class TimetableChanged:
    """Who teaches a class what has changed."""

    class_id: int


@dataclass(frozen=True)
class StaffChatSwitched:
    """The school opened or closed its staff chat."""

    school_id: int

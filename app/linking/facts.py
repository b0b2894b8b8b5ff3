"""Facts of linking that other rooms react to (after commit)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProfileLinked:
    """The person (id) of this school is joined to the profile (OpenID issuer and subject)."""

    person_id: int
    school_id: int
    subject: str


@dataclass(frozen=True)
class ProfileUnlinked:
    """The person's link ended; `subject` names the profile it was joined to."""

    person_id: int
    school_id: int
    subject: str

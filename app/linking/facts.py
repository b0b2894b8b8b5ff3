"""Facts of linking that other rooms react to (after commit)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ProfileLinked:
    """The person (id) of this school is joined to the profile (OpenID issuer and subject)."""

    person_id: int
    school_id: int
    subject: str


@dataclass(frozen=True)
class ProfileUnlinked:
    """The person's link ended; `subject` names the profile it was joined to.

    `heirs` says who leads the chats that this person led alone (public id of the chat -> of the
    profile). `by_school`: an administrator ended it, the profile may be in wrong hands.
    """

    person_id: int
    school_id: int
    subject: str
    heirs: Mapping[str, str] = field(default_factory=dict)
    by_school: bool = False

"""What an opened roster is: its format's name, how much it speaks of, and its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.school.people import Role
from app.school.roster.records import Record

TEACHER_WORDS = frozenset(
    {"teacher", "professor", "lecturer", "faculty", "instructor", "adjunct", "researchteacher"}
)
# Decision: people of the office, aides, proctors and counselors are not read, and the report says
# so: none of our roles is theirs, and a wrong role would open children's chats to them.
ROLE_WORDS: Mapping[str, Role] = {
    "student": Role.PUPIL,
    "guardian": Role.GUARDIAN,
    "parent": Role.GUARDIAN,
    "relative": Role.GUARDIAN,
    "administrator": Role.ADMINISTRATOR,
    "principal": Role.ADMINISTRATOR,
    "siteadministrator": Role.ADMINISTRATOR,
} | dict.fromkeys(TEACHER_WORDS, Role.TEACHER)


class Coverage(StrEnum):
    """How much a source says of one kind of record.

    WHOLE: what is not named is no more. PARTIAL: what is not named stays. ABSENT: nothing is said.
    """

    WHOLE = "bulk"
    PARTIAL = "delta"
    ABSENT = "absent"


@dataclass(frozen=True)
class Roster:
    """An opened roster. A kind of record that `coverage` does not name is ABSENT.

    `people_may_repeat`: the format repeats a person in a row for each school.
    `person_brings_roles`: a row of a person says all of the person's roles.
    """

    format_name: str
    coverage: Mapping[type[Record], Coverage]
    records: Callable[[], Iterator[Record]]
    people_may_repeat: bool = False
    person_brings_roles: bool = False

    def speaks_of(self, kind: type[Record]) -> Coverage:
        """How much is said of `kind`."""
        return self.coverage.get(kind, Coverage.ABSENT)

    @property
    def is_partial(self) -> bool:
        """Some of it is a delta."""
        return Coverage.PARTIAL in self.coverage.values()

"""Who sits in which automatic chat, and why (FLOWS 4): pure functions of plain data.

No Flask, no database: `school_view` brings the data, `plan` compares, `reconcile` writes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class ReasonKind(StrEnum):
    """Why a person has a seat."""

    CLASS_TEACHER = "class_teacher"
    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHES = "teaches"
    SUBSTITUTE = "substitute"
    STAFF = "staff"


@dataclass(frozen=True, order=True)
class Reason:
    """One reason for a seat. `place` is the class name, `about` a child or a subject,
    `until` the last day of a substitution (ISO).
    """

    kind: ReasonKind
    place: str = ""
    about: str = ""
    until: str = ""


@dataclass(frozen=True)
class ClassView:
    """An open homeroom class or group."""

    id: int
    key: str
    name: str
    is_homeroom: bool
    leaders: tuple[int, ...]
    pupils: tuple[int, ...]


@dataclass(frozen=True)
class TeachingView:
    """A line of the teaching load, with the substitutes of today."""

    class_id: int
    subject_key: str
    subject: str
    teacher: int
    substitutes: tuple[tuple[int, dt.date], ...] = ()


@dataclass(frozen=True)
class SchoolView:
    """What the rules look at: one school today. People are ids; `left` ones appear nowhere.

    `names` are short names for reasons; `guardians` maps a pupil to their guardians;
    `opened_subjects` are the keys of subject chats that a first call has opened.
    """

    key: str
    names: dict[int, str]
    classes: tuple[ClassView, ...]
    guardians: dict[int, tuple[int, ...]]
    teachings: tuple[TeachingView, ...]
    staff: frozenset[int] = frozenset()
    administrators: frozenset[int] = frozenset()
    has_staff_chat: bool = False
    opened_subjects: frozenset[str] = frozenset()


class Title(StrEnum):
    """Titles of automatic chats, as FLOWS 3 words them."""

    PUPILS = "Чат с обучающимися"
    PARENTS = "Чат с родителями"
    TEACHERS = "Чат с преподавателями"
    STAFF = "Педагогический коллектив"


@dataclass
class WantedChat:
    """An automatic chat as it should be: seats map a person to their reasons."""

    title: str
    label: str
    seats: dict[int, frozenset[Reason]] = field(default_factory=dict)
    administrators: frozenset[int] = frozenset()


def class_key(class_key: str, part: str) -> str:
    """«class:<id>:pupils|parents|teachers»."""
    return f"class:{class_key}:{part}"


def subject_key(class_key: str, subject: str) -> str:
    """«subject:<class id>:<subject id>»."""
    return f"subject:{class_key}:{subject}"


def staff_key(school_key: str) -> str:
    """«school:<id>:staff»."""
    return f"school:{school_key}:staff"


def wanted(view: SchoolView) -> dict[str, WantedChat]:
    """Every automatic chat of the school, by key, with its seats."""
    chats: dict[str, WantedChat] = {}
    by_class: dict[int, list[TeachingView]] = defaultdict(list)
    for teaching in view.teachings:
        by_class[teaching.class_id].append(teaching)
    for row in view.classes:
        # Decision: a class's chats are open while it has a class teacher: no children's chat
        # without its adult. Without one the seats are empty and the history stays readable.
        if row.is_homeroom and row.leaders:
            chats |= _class_chats(view, row, by_class[row.id])
        chats |= _subject_chats(view, row, by_class[row.id])
    if view.has_staff_chat:
        seats = {person: frozenset({Reason(ReasonKind.STAFF)}) for person in view.staff}
        chats[staff_key(view.key)] = WantedChat(Title.STAFF, "", seats, view.administrators)
    return chats


def _class_chats(
    view: SchoolView, row: ClassView, teachings: list[TeachingView]
) -> dict[str, WantedChat]:
    leaders = {person: {Reason(ReasonKind.CLASS_TEACHER, row.name)} for person in row.leaders}
    groups: dict[str, tuple[Title, dict[int, set[Reason]]]] = {
        "pupils": (Title.PUPILS, _pupil_seats(row)),
        "parents": (Title.PARENTS, _guardian_seats(view, row)),
        "teachers": (Title.TEACHERS, _teacher_seats(row, teachings)),
    }
    return {
        class_key(row.key, part): WantedChat(
            title, row.name, _merged(leaders, seats), frozenset(row.leaders)
        )
        for part, (title, seats) in groups.items()
    }


def _subject_chats(
    view: SchoolView, row: ClassView, teachings: list[TeachingView]
) -> dict[str, WantedChat]:
    by_subject: dict[str, list[TeachingView]] = defaultdict(list)
    for teaching in teachings:
        by_subject[teaching.subject_key].append(teaching)
    chats = {}
    for subject, lines in by_subject.items():
        key = subject_key(row.key, subject)
        if key not in view.opened_subjects:
            continue
        seats = _merged(_teacher_seats(row, lines), _pupil_seats(row), _guardian_seats(view, row))
        # Decision: a substitute teaches but does not rule the chat of the permanent teacher.
        rulers = frozenset(line.teacher for line in lines)
        chats[key] = WantedChat(lines[0].subject, row.name, seats, rulers)
    return chats


def _pupil_seats(row: ClassView) -> dict[int, set[Reason]]:
    return {person: {Reason(ReasonKind.PUPIL, row.name)} for person in row.pupils}


def _guardian_seats(view: SchoolView, row: ClassView) -> dict[int, set[Reason]]:
    seats: dict[int, set[Reason]] = defaultdict(set)
    for pupil in row.pupils:
        for guardian in view.guardians.get(pupil, ()):
            seats[guardian].add(Reason(ReasonKind.GUARDIAN, row.name, view.names[pupil]))
    return seats


def _teacher_seats(row: ClassView, teachings: Iterable[TeachingView]) -> dict[int, set[Reason]]:
    seats: dict[int, set[Reason]] = defaultdict(set)
    for line in teachings:
        seats[line.teacher].add(Reason(ReasonKind.TEACHES, row.name, line.subject))
        for person, until in line.substitutes:
            seats[person].add(
                Reason(ReasonKind.SUBSTITUTE, row.name, line.subject, until.isoformat())
            )
    return seats


def _merged(*groups: dict[int, set[Reason]]) -> dict[int, frozenset[Reason]]:
    merged: dict[int, set[Reason]] = defaultdict(set)
    for seats in groups:
        for person, reasons in seats.items():
            merged[person] |= reasons
    return {person: frozenset(reasons) for person, reasons in merged.items()}


def chats_of(chats: dict[str, WantedChat], person: int) -> list[str]:
    """Keys of the chats where the person has a seat."""
    return [key for key, chat in chats.items() if person in chat.seats]

"""Whose timetable «Расписание» shows: one's own, a child's; for staff, any class, teacher, room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import request
from flask_babel import gettext, lazy_gettext
from flask_login import current_user

from app.core.errors import Missing
from app.journal import me
from app.school import lessons, places
from app.school.lessons import Child, Lesson
from app.school.people import Role

STAFF = {Role.TEACHER, Role.ADMINISTRATOR}


class By(StrEnum):
    """The tabs over the timetable."""

    OWN = "own"
    CHILD = "child"
    CLASS = "class"
    TEACHER = "teacher"
    ROOM = "room"


@dataclass(frozen=True)
class Choice:
    """One of the things to choose: a child, a class, a teacher, a room."""

    id: int
    key: str
    name: str


@dataclass(frozen=True)
class Tab:
    """A tab over the timetable; `of` is chosen already (a child), or chosen below."""

    by: By
    label: str
    is_current: bool
    of: str | None = None


@dataclass(frozen=True)
class Whose:
    """The answer: what is shown, what else could be, and how to load its lessons."""

    by: By
    title: str
    of: str | None
    tabs: list[Tab]
    choices: list[Choice]
    load: Callable[[dt.date, dt.date], list[Lesson]]
    person_id: int | None = None  # the teacher chosen

    @property
    def asked(self) -> dict[str, str]:
        """The part of an address that leads here again."""
        return {"by": self.by.value, **({"of": self.of} if self.of else {})}


def asked_whose() -> Whose:
    """What `?by=class&of=…` (or `?child=…`) asks for; without words, the person's own.

    Raises:
        Missing: no such thing, or it is not this person's to see.
    """
    person, roles = current_user.person, me.described().roles
    children = lessons.children_of(person.id) if Role.GUARDIAN in roles else []
    by, of = _asked(roles, children)
    if by is By.CHILD:
        return _of_child(_choose(_as_choices(children), of), children, roles)
    if by is By.OWN:
        own = lessons.given_by if Role.TEACHER in roles else lessons.attended_by
        title = "" if roles & STAFF else me.described().place.split(",")[0]
        return Whose(by, title, None, _tabs(by, None, children, roles), [], _bind(own, person.id))
    choices = _choices(by, person.school_id)
    chosen = _choose(choices, of) if choices or of else None
    tabs = _tabs(by, None, children, roles)
    if chosen is None:
        return Whose(by, "", None, tabs, [], lambda *_days: [])
    load = _loader(by, chosen, person.school_id)
    teacher_id = chosen.id if by is By.TEACHER else None
    return Whose(by, chosen.name, chosen.key, tabs, choices, load, teacher_id)


def _asked(roles: frozenset[Role], children: list[Child]) -> tuple[By, str | None]:
    child = request.args.get("child")
    if child:
        return By.CHILD, child
    own = (
        By.OWN
        if roles & {Role.TEACHER, Role.PUPIL}
        else By.CLASS
        if Role.ADMINISTRATOR in roles
        else By.CHILD
        if children
        else By.OWN
    )
    try:
        by = By(request.args.get("by") or own)
    except ValueError:
        by = own
    if (by in (By.CLASS, By.TEACHER, By.ROOM) and not roles & STAFF) or (
        by is By.CHILD and not children
    ):
        raise Missing(lazy_gettext("Такого расписания нет."))
    return by, request.args.get("of")


def _choose(choices: list[Choice], of: str | None) -> Choice:
    """The one asked for, or the first."""
    if of is None:
        return choices[0]
    for choice in choices:
        if choice.key == of:
            return choice
    raise Missing(lazy_gettext("Такого расписания нет."))


def _as_choices(children: list[Child]) -> list[Choice]:
    return [
        Choice(row.id, row.public_id, f"{row.name}, {row.classes}" if row.classes else row.name)
        for row in children
    ]


def _of_child(chosen: Choice, children: list[Child], roles: frozenset[Role]) -> Whose:
    tabs = _tabs(By.CHILD, chosen.key, children, roles)
    load = _bind(lessons.attended_by, chosen.id)
    return Whose(By.CHILD, chosen.name, chosen.key, tabs, [], load)


def _choices(by: By, school_id: int) -> list[Choice]:
    if by is By.ROOM:
        return [Choice(0, room, room) for room in places.rooms_of(school_id)]
    rows = places.classes_of(school_id) if by is By.CLASS else places.teachers_of(school_id)
    return [Choice(*row) for row in rows]


def _loader(by: By, chosen: Choice, school_id: int) -> Callable[[dt.date, dt.date], list[Lesson]]:
    if by is By.CLASS:
        return _bind(lessons.of_class, chosen.id)
    if by is By.TEACHER:
        return _bind(lessons.given_by, chosen.id)
    return lambda since, until: lessons.in_room(school_id, chosen.key, since, until)


def _bind(
    load: Callable[[int, dt.date, dt.date], list[Lesson]], of: int
) -> Callable[[dt.date, dt.date], list[Lesson]]:
    return lambda since, until: load(of, since, until)


def _tabs(by: By, of: str | None, children: list[Child], roles: frozenset[Role]) -> list[Tab]:
    """Empty when there is nothing to choose between."""
    tabs = []
    if roles & {Role.TEACHER, Role.PUPIL}:
        tabs.append(Tab(By.OWN, gettext("Мои уроки"), by is By.OWN))
    for child in _as_choices(children):
        is_current = by is By.CHILD and child.key == of
        tabs.append(Tab(By.CHILD, child.name, is_current, child.key))
    if roles & STAFF:
        tabs.append(Tab(By.CLASS, gettext("Классы"), by is By.CLASS))
        tabs.append(Tab(By.TEACHER, gettext("Преподаватели"), by is By.TEACHER))
        tabs.append(Tab(By.ROOM, gettext("Кабинеты"), by is By.ROOM))
    return tabs if len(tabs) > 1 else []

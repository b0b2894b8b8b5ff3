"""Circles of people, as the school makes them: pure, from the same view as the chats (FLOWS 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.membership.rules import SchoolView
from app.messenger.safety import CircleKind, Place


@dataclass(frozen=True)
class Seat:
    """A person's place in a circle; `who` is a person's id, later a profile's."""

    who: int
    kind: CircleKind
    circle: str
    place: Place
    label: str = ""


def wanted(view: SchoolView) -> set[Seat]:
    """Who has which place in the classes, groups and families of this view."""
    return {*_class_seats(view), *_family_seats(view)}


def class_circle(key: str) -> str:
    """The circle of a class or a group."""
    return f"class:{key}"


def family_circle(pupil_id: int) -> str:
    """The circle of a child and its parents."""
    return f"family:{pupil_id}"


def _class_seats(view: SchoolView) -> Iterable[Seat]:
    teachers: dict[int, set[int]] = {}
    for line in view.teachings:
        here = teachers.setdefault(line.class_id, set())
        here.add(line.teacher)
        here.update(person for person, _until in line.substitutes)
    for row in view.classes:
        kind = CircleKind.CLASS if row.is_homeroom else CircleKind.GROUP
        guardians = {person for pupil in row.pupils for person in view.guardians.get(pupil, ())}
        places = {
            Place.LEADER: set(row.leaders),
            Place.TEACHER: teachers.get(row.id, set()),
            Place.PUPIL: set(row.pupils),
            Place.GUARDIAN: guardians,
        }
        for place, people in places.items():
            for person in people:
                yield Seat(person, kind, class_circle(row.key), place, row.name)


def _family_seats(view: SchoolView) -> Iterable[Seat]:
    for pupil, guardians in view.guardians.items():
        circle = family_circle(pupil)
        yield Seat(pupil, CircleKind.FAMILY, circle, Place.PUPIL)
        for person in guardians:
            yield Seat(person, CircleKind.FAMILY, circle, Place.GUARDIAN)

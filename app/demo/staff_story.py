"""The demo school's staff and their work: who leads which class, the teaching load, the week."""

from __future__ import annotations

import random
from collections import Counter

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import tokens
from app.demo import load_plan, names
from app.demo.load_plan import CHAIRS, LEADERS, OWN, PLANS
from app.demo.names import Name
from app.demo.school_story import (
    Story,
    Teller,
    grade_of,
    is_primary,
    tell_classes,
    tell_families,
)
from app.demo.week import Line, plan_week
from app.school.bells import USUAL
from app.school.classes import ClassTeacher, Subject, Teaching
from app.school.people import Role
from app.school.timetable import TimetableSlot

WEEK_SEED = 7
FIRST_ROOM = 201
OWN_CLASSES = tuple(filter(is_primary, load_plan.CLASSES))
KNOWN = {
    load_plan.WORDS_OF_5A: (Name("Белова", "Ирина", "Андреевна"), "belova"),
    load_plan.NUMBERS_OF_7A: (Name("Петрова", "Марина", "Сергеевна"), "petrova"),
    load_plan.PHYSICS: (Name("Орлов", "Виктор", "Павлович"), "orlov"),
}


def tell(session: Session, password_hash: str) -> Story:
    """Write the whole school. Every account has the same password."""
    teller = Teller(session, password_hash)
    story = teller.story
    tell_classes(teller)
    for name in load_plan.subjects():
        story.subjects[name] = Subject(
            school_id=story.school.id, external_id=f"demo-{name}", name=name
        )
        teller.add(story.subjects[name])
    lines = _staff(teller)
    tell_families(teller)
    story.administrators.append(
        teller.person(Name("Громова", "Елена", "Викторовна"), Role.ADMINISTRATOR, login="admin")
    )
    for line in lines:
        story.teachings[line.klass, line.subject] = Teaching(
            school_class=story.classes[line.klass],
            subject=story.subjects[line.subject],
            teacher=story.teachers[line.teacher],
        )
    session.add_all(story.teachings.values())
    session.flush()
    _write_week(session, story, lines)
    return story


def _staff(teller: Teller) -> list[Line]:
    """Teachers of all grades by chairs, then a primary teacher for each small class."""
    story, chance = teller.story, teller.chance
    for place in range(len(CHAIRS)):
        if place == load_plan.CRAFTS:
            ershova = Name("Ершова", "Наталья", "Олеговна")
            story.teachers.append(
                teller.person(ershova, Role.TEACHER, Role.GUARDIAN, login="ershova")
            )
            continue
        name, login = KNOWN.get(place) or (_name(chance, place), "")
        story.teachers.append(teller.person(name, Role.TEACHER, login=login))
    lines: list[Line] = []
    hours: Counter[int] = Counter()
    for number, class_name in enumerate(story.classes):
        if is_primary(class_name):
            known = class_name == "3А"
            name = Name("Иванова", "Анна", "Петровна") if known else _name(chance, 1)
            leader = len(story.teachers)
            story.teachers.append(
                teller.person(name, Role.TEACHER, login="ivanova" if known else "")
            )
            lines += [Line(class_name, leader, *row) for row in OWN.items()]
        else:
            leader = LEADERS[number - len(OWN_CLASSES)]
        lines += _load(class_name, leader, hours)
        story.leaders[class_name] = story.teachers[leader]
        teller.add(
            ClassTeacher(school_class=story.classes[class_name], teacher=story.leaders[class_name])
        )
    return lines


def _load(class_name: str, leader: int, hours: Counter[int]) -> list[Line]:
    """Who teaches the class what: its own leader where able, else who has the fewest hours.
    Subjects of one chair are of one hand.
    """
    chosen: dict[tuple[str, ...], int] = {}
    lines = []
    for subject, count in PLANS[grade_of(class_name)].items():
        able = [place for place, chair in enumerate(CHAIRS) if subject in chair]
        who = chosen.setdefault(
            CHAIRS[able[0]],
            leader if leader in able else min(able, key=lambda place: hours[place]),
        )
        hours[who] += count
        lines.append(Line(class_name, who, subject, count))
    return lines


def _write_week(session: Session, story: Story, lines: list[Line]) -> None:
    bells = {ring.number: ring for ring in USUAL}
    session.execute(
        insert(TimetableSlot),
        [
            {
                "public_id": tokens.public_id(),
                "teaching_id": story.teachings[line.klass, line.subject].id,
                "weekday": placed.day,
                "number": placed.number,
                "starts_at": bells[placed.number].starts_at,
                "ends_at": bells[placed.number].ends_at,
                "room": str(FIRST_ROOM + line.teacher),
            }
            for placed in plan_week(lines, WEEK_SEED)
            for line in [lines[placed.line]]
        ],
    )


def _name(chance: random.Random, place: int) -> Name:
    """Three of four teachers are women."""
    return names.adult(chance, names.random_family(chance), is_female=place % 4 != 3)

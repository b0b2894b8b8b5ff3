"""The demo school, told by a seeded generator: who is in it. `staff_story` gives them their work.

The same seed makes the same school, but for ids. Rows are written in bulk at the end (`tell`).
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.core import clock
from app.demo import names
from app.demo.load_plan import CLASSES, PRIMARY_GRADES
from app.demo.names import Name
from app.school.accounts import Account
from app.school.classes import Enrolment, SchoolClass, Subject, Teaching
from app.school.people import Guardianship, Person, PersonRole, Role, School

SEED = 2026
TIME_ZONE = "Europe/Moscow"
SCHOOL_CODE = "demo"
CLASS_SIZE = 25
TWO_CHILDREN, TWO_PARENTS = 0.12, 0.51
# Classes that have had lessons by call, so have chats of subjects.
WITH_SUBJECT_CHATS = frozenset({"5А", "9А", "11А"})


@dataclass
class Story:
    """The told school: rows by name, for scenes to find their people."""

    school: School
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    pupils: dict[str, list[Person]] = field(default_factory=dict)
    guardians: list[Person] = field(default_factory=list)
    teachers: list[Person] = field(default_factory=list)
    leaders: dict[str, Person] = field(default_factory=dict)
    administrators: list[Person] = field(default_factory=list)
    teachings: dict[tuple[str, str], Teaching] = field(default_factory=dict)
    logins: dict[str, Person] = field(default_factory=dict)


class Teller:
    """Adds rows to the session, keeping count of ids and logins."""

    def __init__(self, session: Session, password_hash: str) -> None:
        self.session = session
        self.chance = random.Random(SEED)
        self.password_hash = password_hash
        self.count = 0
        self.story = Story(
            School(
                external_id=SCHOOL_CODE,
                name="Школа № 1",
                region_code="77",
                time_zone=TIME_ZONE,
            )
        )
        session.add(self.story.school)
        session.flush()

    def add(self, row: object) -> None:
        self.session.add(row)

    def person(self, name: Name, *roles: Role, login: str = "") -> Person:
        """A person with roles and a journal account."""
        self.count += 1
        person = Person(
            school_id=self.story.school.id,
            external_id=f"demo-{self.count}",
            family_name=name.family,
            given_name=name.given,
            patronymic=name.patronymic,
            roles=[PersonRole(role=role) for role in roles],
        )
        if login:
            self.story.logins[login] = person
        self.add(
            Account(
                person=person,
                login=login or f"demo{self.count:04d}",
                password_hash=self.password_hash,
                must_change_password=False,
            )
        )
        return person


def tell_classes(teller: Teller) -> None:
    """The classes, without anybody in them yet."""
    story = teller.story
    for name in CLASSES:
        story.classes[name] = SchoolClass(
            school_id=story.school.id, external_id=f"demo-{name}", name=name, grade=grade_of(name)
        )
        teller.add(story.classes[name])


def grade_of(class_name: str) -> int:
    """«10А» -> 10."""
    return int(class_name.rstrip("АБ"))


def tell_families(teller: Teller) -> None:
    """Pupils by families: siblings in several classes, one parent or two."""
    chance = teller.chance
    taken = _known_families(teller)
    places = [name for name in CLASSES for _ in range(CLASS_SIZE - taken[name])]
    chance.shuffle(places)
    while places:
        home = [places.pop()]
        # Who has children in two classes shows the two chats of parents, and no others.
        if (
            places
            and chance.random() < TWO_CHILDREN
            and not {home[0], places[-1]} & WITH_SUBJECT_CHATS
        ):
            home.append(places.pop())
        root = names.random_family(chance)
        father = chance.choice(names.MEN)
        children = _children(teller, root, father, home)
        parents = [teller.person(names.adult(chance, root, is_female=True), Role.GUARDIAN)]
        if chance.random() < TWO_PARENTS:
            parents.append(
                teller.person(
                    names.adult(chance, root, is_female=False, given=father), Role.GUARDIAN
                )
            )
        _settle(teller, children, home, parents)


def _children(teller: Teller, root: str, father: str, home: list[str]) -> list[Person]:
    """Brothers and sisters, each with a name of their own."""
    told: list[Name] = []
    while len(told) < len(home):
        name = names.child(teller.chance, root, father)
        if name.given not in {one.given for one in told}:
            told.append(name)
    return [teller.person(name, Role.PUPIL) for name in told]


def _known_families(teller: Teller) -> Counter[str]:
    """The personas' families; returns how many places of each class they take."""
    sokolova = teller.person(Name("Соколова", "Ольга", "Игоревна"), Role.GUARDIAN, login="sokolova")
    misha = teller.person(Name("Соколов", "Михаил", "Дмитриевич"), Role.PUPIL, login="misha")
    dasha = teller.person(Name("Соколова", "Дарья", "Дмитриевна"), Role.PUPIL, login="dasha")
    gleb = teller.person(Name("Ершов", "Глеб", "Андреевич"), Role.PUPIL)
    morozova = teller.person(
        Name("Морозова", "Светлана", "Юрьевна"), Role.GUARDIAN, login="morozova"
    )
    egor = teller.person(Name("Морозов", "Егор", "Алексеевич"), Role.PUPIL, login="egor")
    sonya = teller.person(Name("Морозова", "Софья", "Алексеевна"), Role.PUPIL)
    families = (
        ([misha, dasha], ["3А", "7А"], [sokolova]),
        ([gleb], ["7А"], [teller.story.logins["ershova"]]),
        ([egor, sonya], ["9А", "5А"], [morozova]),
    )
    taken: Counter[str] = Counter()
    for children, home, parents in families:
        taken.update(home)
        _settle(teller, children, home, parents)
    return taken


def _settle(teller: Teller, children: list[Person], home: list[str], parents: list[Person]) -> None:
    story = teller.story
    # In August the classes are still those of the year that has ended.
    today = clock.today(TIME_ZONE)
    since = dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    for child, class_name in zip(children, home, strict=True):
        story.pupils.setdefault(class_name, []).append(child)
        teller.add(Enrolment(pupil=child, school_class=story.classes[class_name], since=since))
        for parent in parents:
            teller.add(Guardianship(guardian=parent, pupil=child))
    story.guardians += parents


def is_primary(class_name: str) -> bool:
    """The class has one teacher for most subjects."""
    return grade_of(class_name) <= PRIMARY_GRADES

"""The demo school, told by a seeded generator: people, classes, load, a timetable without clashes.

The same seed makes the same school. It is written through the ORM in one transaction.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.core import clock
from app.demo import names
from app.demo.names import Name
from app.demo.week import Week
from app.school.accounts import Account
from app.school.classes import ClassTeacher, Enrolment, SchoolClass, Subject
from app.school.people import Guardianship, Person, PersonRole, Role, School

SEED = 2026
TIME_ZONE = "Europe/Moscow"
SCHOOL_CODE = "demo"
CLASSES = ("1А", "2А", "3А", "4А", "5А", "6А", "7А", "7Б", "8А", "9А", "10А", "11А")
CLASS_SIZE = 25
PRIMARY = {"Русский язык": 5, "Литературное чтение": 4, "Математика": 4, "Окружающий мир": 2}
GUESTS = {"Английский язык": 2, "Физическая культура": 3, "Музыка": 1}
SENIOR = {
    "Русский язык": 4,
    "Литература": 3,
    "Алгебра": 3,
    "Геометрия": 2,
    "Английский язык": 3,
    "История": 2,
    "Обществознание": 1,
    "География": 2,
    "Биология": 2,
    "Физика": 2,
    "Информатика": 1,
    "Физическая культура": 2,
}
# Who gives the senior subjects: each pair of subjects needs two people for eight classes.
CHAIRS = (
    ("Русский язык", "Литература"),
    ("Русский язык", "Литература"),
    ("Алгебра", "Геометрия"),
    ("Алгебра", "Геометрия"),
    ("Английский язык",),
    ("Английский язык",),
    ("История", "Обществознание"),
    ("История", "Обществознание"),
    ("География",),
    ("Биология",),
    ("Физика",),
    ("Информатика",),
    ("Физическая культура",),
    ("Физическая культура",),
    ("Музыка",),
)


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
    logins: set[str] = field(default_factory=set)


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

    def add(self, row: object) -> None:
        self.session.add(row)

    def person(self, name: Name, *roles: Role, login: str | None = None) -> Person:
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
        self.add(person)
        self.session.flush()
        self.add(
            Account(
                person_id=person.id,
                login=login or f"demo{self.count:04d}",
                password_hash=self.password_hash,
                must_change_password=False,
            )
        )
        return person


def tell(session: Session, password_hash: str) -> Story:
    """Write the whole school. Every account has the same password."""
    teller = Teller(session, password_hash)
    teller.add(teller.story.school)
    session.flush()
    _classes_and_subjects(teller)
    _staff(teller)
    _families(teller)
    session.flush()
    return teller.story


def _classes_and_subjects(teller: Teller) -> None:
    story = teller.story
    for name in CLASSES:
        story.classes[name] = SchoolClass(
            school_id=story.school.id,
            external_id=f"demo-{name}",
            name=name,
            grade=int("".join(char for char in name if char.isdigit())),
        )
        teller.add(story.classes[name])
    for name in {**PRIMARY, **GUESTS, **SENIOR}:
        story.subjects[name] = Subject(
            school_id=story.school.id, external_id=f"demo-{name}", name=name
        )
        teller.add(story.subjects[name])
    teller.session.flush()


def _staff(teller: Teller) -> None:
    """Primary teachers with one class each, senior ones by chairs, an administrator."""
    story, chance = teller.story, teller.chance
    week = Week(teller.session)
    known = {
        "3А": (Name("Иванова", "Анна", "Петровна"), "ivanova"),
        "7А": (Name("Петрова", "Марина", "Сергеевна"), "petrova"),
        "физика": (Name("Орлов", "Виктор", "Павлович"), "orlov"),
    }
    seniors: list[tuple[Person, tuple[str, ...]]] = []
    for index, chair in enumerate(CHAIRS):
        who = known.get({2: "7А", 10: "физика"}.get(index, ""))
        name = who[0] if who else _teacher_name(chance, index)
        teacher = teller.person(name, Role.TEACHER, login=who[1] if who else None)
        story.teachers.append(teacher)
        seniors.append((teacher, chair))
    for class_name, school_class in story.classes.items():
        if (school_class.grade or 0) <= 4:
            who = known.get(class_name)
            leader = teller.person(
                who[0] if who else _teacher_name(chance, 1),
                Role.TEACHER,
                login=who[1] if who else None,
            )
            story.teachers.append(leader)
            for subject, hours in PRIMARY.items():
                week.teach(leader, school_class, story.subjects[subject], hours)
    for number, school_class in enumerate(story.classes.values()):
        plan = GUESTS if (school_class.grade or 0) <= 4 else SENIOR
        for subject, hours in plan.items():
            able = [teacher for teacher, chair in seniors if subject in chair]
            week.teach(able[number % len(able)], school_class, story.subjects[subject], hours)
    _leaders(teller, seniors)
    story.administrators.append(
        teller.person(Name("Громова", "Елена", "Викторовна"), Role.ADMINISTRATOR, login="admin")
    )


def _leaders(teller: Teller, seniors: list[tuple[Person, tuple[str, ...]]]) -> None:
    story = teller.story
    primary = story.teachers[len(CHAIRS) :]
    leaders = [seniors[index][0] for index in (0, 1, 2, 3, 6, 7, 8, 9)]
    by_class = dict(zip(list(story.classes)[:4], primary, strict=True))
    by_class |= dict(zip(list(story.classes)[4:], leaders, strict=True))
    story.leaders = by_class
    for name, teacher in by_class.items():
        teller.add(ClassTeacher(class_id=story.classes[name].id, teacher_id=teacher.id))


def _teacher_name(chance: random.Random, index: int) -> Name:
    return names.adult(chance, names.random_family(chance), is_female=index % 4 != 3)


def _families(teller: Teller) -> None:
    """Pupils by families: siblings in several classes, one parent or two."""
    story, chance = teller.story, teller.chance
    places = [name for name in CLASSES for _ in range(CLASS_SIZE)]
    special = _known_families(teller)
    for name, count in special.items():
        for _ in range(count):
            places.remove(name)
    chance.shuffle(places)
    while places:
        size = 2 if len(places) > 1 and chance.random() < 0.12 else 1
        home = [places.pop() for _ in range(size)]
        root = names.random_family(chance)
        father = chance.choice(names.MEN)
        children = [teller.person(names.child(chance, root, father), Role.PUPIL) for _ in home]
        parents = [teller.person(names.adult(chance, root, is_female=True), Role.GUARDIAN)]
        if chance.random() < 0.6:
            parents.append(
                teller.person(
                    names.adult(chance, root, is_female=False, given=father), Role.GUARDIAN
                )
            )
        _settle(teller, children, home, parents)
    story.guardians.sort(key=lambda person: person.external_id)


def _known_families(teller: Teller) -> dict[str, int]:
    """The personas' families; returns how many places of each class they take."""
    mother = teller.person(Name("Соколова", "Ольга", "Игоревна"), Role.GUARDIAN, login="sokolova")
    children = [
        teller.person(Name("Соколов", "Михаил", "Дмитриевич"), Role.PUPIL, login="misha"),
        teller.person(Name("Соколова", "Дарья", "Дмитриевна"), Role.PUPIL, login="dasha"),
    ]
    _settle(teller, children, ["3А", "7А"], [mother])
    both = teller.person(
        Name("Ершова", "Наталья", "Олеговна"), Role.TEACHER, Role.GUARDIAN, login="ershova"
    )
    teller.story.teachers.append(both)
    son = teller.person(Name("Ершов", "Глеб", "Андреевич"), Role.PUPIL)
    _settle(teller, [son], ["7А"], [both])
    return {"3А": 1, "7А": 2}


def _settle(teller: Teller, children: list[Person], home: list[str], parents: list[Person]) -> None:
    story = teller.story
    since = dt.date(clock.now().year if clock.now().month >= 9 else clock.now().year - 1, 9, 1)
    for child, class_name in zip(children, home, strict=True):
        story.pupils.setdefault(class_name, []).append(child)
        teller.add(Enrolment(pupil_id=child.id, class_id=story.classes[class_name].id, since=since))
        for parent in parents:
            teller.add(Guardianship(guardian_id=parent.id, pupil_id=child.id))
    story.guardians += parents

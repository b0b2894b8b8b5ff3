"""A small school whose people have journal accounts with one password."""

import datetime as dt
from functools import cache
from types import SimpleNamespace

import pytest

from app.core import clock
from app.membership.reconcile import reconcile
from app.school.calendar import Period, autumn_of
from app.school.people import Role
from app.school.signing_in import hash_password
from app.school.timetable import TimetableSlot

PASSWORD = "сирень под окном 7"


@cache
def password_hash():
    return hash_password(PASSWORD)


@pytest.fixture
def people(world):
    """7А with its class teacher, a physics teacher, two pupils, a mother of both, an admin.

    The year has one period without holidays: lessons are given on whatever day the tests run.
    """
    autumn = autumn_of(clock.today("Europe/Moscow"))
    world._add(
        Period(
            school_id=world.main_school.id,
            name="Учебный год",
            since=dt.date(autumn, 8, 1),
            until=dt.date(autumn + 1, 7, 31),
        )
    )
    anna = world.teacher("Иванова Анна Петровна")
    oleg = world.teacher("Ким Олег Ильич")
    c7a = world.school_class("7А", teacher=anna)
    c3a = world.school_class("3А", teacher=oleg)
    line = world.teaching(oleg, c7a, world.subject("Физика"))
    for weekday in range(1, 8):
        world._add(
            TimetableSlot(
                teaching_id=line.id,
                weekday=weekday,
                number=1,
                starts_at=dt.time(8, 30),
                ends_at=dt.time(9, 15),
                room="204",
            )
        )
    misha = world.pupil("Орлов Миша", in_=c7a)
    dasha = world.pupil("Орлова Даша", in_=c3a)
    olga = world.guardian("Орлова Ольга Павловна", of=[misha, dasha])
    admin = world.administrator("Громова Елена")
    both = world.person("Ершова Наталья", Role.TEACHER, Role.GUARDIAN)
    people = SimpleNamespace(
        anna=anna, oleg=oleg, misha=misha, dasha=dasha, olga=olga, admin=admin, both=both,
        c7a=c7a, c3a=c3a, physics=line,
    )  # fmt: skip
    people.accounts = {
        name: world.account(person, login=name, password_hash=password_hash())
        for name, person in vars(people).items()
        if hasattr(person, "family_name")
    }
    return people


@pytest.fixture
def entered(people, browser):
    """`entered("anna")`: a browser signed in to the journal."""
    return lambda name: browser().signs_in(people.accounts[name], PASSWORD)


@pytest.fixture
def linked(people, world):
    """`linked("anna", "olga")` links them and reconciles."""

    def link(*names):
        for name in names:
            world.link(getattr(people, name), account=people.accounts[name])
        reconcile()

    return link

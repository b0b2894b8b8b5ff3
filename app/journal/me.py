"""The signed-in person, described once a request for the page and its frame."""

from __future__ import annotations

from flask import g
from flask_login import current_user

from app.core import clock
from app.linking.diary_requests import open_requests_count
from app.linking.links import Link, active_link, subjects_of
from app.messenger.reports.cases import Office, open_count
from app.school.descriptions import Description, describe
from app.school.mark_sheets import Reader
from app.school.people import Role


def described() -> Description:
    """Roles and place of the signed-in person."""
    if "described" not in g:
        g.described = describe(current_user.person)
    found: Description = g.described
    return found


def own_link() -> Link | None:
    """The signed-in account's link."""
    if "own_link" not in g:
        g.own_link = active_link(current_user.id)
    found: Link | None = g.own_link
    return found


def office() -> Office:
    """The signed-in administrator as who decides about complaints."""
    if "office" not in g:
        own = frozenset(subjects_of(current_user.person_id))
        g.office = Office(current_user.person.school.public_id, own)
    found: Office = g.office
    return found


def open_cases() -> int:
    """How many complaints wait for the signed-in administrator."""
    if "open_cases" not in g:
        g.open_cases = open_count(office())
    return int(g.open_cases)


def open_requests() -> int:
    """How many asked-for diaries wait for an administrator."""
    if "open_requests" not in g:
        g.open_requests = open_requests_count()
    return int(g.open_requests)


def reader() -> Reader:
    """The signed-in person as who opens journals."""
    person = current_user.person
    return Reader(
        person_id=person.id,
        school_id=person.school_id,
        is_administrator=Role.ADMINISTRATOR in described().roles,
        today=clock.today(person.school.time_zone),
    )

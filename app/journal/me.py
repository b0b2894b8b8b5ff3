"""The signed-in person, described once a request for the page and its frame."""

from __future__ import annotations

from flask import g
from flask_login import current_user

from app.linking.links import Link, active_link
from app.school.descriptions import Description, describe


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

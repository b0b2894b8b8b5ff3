"""The register: who was in a class."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from app.school.calendar import Period
from app.school.classes import Enrolment
from app.school.people import Person


def was_in_class(period: Period) -> ColumnElement[bool]:
    """For queries of enrolments with their pupils: whoever was there on some day of the period."""
    return and_(
        Enrolment.since <= period.until,
        or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > period.since),
        or_(Person.left_on.is_(None), Person.left_on > period.since),
    )

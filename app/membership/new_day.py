"""A new day at a school: what begins or ends with it (a substitution, a class) changes chats."""

from __future__ import annotations

from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.membership.models import SeatedDay
from app.membership.reconcile import reconcile
from app.school.people import School


def begin_due() -> int:
    """Bring in order the chats of schools where a day has begun; returns how many there were.

    Within seconds of midnight in the school's own time; after a standstill, at the start.
    """
    rows = db.session.execute(
        select(School.id, School.time_zone, SeatedDay.date).outerjoin(
            SeatedDay, SeatedDay.school_id == School.id
        )
    ).all()
    begun = 0
    for school_id, time_zone, seated in rows:
        if seated is None or seated < clock.today(time_zone):
            reconcile([school_id])
            begun += 1
    return begun

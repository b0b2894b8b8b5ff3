"""Writing the circles of a school: by them the messenger knows who may reach whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, delete, insert, select

from app.core.db import db
from app.membership import circles
from app.membership.circles import Seat
from app.membership.rules import SchoolView
from app.messenger.circles import CirclePlace
from app.school.classes import SchoolClass


def write(
    view: SchoolView, profiles: dict[int, int], class_ids: Collection[int] | None
) -> set[int]:
    """Make the circles of this view what the school says; returns the profiles (ids) concerned.

    Within `writing()`. `profiles` maps linked people to profiles; without `class_ids` the view is
    the whole school, else only circles of these classes and their families are touched.
    """
    want = {
        replace(seat, who=profiles[seat.who])
        for seat in circles.wanted(view)
        if seat.who in profiles
    }
    have = {
        Seat(row.profile_id, row.kind, row.circle, row.place, row.label): row.id
        for row in db.session.execute(_stored(view, class_ids))
    }
    gone = [row_id for seat, row_id in have.items() if seat not in want]
    if gone:
        db.session.execute(delete(CirclePlace).where(CirclePlace.id.in_(gone)))
    new = want - have.keys()
    if new:
        db.session.execute(
            insert(CirclePlace),
            [
                {
                    "profile_id": seat.who,
                    "school_key": view.key,
                    "kind": seat.kind,
                    "circle": seat.circle,
                    "place": seat.place,
                    "label": seat.label,
                }
                for seat in sorted(new, key=lambda seat: (seat.circle, seat.place, seat.who))
            ],
        )
    return {seat.who for seat in want ^ have.keys()}


def _stored(view: SchoolView, class_ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    query = select(
        CirclePlace.id,
        CirclePlace.profile_id,
        CirclePlace.kind,
        CirclePlace.circle,
        CirclePlace.place,
        CirclePlace.label,
    ).where(CirclePlace.school_key == view.key)
    if class_ids is None:
        return query
    keys = db.session.scalars(select(SchoolClass.public_id).where(SchoolClass.id.in_(class_ids)))
    touched = [circles.class_circle(key) for key in keys]
    touched += [circles.family_circle(pupil) for pupil in view.guardians]
    return query.where(CirclePlace.circle.in_(touched))

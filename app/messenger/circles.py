"""Circles of people as stored: who has which place in which class, group and family.

`membership.reconcile` writes them, as it writes confirmed roles (which are the places in the
circle of a school). What a place allows towards another is said by the table in `safety`.
"""

from __future__ import annotations

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.messenger.safety import CircleKind, Place


class CirclePlace(Model):
    """A profile's place in a circle. `circle` names it («class:<public id>»), `label` is the
    class as people call it («7А»), `school_key` the school's public id.
    """

    __tablename__ = "circle_places"
    __table_args__ = (
        UniqueConstraint("circle", "place", "profile_id"),
        Index("ix_circle_places_profile_id", "profile_id"),
        Index("ix_circle_places_school_key", "school_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    school_key: Mapped[str] = mapped_column(String(24))
    kind: Mapped[CircleKind] = mapped_column(Enum(CircleKind, native_enum=False, length=20))
    circle: Mapped[str] = mapped_column(String(60))
    place: Mapped[Place] = mapped_column(Enum(Place, native_enum=False, length=20))
    label: Mapped[str] = mapped_column(String(120), default="")

"""What the messenger knows of a profile's owner: the role the school confirmed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model


class ConfirmedRole(Model):
    """A role of a profile, confirmed by a school's journal; written by `membership.reconcile`.

    `role` is pupil, teacher, guardian or administrator; `school_key` is the school's public id.
    """

    __tablename__ = "confirmed_roles"
    __table_args__ = (
        UniqueConstraint("profile_id", "school_key", "role"),
        Index("ix_confirmed_roles_profile_id", "profile_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    school_key: Mapped[str] = mapped_column(String(24))
    school_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))

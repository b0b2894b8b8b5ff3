"""What the messenger knows of a profile's owner: the role the school confirmed."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model

ROLE_WORDS: dict[str, LazyString] = {
    "teacher": lazy_gettext("преподаватель"),
    "administrator": lazy_gettext("администратор школы"),
    "guardian": lazy_gettext("родитель"),
    "pupil": lazy_gettext("обучающийся"),
}
ROLE_ORDER = tuple(ROLE_WORDS)


def role_word(role: str) -> str:
    """«преподаватель»: a confirmed role in the person's language; empty for none."""
    return str(ROLE_WORDS.get(role, ""))


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

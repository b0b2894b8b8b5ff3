"""Announcements, whom they are for, their files, and who has read them: tables."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model
from app.school.kept_files import KeptFile
from app.school.people import Person, Role


class Announcement(Model):
    """A text of the school. It is seen from `published_at` on, which may lie ahead («отложено»).

    `wants_answer`: readers are asked to press «Ознакомлен».
    """

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_school_id_published_at", "school_id", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    wants_answer: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[dt.datetime] = mapped_column(UTC)
    edited_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    author: Mapped[Person] = relationship()
    targets: Mapped[list[AnnouncementTarget]] = relationship(cascade="all, delete-orphan")
    files: Mapped[list[AnnouncementFile]] = relationship(
        cascade="all, delete-orphan", order_by="AnnouncementFile.id"
    )


class AnnouncementTarget(Model):
    """People of `role` in a class; `class_id` None: in the whole school."""

    __tablename__ = "announcement_targets"
    __table_args__ = (
        UniqueConstraint("announcement_id", "role", "class_id"),
        CheckConstraint("role IN ('PUPIL', 'GUARDIAN', 'TEACHER')", name="role"),
        Index("ix_announcement_targets_class_id", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=20))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_classes.id"))


class AnnouncementFile(KeptFile):
    """A file of an announcement."""

    __tablename__ = "announcement_files"
    __table_args__ = (Index("ix_announcement_files_announcement_id", "announcement_id"),)

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))


class AnnouncementReading(Model):
    """A person has opened an announcement, and perhaps pressed «Ознакомлен»."""

    __tablename__ = "announcement_readings"
    __table_args__ = (
        UniqueConstraint("announcement_id", "person_id"),
        Index("ix_announcement_readings_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    opened_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UTC)

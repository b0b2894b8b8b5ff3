"""Who signs in by phone: the VK ID (phone and names) and the learning profiles under it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model, db
from app.core.names import joined


class VkId(Model):
    """A proved phone and its owner's names («Данные VK ID», FLOWS 1.5). `phone` is E.164.

    `phone` is None after the operator gave the number to somebody else (`recycling`), and for
    those whom another provider proved: they have its `issuer` and `subject` (`elsewhere`).
    """

    __tablename__ = "vk_ids"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    issuer: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(200))
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    patronymic: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    profiles: Mapped[list[Profile]] = relationship(back_populates="vk_id")


class Profile(Model):
    """A learning profile (FLOWS 1.8). `public_id` is the OpenID subject.

    The schema allows several under one phone (FLOWS 1.10, «choose when several»).
    """

    __tablename__ = "profiles"
    __table_args__ = (Index("ix_profiles_vk_id_id", "vk_id_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    vk_id_id: Mapped[int] = mapped_column(ForeignKey("vk_ids.id"))
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    patronymic: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    vk_id: Mapped[VkId] = relationship(back_populates="profiles")

    @property
    def name(self) -> str:
        """«Анна Петровна Иванова»: how a person is called in the messenger."""
        return joined(self.given_name, self.patronymic, self.family_name)


def profile_id_of(public_id: str) -> int | None:
    """The id of the profile with this OpenID subject."""
    return db.session.scalar(select(Profile.id).where(Profile.public_id == public_id))

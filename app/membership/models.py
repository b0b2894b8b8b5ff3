"""Seats: places in automatic chats, with their reasons, for linked and not-yet-linked people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import UTC, Model
from app.messenger.chats.models import Chat
from app.school.people import Person


class Seat(Model):
    """A person's place in an automatic chat.

    `reasons` is a sorted list of plain dicts (see `rules.Reason`). A seat of a person without a
    link is shown to staff as «ещё не подключились»; with one, the profile is a `Member`.
    """

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("chat_id", "person_id"),
        Index("ix_seats_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    since: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)

    chat: Mapped[Chat] = relationship()
    person: Mapped[Person] = relationship()


class SeatedDay(Model):
    """The last day, in the school's own time, for which all its automatic chats were brought in
    order (`new_day` asks).
    """

    __tablename__ = "seated_days"

    school_id: Mapped[int] = mapped_column(
        ForeignKey("schools.id", ondelete="CASCADE"), primary_key=True
    )
    date: Mapped[dt.date] = mapped_column()

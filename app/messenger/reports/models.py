"""Reports and cases: the tables."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.db import UTC, Model, db

MAX_WORDS = 500
OPEN = "decided_at IS NULL"


class Reason(StrEnum):
    """What is wrong with a message, as who complains sees it."""

    BULLYING = "bullying"
    THREAT = "threat"
    DANGER = "danger"
    INDECENT = "indecent"
    PRIVACY = "privacy"
    FRAUD = "fraud"
    OTHER = "other"


class Decision(StrEnum):
    """What the school did: nothing, deleted the message, or took its author out of the chat too."""

    LEFT = "left"
    DELETED = "deleted"
    REMOVED = "removed"


class Case(Model):
    """A message that somebody complained about, with a copy of it as it was then: what is edited
    or deleted later can still be judged. `files` are names, kinds and sizes; no bytes are kept.

    `school_key` is the public id of the school whose administrators decide. A message has one open
    case; who complains meanwhile joins it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_school_key_opened_at", "school_key", "opened_at"),
        Index(
            "uq_cases_open_message",
            "message_id",
            unique=True,
            sqlite_where=db.text(OPEN),
            postgresql_where=db.text(OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    school_key: Mapped[str] = mapped_column(String(24))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id"))
    author_name: Mapped[str] = mapped_column(String(320))
    # Empty for a direct chat.
    chat_title: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sent_at: Mapped[dt.datetime] = mapped_column(UTC)
    opened_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    # «account:<public id>» of the administrator or «command», as in the audit log.
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decision: Mapped[Decision | None] = mapped_column(Enum(Decision, native_enum=False, length=20))
    # What the school answers to those who complained.
    answer: Mapped[str] = mapped_column(String(MAX_WORDS), default="")


class Report(Model):
    """One person's complaint about one message. `text` is what the message said at that moment
    when it was other than the case's copy. `seen_at`: the person has read the decision.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("message_id", "profile_id"),
        Index("ix_reports_case_id", "case_id"),
        Index("ix_reports_profile_id", "profile_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    reason: Mapped[Reason] = mapped_column(Enum(Reason, native_enum=False, length=20))
    words: Mapped[str] = mapped_column(String(MAX_WORDS))
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    seen_at: Mapped[dt.datetime | None] = mapped_column(UTC)

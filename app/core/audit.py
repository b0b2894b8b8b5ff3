"""The audit log: who did what to whom, appended in the transaction that did it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import has_request_context, request
from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import UTC, Model
from app.core.transaction import writing


class AuditEntry(Model):
    """One line of the log. Rows are only ever added."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTC)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str | None] = mapped_column(String(45))


def note(*, actor: str, action: str, subject: str, **details: Any) -> None:
    """Append a line. `actor` and `subject` are «kind:public id»; no secret goes into `details`."""
    with writing() as session:
        session.add(
            AuditEntry(
                at=clock.now(),
                actor=actor,
                action=action,
                subject=subject,
                details=details,
                address=request.remote_addr if has_request_context() else None,
            )
        )

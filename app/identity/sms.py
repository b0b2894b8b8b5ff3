"""Text messages: one interface, the senders behind it, and the demo's outbox."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import structlog
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.config import SmsSenderKind, current_settings
from app.core.db import UTC, Model
from app.core.transaction import writing

log = structlog.get_logger(__name__)


class SmsMessage(Model):
    """A text in the outbox (demo and tests). Production never writes here."""

    __tablename__ = "sms_messages"
    __table_args__ = (Index("ix_sms_messages_phone", "phone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


class SmsSender(Protocol):
    """Sends one text to one phone. A sender that fails raises `core.errors.Unavailable`."""

    def send(self, phone: str, text: str) -> None:
        """Hand `text` over for delivery to `phone` (E.164)."""


class Outbox:
    """Keeps texts for the demo's page."""

    def send(self, phone: str, text: str) -> None:
        with writing() as session:
            session.add(SmsMessage(phone=phone, text=text))


class Log:
    """Writes that a text was sent, never what it says: logs are read by more people than phones.

    Decision: a site without an SMS gateway therefore cannot link anybody; gateways come by
    configuration.
    """

    def send(self, phone: str, text: str) -> None:
        log.info("sms handed to the log", phone=phone, length=len(text))


def sender() -> SmsSender:
    """The sender that this site is configured with."""
    return Outbox() if current_settings().sms_sender is SmsSenderKind.OUTBOX else Log()

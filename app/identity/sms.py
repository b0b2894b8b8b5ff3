"""Text messages and dropped calls: one interface, the demo's outbox, the senders of this site."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import structlog
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.config import SmsSenderKind, current_settings
from app.core.db import UTC, Model
from app.core.transaction import writing
from app.identity import sms_gateways
from app.identity.sms_gateways import NotSent

log = structlog.get_logger(__name__)
CALL_DIGITS = 4


class SmsMessage(Model):
    """A text in the outbox (demo and tests). Production never writes here."""

    __tablename__ = "sms_messages"
    __table_args__ = (Index("ix_sms_messages_phone", "phone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


class Sender(Protocol):
    """Brings a code to a phone (E.164). Both methods raise `NotSent` when they cannot."""

    is_remote: bool
    can_call: bool

    def send(self, phone: str, text: str) -> None:
        """Hand `text` over for delivery."""

    def call(self, phone: str) -> str:
        """Ring once and hang up; returns the last four digits of the caller: they are the code."""


class Outbox:
    """Keeps texts and calls for the demo's page."""

    is_remote = False
    can_call = True

    def send(self, phone: str, text: str) -> None:
        with writing() as session:
            session.add(SmsMessage(phone=phone, text=text))

    def call(self, phone: str) -> str:
        code = tokens.digits(CALL_DIGITS)
        self.send(phone, f"Пропущенный вызов: +7 495 000-{code[:2]}-{code[2:]}")
        return code


class Log:
    """Writes that a text was sent, never what it says: logs are read by more people than phones.

    Decision: a site without an SMS gateway therefore cannot link anybody.
    """

    is_remote = False
    can_call = False

    def send(self, phone: str, text: str) -> None:
        log.info("sms handed to the log", phone=phone, length=len(text))

    def call(self, phone: str) -> str:
        raise NotSent("the log cannot call")


def senders() -> tuple[Sender, ...]:
    """The configured sender, and its fallback if there is one."""
    settings = current_settings()
    kinds = [settings.sms_sender, settings.sms_fallback]
    return tuple(_sender(kind) for kind in kinds if kind is not None)


def can_call() -> bool:
    """Some sender of this site can make the dropped call."""
    return any(sender.can_call for sender in senders())


def _sender(kind: SmsSenderKind) -> Sender:
    if kind is SmsSenderKind.OUTBOX:
        return Outbox()
    if kind is SmsSenderKind.LOG:
        return Log()
    return sms_gateways.GATEWAYS[kind](current_settings().sms_options)

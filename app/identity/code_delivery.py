"""Sent codes: the row, and how a code reaches its phone without holding the page.

The row keeps a keyed digest, never the code. A remote gateway is asked beside the request; the
page asks the row what became of it. After a restart a code stays «pending»: the person asks anew.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Enum, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import background, clock, tokens
from app.core.config import current_settings
from app.core.db import UTC, Model, db
from app.core.transaction import writing
from app.identity import sms
from app.identity.sms import Sender
from app.identity.sms_gateways import NotSent

log = structlog.get_logger(__name__)
LONGEST_TEXT = 70
LATE = dt.timedelta(seconds=20)


class Channel(StrEnum):
    """How a code travels: a text of six digits, or a call whose last four digits are the code."""

    SMS = "sms"
    CALL = "call"


class Delivery(StrEnum):
    """What became of a code on its way."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class PhoneCode(Model):
    """One sent code, bound to the walk (browser) that asked for it.

    `digest` is empty until the gateway has told the number that it called from.
    """

    __tablename__ = "phone_codes"
    __table_args__ = (Index("ix_phone_codes_walk_id", "walk_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walks.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), default="")
    channel: Mapped[Channel] = mapped_column(
        Enum(Channel, native_enum=False, length=10), default=Channel.SMS, server_default="SMS"
    )
    delivery: Mapped[Delivery] = mapped_column(
        Enum(Delivery, native_enum=False, length=10),
        default=Delivery.PENDING,
        server_default="SENT",
    )
    sent_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    @property
    def is_late(self) -> bool:
        """The gateway has not answered for longer than it may take."""
        return self.delivery is Delivery.PENDING and clock.now() - self.sent_at > LATE


def newest_code(walk_id: int, phone: str) -> PhoneCode | None:
    """The code that the person of this walk is waiting for."""
    return db.session.scalar(
        select(PhoneCode)
        .where(PhoneCode.walk_id == walk_id, PhoneCode.phone == phone, PhoneCode.used_at.is_(None))
        .order_by(PhoneCode.id.desc())
        .limit(1)
    )


def code_digest(phone: str, code: str) -> str:
    """What is kept of a code."""
    return tokens.keyed_digest(f"{phone}:{code}", key=current_settings().secret_key)


def send_text(code_id: int, phone: str, code: str, *, turn: int) -> None:
    """Send the code as a text. `turn` counts the sends: each begins with the next sender."""
    _hand_over(code_id, phone, text_of(code), _in_turn(sms.senders(), turn))


def make_call(code_id: int, phone: str) -> None:
    """Ring the phone; the row learns the code when the gateway tells it."""
    able = [sender for sender in sms.senders() if sender.can_call]
    _hand_over(code_id, phone, None, able)


def text_of(code: str) -> str:
    """Under 70 characters, so that a Cyrillic SMS is one part; the last line is for WebOTP.

    The words give way to a long address, the WebOTP line never does: without it a phone may fill
    the code into a page of somebody else (https://wicg.github.io/sms-one-time-codes/).
    """
    last = f"@{urlsplit(current_settings().base_url).hostname} #{code}"
    for words in (f"{code} — код Сферума, это секрет", f"{code} — код Сферума", code):
        if len(words) + 1 + len(last) < LONGEST_TEXT:
            break
    return f"{words}\n{last}"


def _in_turn(senders: tuple[Sender, ...], turn: int) -> list[Sender]:
    first = turn % len(senders)
    return [*senders[first:], *senders[:first]]


def _hand_over(code_id: int, phone: str, text: str | None, senders: list[Sender]) -> None:
    if not any(sender.is_remote for sender in senders):
        _deliver(code_id, phone, text, senders)
    elif not background.run_soon(_deliver, code_id, phone, text, senders):
        _note(code_id, Delivery.FAILED)


def _deliver(code_id: int, phone: str, text: str | None, senders: list[Sender]) -> None:
    """Ask the senders one after another. A text sent twice by two of them says the same code."""
    for sender in senders:
        try:
            if text is None:
                _note(code_id, Delivery.SENT, code_digest(phone, sender.call(phone)))
            else:
                sender.send(phone, text)
                _note(code_id, Delivery.SENT)
        except NotSent as reason:
            log.warning(
                "code not sent", sender=type(sender).__name__, phone=phone, reason=str(reason)
            )
        else:
            return
    _note(code_id, Delivery.FAILED)


def _note(code_id: int, delivery: Delivery, digest: str | None = None) -> None:
    values = {"delivery": delivery} | ({"digest": digest} if digest else {})
    with writing() as session:
        session.execute(update(PhoneCode).where(PhoneCode.id == code_id).values(**values))

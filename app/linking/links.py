"""Links («связки») and the attempts that make them: tables and questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, tokens
from app.core.db import UTC, Model, db
from app.school.accounts import Account

ACTIVE = "ended_at IS NULL"


class EndReason(StrEnum):
    """Why a link ended."""

    UNLINKED = "unlinked"
    BY_SCHOOL = "by_school"


class Link(Model):
    """A journal account joined to a learning profile, named by (issuer, subject).

    The two partial unique indexes hold FLOWS 0: an account has at most one profile, and a profile
    belongs to one person of a school (`school_id` repeats the account's school for that).
    """

    __tablename__ = "links"
    __table_args__ = (
        Index(
            "uq_links_active_account",
            "account_id",
            unique=True,
            sqlite_where=db.text(ACTIVE),
            postgresql_where=db.text(ACTIVE),
        ),
        Index(
            "uq_links_active_subject",
            "school_id",
            "issuer",
            "subject",
            unique=True,
            sqlite_where=db.text(ACTIVE),
            postgresql_where=db.text(ACTIVE),
        ),
        Index("ix_links_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    # As the provider named the person at linking time, for the «Личные данные» page.
    profile_name: Mapped[str] = mapped_column(String(320), default="")
    masked_phone: Mapped[str] = mapped_column(String(24), default="")
    linked_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    end_reason: Mapped[EndReason | None] = mapped_column(
        Enum(EndReason, native_enum=False, length=20)
    )

    # What the administrator wrote when the school ended it; shown to the person.
    end_note: Mapped[str] = mapped_column(String(300), default="", server_default="")

    account: Mapped[Account] = relationship()


class LinkAttempt(Model):
    """One walk through the provider, bound to the browser session that began it.

    Decision: state, nonce and verifier live in this row, not in the cookie, so that a second tab
    or the back button ends in a sentence and not in a mismatch.
    """

    __tablename__ = "link_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    journal_session_id: Mapped[int] = mapped_column(
        ForeignKey("journal_sessions.id", ondelete="CASCADE")
    )
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    # Set when a code of this attempt goes to the provider: a code is tried once.
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    # The link that it led to (made by it, or found made already).
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id", ondelete="SET NULL"))

    link: Mapped[Link | None] = relationship()


def active_link(account_id: int) -> Link | None:
    """The account's link now, if any."""
    return db.session.scalar(
        select(Link).where(Link.account_id == account_id, Link.ended_at.is_(None))
    )


def subjects_of(person_id: int) -> Sequence[str]:
    """Every profile that this person's accounts are or were linked to."""
    return db.session.scalars(
        select(Link.subject)
        .join(Account, Account.id == Link.account_id)
        .where(Account.person_id == person_id)
        .distinct()
    ).all()


def holder_of(*, school_id: int, issuer: str, subject: str) -> Link | None:
    """The school's active link of this profile, whoever it belongs to."""
    return db.session.scalar(
        select(Link).where(
            Link.school_id == school_id,
            Link.issuer == issuer,
            Link.subject == subject,
            Link.ended_at.is_(None),
        )
    )


def last_ended_link(account_id: int) -> Link | None:
    """The account's link that ended last, if any."""
    return db.session.scalar(
        select(Link)
        .where(Link.account_id == account_id, Link.ended_at.is_not(None))
        .order_by(Link.ended_at.desc(), Link.id.desc())
        .limit(1)
    )


def linked_people(person_ids: Collection[int]) -> dict[int, str]:
    """Person id -> subject of the linked profile, for those who are linked. One query."""
    rows = db.session.execute(
        select(Account.person_id, Link.subject)
        .join(Account, Account.id == Link.account_id)
        .where(Account.person_id.in_(person_ids), Link.ended_at.is_(None))
    )
    return {row.person_id: row.subject for row in rows}


def links_of_school(school_id: int) -> dict[int, str]:
    """Person id -> subject for everyone linked in the school. One query."""
    rows = db.session.execute(
        select(Account.person_id, Link.subject)
        .join(Account, Account.id == Link.account_id)
        .where(Link.school_id == school_id, Link.ended_at.is_(None))
    )
    return {row.person_id: row.subject for row in rows}

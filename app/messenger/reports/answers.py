"""What came of one's own complaints."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select, update

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.messenger.reports.models import Case, Decision, Reason, Report

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class OwnReport:
    """A complaint as who made it sees it: not the message's words, which may be gone by now."""

    author_name: str
    chat_title: str
    at: dt.datetime
    reason: Reason
    words: str
    decision: Decision | None
    decided_at: dt.datetime | None
    answer: str
    is_new: bool


def new_answers(profile_id: int) -> int:
    """How many of this profile's complaints were decided and not looked at since; one query."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Report)
            .join(Case, Case.id == Report.case_id)
            .where(
                Report.profile_id == profile_id,
                Report.seen_at.is_(None),
                Case.decided_at.is_not(None),
            )
        )
        or 0
    )


def reports_of(profile_id: int) -> list[OwnReport]:
    """The profile's complaints, the newest first; one query."""
    rows = db.session.execute(
        select(
            Case.author_name,
            Case.chat_title,
            Report.at,
            Report.reason,
            Report.words,
            Report.seen_at,
            Case.decision,
            Case.decided_at,
            Case.answer,
        )
        .join(Case, Case.id == Report.case_id)
        .where(Report.profile_id == profile_id)
        .order_by(Report.id.desc())
        .limit(PAGE)
    )
    return [
        OwnReport(
            author_name=row.author_name,
            chat_title=row.chat_title,
            at=row.at,
            reason=row.reason,
            words=row.words,
            decision=row.decision,
            decided_at=row.decided_at,
            answer=row.answer,
            is_new=row.decided_at is not None and row.seen_at is None,
        )
        for row in rows
    ]


def mark_seen(profile_id: int) -> None:
    """The profile has read every decision there is."""
    decided = select(Case.id).where(Case.decided_at.is_not(None))
    with writing() as session:
        session.execute(
            update(Report)
            .where(
                Report.profile_id == profile_id,
                Report.seen_at.is_(None),
                Report.case_id.in_(decided),
            )
            .values(seen_at=clock.now())
        )

"""Cases as the administrators of a school see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select

from app.core.db import db
from app.core.errors import Missing
from app.core.names import joined
from app.identity.profiles import Profile
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.messages.models import Message, MessageKind
from app.messenger.people import ConfirmedRole
from app.messenger.reports.models import Case, Decision, Reason, Report

PAGE = 30
AROUND = 2
NO_CASE = lazy_gettext("Такого обращения нет.")


@dataclass(frozen=True)
class Office:
    """Who decides: administrators of this school. `profiles` are the asking one's own (public ids).

    Decision: nobody judges their own words, nor learns who complained of them: a case about a
    message of the asking administrator is not there for them.
    """

    school_key: str
    profiles: frozenset[str] = frozenset()

    @property
    def sees(self) -> ColumnElement[bool]:
        """The condition on cases."""
        here = Case.school_key == self.school_key
        if not self.profiles:
            return here
        own = select(Profile.id).where(Profile.public_id.in_(self.profiles))
        return and_(here, or_(Case.author_id.is_(None), Case.author_id.not_in(own)))


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A row of the list: not the words themselves, which only opening the case shows."""

    public_id: str
    author_name: str
    chat_title: str
    opened_at: dt.datetime
    decided_at: dt.datetime | None
    decision: Decision | None
    reports: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A message that stands beside the one complained of, as it is now."""

    author_name: str
    at: dt.datetime
    text: str
    has_files: bool
    is_deleted: bool


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """Who complained, why, and what the message said then when it had been changed meanwhile."""

    name: str
    reason: Reason
    words: str
    text: str | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Now:
    """What has become of the message since, and whether its author can be taken out of the chat."""

    is_deleted: bool
    is_changed: bool
    is_removable: bool


def open_count(office: Office) -> int:
    """How many cases wait for a decision; one query."""
    query = select(func.count()).select_from(Case).where(office.sees, Case.decided_at.is_(None))
    return db.session.scalar(query) or 0


def lines_of(office: Office, *, is_decided: bool, offset: int = 0) -> list[CaseLine]:
    """PAGE + 1 cases: those that wait longest first, or those decided last; two queries."""
    done = Case.decided_at.is_not(None)
    order = Case.decided_at.desc() if is_decided else Case.opened_at
    cases = db.session.scalars(
        select(Case)
        .where(office.sees, done if is_decided else not_(done))
        .order_by(order, Case.id)
        .offset(offset)
        .limit(PAGE + 1)
    ).all()
    reasons: dict[int, list[Reason]] = {case.id: [] for case in cases}
    for row in db.session.execute(
        select(Report.case_id, Report.reason)
        .where(Report.case_id.in_(list(reasons)))
        .order_by(Report.id)
    ):
        reasons[row.case_id].append(row.reason)
    return [
        CaseLine(
            public_id=case.public_id,
            author_name=case.author_name,
            chat_title=case.chat_title,
            opened_at=case.opened_at,
            decided_at=case.decided_at,
            decision=case.decision,
            reports=len(reasons[case.id]),
            reasons=tuple(dict.fromkeys(reasons[case.id])),
        )
        for case in cases
    ]


def case_of(office: Office, public_id: str) -> Case:
    """The case.

    Raises:
        Missing: there is none, it is another school's, or it is about one's own message.
    """
    case = db.session.scalar(select(Case).where(office.sees, Case.public_id == public_id))
    if case is None:
        raise Missing(NO_CASE)
    return case


def waiting_everywhere() -> list[tuple[Case, bool]]:
    """Open cases of all schools, the longest waiting first, and whether the author of each is an
    administrator of the school that has to decide; one query.
    """
    is_by_administrator = exists().where(
        ConfirmedRole.profile_id == Case.author_id,
        ConfirmedRole.role == "administrator",
        ConfirmedRole.school_key == Case.school_key,
    )
    rows = db.session.execute(
        select(Case, is_by_administrator)
        .where(Case.decided_at.is_(None))
        .order_by(Case.opened_at, Case.id)
    )
    return [(row[0], row[1]) for row in rows]


def school_of(public_id: str) -> str:
    """The key of the school that answers for the case.

    Raises:
        Missing: there is no such case.
    """
    key = db.session.scalar(select(Case.school_key).where(Case.public_id == public_id))
    if key is None:
        raise Missing(NO_CASE)
    return key


def complaints_of(case: Case) -> list[Complaint]:
    """Who complained, the first one first; one query."""
    rows = db.session.execute(
        select(
            Profile.given_name,
            Profile.patronymic,
            Profile.family_name,
            Report.reason,
            Report.words,
            Report.text,
            Report.at,
        )
        .join(Profile, Profile.id == Report.profile_id)
        .where(Report.case_id == case.id)
        .order_by(Report.id)
    )
    return [
        Complaint(
            name=joined(row.given_name, row.patronymic, row.family_name),
            reason=row.reason,
            words=row.words,
            text=row.text,
            at=row.at,
        )
        for row in rows
    ]


def neighbours_of(case: Case) -> tuple[Sequence[Neighbour], Sequence[Neighbour]]:
    """What was said right before and right after, by people; three queries.

    Decision: two each way and only while the case is open, as they stand now: enough to tell a
    joke from an insult, and not the reading of a chat. No copy of them is kept.
    """
    if case.decided_at is not None:
        return (), ()
    message = db.session.get_one(Message, case.message_id)
    near = _near(message.chat_id)
    before = db.session.execute(
        near.where(Message.seq < message.seq).order_by(Message.seq.desc()).limit(AROUND)
    ).all()
    after = db.session.execute(
        near.where(Message.seq > message.seq).order_by(Message.seq).limit(AROUND)
    ).all()
    shown = [
        Neighbour(
            author_name=joined(row.given_name, row.family_name),
            at=row.created_at,
            text=row.text,
            has_files=row.carries is not None,
            is_deleted=row.deleted_at is not None,
        )
        for row in (*reversed(before), *after)
    ]
    return shown[: len(before)], shown[len(before) :]


def _near(chat_id: int) -> Select[*tuple[object, ...]]:
    query: Select[*tuple[object, ...]] = (
        select(
            Message.text,
            Message.created_at,
            Message.carries,
            Message.deleted_at,
            Profile.given_name,
            Profile.family_name,
        )
        .outerjoin(Profile, Profile.id == Message.author_id)
        .where(Message.chat_id == chat_id, Message.kind != MessageKind.SYSTEM)
    )
    return query


def now_of(case: Case) -> Now:
    """What has become of the message; one query.

    Decision: out of a chat made by hand, as its own leaders could; who sits in an automatic chat
    is decided by class and timetable, and its creator leads it: they hand it over first.
    """
    row = db.session.execute(
        select(Message.deleted_at, Message.text, Chat.kind, Member.role, Member.left_at)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Member, and_(Member.chat_id == Chat.id, Member.profile_id == Message.author_id))
        .where(Message.id == case.message_id)
    ).one()
    return Now(
        is_deleted=row.deleted_at is not None,
        is_changed=row.deleted_at is None and row.text != case.text,
        is_removable=(
            row.kind is ChatKind.MANUAL
            and row.left_at is None
            and row.role in (MemberRole.MEMBER, MemberRole.ADMINISTRATOR)
        ),
    )

"""Questions about automatic chats for the journal: which are mine, who sits in one and why."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from sqlalchemy import case, func, select

from app.core.db import db
from app.linking.links import Link
from app.membership.models import Seat
from app.membership.reconcile import plain_reason
from app.membership.rules import Reason, Title
from app.messenger.chats.models import Chat
from app.school.accounts import Account
from app.school.people import Person, short_name

ORDER = case(
    {Title.TEACHERS.value: 0, Title.PUPILS.value: 1, Title.PARENTS.value: 2},
    value=Chat.title,
    else_=3,
)


@dataclass(frozen=True)
class MyChat:
    """A row of the Chats tab."""

    public_id: str
    title: str
    label: str
    shows_label: bool
    may_edit: bool
    people: int
    linked: int


@dataclass(frozen=True)
class Seated:
    """A person in a chat: why, and since when linked (None: not yet)."""

    person_id: int
    name: str
    short_name: str
    reasons: tuple[Reason, ...]
    is_administrator: bool
    linked_at: dt.datetime | None


def chats_of(person_id: int) -> list[MyChat]:
    """Automatic chats where the person has a seat, staff's first, by one query."""
    others = (
        select(
            Seat.chat_id,
            func.count().label("people"),
            func.count(Link.id).label("linked"),
        )
        .join(Account, Account.person_id == Seat.person_id, isouter=True)
        .join(Link, (Link.account_id == Account.id) & Link.ended_at.is_(None), isouter=True)
        .where(Seat.chat_id.in_(select(Seat.chat_id).where(Seat.person_id == person_id)))
        .group_by(Seat.chat_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Chat.public_id,
            Chat.title,
            Chat.label,
            Seat.is_administrator,
            others.c.people,
            others.c.linked,
        )
        .join(Seat, Seat.chat_id == Chat.id)
        .join(others, others.c.chat_id == Chat.id)
        .where(Seat.person_id == person_id)
        .order_by(Seat.is_administrator.desc(), ORDER, Chat.title)
    ).all()
    titles = [row.title for row in rows]
    # Own classes first; «5А» before «10А».
    rows = sorted(rows, key=lambda row: (not row.is_administrator, _natural(row.label)))
    return [
        MyChat(
            public_id=row.public_id,
            title=row.title,
            label=row.label,
            shows_label=titles.count(row.title) > 1,
            may_edit=row.is_administrator,
            people=row.people,
            linked=row.linked,
        )
        for row in rows
    ]


def _natural(label: str) -> tuple[int, str]:
    """«10А» -> (10, «А»): classes in the order of a school."""
    digits = "".join(itertools.takewhile(str.isdigit, label))
    return int(digits or 0), label[len(digits) :]


def seat_in(person_id: int, chat_public_id: str) -> tuple[Chat, Seat] | None:
    """The chat, looked up through the person's own seat: a stranger's id is absent."""
    row = db.session.execute(
        select(Chat, Seat)
        .join(Seat, Seat.chat_id == Chat.id)
        .where(Seat.person_id == person_id, Chat.public_id == chat_public_id)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def seated(chat_id: int) -> list[Seated]:
    """Everybody with a seat, by name, by one query."""
    rows = db.session.execute(
        select(
            Seat.person_id,
            Seat.reasons,
            Seat.is_administrator,
            Person.family_name,
            Person.given_name,
            Person.patronymic,
            Link.linked_at,
        )
        .join(Person, Person.id == Seat.person_id)
        .join(Account, Account.person_id == Seat.person_id, isouter=True)
        .join(Link, (Link.account_id == Account.id) & Link.ended_at.is_(None), isouter=True)
        .where(Seat.chat_id == chat_id)
        .order_by(Seat.is_administrator.desc(), Person.family_name, Person.given_name)
    )
    return [
        Seated(
            person_id=row.person_id,
            name=" ".join(p for p in (row.family_name, row.given_name, row.patronymic) if p),
            short_name=short_name(row.family_name, row.given_name, row.patronymic),
            reasons=tuple(plain_reason(item) for item in row.reasons),
            is_administrator=row.is_administrator,
            linked_at=row.linked_at,
        )
        for row in rows
    ]


def reasons_of(person_id: int) -> list[tuple[str, tuple[Reason, ...]]]:
    """«Чат с родителями · 7А» and the person's reasons for a seat there."""
    rows = db.session.execute(
        select(Chat.title, Chat.label, Seat.reasons)
        .join(Seat, Seat.chat_id == Chat.id)
        .where(Seat.person_id == person_id)
        .order_by(Chat.label, Chat.title)
    )
    return [
        (
            " · ".join(part for part in (title, label) if part),
            tuple(plain_reason(item) for item in reasons),
        )
        for title, label, reasons in rows
    ]

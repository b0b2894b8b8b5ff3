"""Requests to connect a diary that is not in the registry («У меня другой дневник», FLOWS 2)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from flask_babel import lazy_gettext
from sqlalchemy import Enum, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock, tokens
from app.core.db import UTC, Model, db
from app.core.errors import Conflict, Missing
from app.core.transaction import writing

MAX_OPEN_REQUESTS = 3


class RequestState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    DONE = "done"


class DiaryRequest(Model):
    """«У меня другой дневник»: somebody asks to connect the diary of their school.

    `asker` is the public id of the profile; the contact is what the person wrote, nothing more.
    """

    __tablename__ = "diary_requests"
    __table_args__ = (Index("ix_diary_requests_state_created_at", "state", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    asker: Mapped[str] = mapped_column(String(24))
    asker_name: Mapped[str] = mapped_column(String(320))
    region_code: Mapped[str] = mapped_column(String(2))
    school_name: Mapped[str] = mapped_column(String(200))
    diary_name: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[RequestState] = mapped_column(
        Enum(RequestState, native_enum=False, length=20), default=RequestState.OPEN
    )
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    done_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))


def leave_request(
    *, asker: str, asker_name: str, region_code: str, school: str, diary: str, contact: str
) -> DiaryRequest:
    """Keep a request. The same person asking for the same school again revises the first one.

    Raises:
        Conflict: the person has `MAX_OPEN_REQUESTS` open ones for other schools.
    """
    with writing() as session:
        own = (DiaryRequest.asker == asker, DiaryRequest.state == RequestState.OPEN)
        request = session.scalar(
            select(DiaryRequest).where(
                *own,
                DiaryRequest.region_code == region_code,
                DiaryRequest.school_name == school,
            )
        )
        if request is None:
            count = session.scalar(select(func.count()).select_from(DiaryRequest).where(*own)) or 0
            if count >= MAX_OPEN_REQUESTS:
                raise Conflict(
                    lazy_gettext("Ваши заявки уже у администратора. Дождитесь ответа на них.")
                )
            request = DiaryRequest(asker=asker, region_code=region_code, school_name=school)
            session.add(request)
        request.asker_name, request.diary_name, request.contact = asker_name, diary, contact
        session.flush()
        return request


def requests_to_show() -> list[DiaryRequest]:
    """Open requests, the oldest first, then the twenty closed last.

    Decision: a request names a school that is not here yet, so every administrator of this site
    sees every request.
    """
    opened = db.session.scalars(
        select(DiaryRequest)
        .where(DiaryRequest.state == RequestState.OPEN)
        .order_by(DiaryRequest.created_at, DiaryRequest.id)
    )
    closed = db.session.scalars(
        select(DiaryRequest)
        .where(DiaryRequest.state == RequestState.DONE)
        .order_by(DiaryRequest.done_at.desc())
        .limit(20)
    )
    return [*opened, *closed]


def open_requests_count() -> int:
    """How many requests wait for an administrator."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(DiaryRequest)
            .where(DiaryRequest.state == RequestState.OPEN)
        )
        or 0
    )


def close_request(public_id: str, *, person_id: int, actor: str) -> None:
    """An administrator has dealt with a request.

    Raises:
        Missing: there is no such request.
    """
    with writing() as session:
        request = session.scalar(select(DiaryRequest).where(DiaryRequest.public_id == public_id))
        if request is None:
            raise Missing(lazy_gettext("Такой заявки нет."))
        if request.state is RequestState.DONE:
            return
        request.state, request.done_at, request.done_by_id = (
            RequestState.DONE,
            clock.now(),
            person_id,
        )
        audit.note(actor=actor, action="diary_request.closed", subject=f"request:{public_id}")

"""Consents: which services a profile is linked to, remembered, listed, taken back.

Decision: our journal asks every time (FLOWS 1.10 shows whose account is linked to which profile),
so nothing is remembered for it; its links are ended in the journal.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock
from app.core.db import UTC, Model, db
from app.core.transaction import publish, writing
from app.identity import clients, token_store
from app.identity.facts import ConsentWithdrawn
from app.identity.profiles import Profile


class Consent(Model):
    """A profile lets a service know it within these scopes."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("profile_id", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)
    last_used_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


@dataclass(frozen=True)
class LinkedService:
    """A line of «Связанные сервисы»."""

    client_id: str
    name: str
    home_url: str
    sees_names: bool
    given_at: dt.datetime
    last_used_at: dt.datetime


def is_given(profile_id: int, client_id: str, scope: str) -> bool:
    """The person has already agreed to all of `scope` for this service."""
    row = _find(profile_id, client_id)
    return row is not None and set(scope.split()) <= set(row.scope.split())


def remember(profile: Profile, client_id: str, scope: str) -> None:
    """The person has agreed, now or before."""
    with writing() as session:
        row = _find(profile.id, client_id)
        if row is None:
            row = Consent(profile_id=profile.id, client_id=client_id, scope="")
            session.add(row)
        wider = set(scope.split()) - set(row.scope.split())
        row.last_used_at = clock.now()
        if wider:
            row.scope = " ".join(sorted({*row.scope.split(), *wider}))
            row.given_at = clock.now()
            audit.note(
                actor=f"profile:{profile.public_id}",
                action="consent.given",
                subject=f"client:{client_id}",
                scope=row.scope,
            )


def linked_services(profile_id: int) -> list[LinkedService]:
    """The live services of a profile, the latest used first."""
    rows = db.session.scalars(
        select(Consent)
        .where(Consent.profile_id == profile_id)
        .order_by(Consent.last_used_at.desc())
    ).all()
    found = [(row, clients.find_client(row.client_id)) for row in rows]
    return [
        LinkedService(
            client.client_id,
            client.name,
            client.home_url,
            "profile" in row.scope.split(),
            row.given_at,
            row.last_used_at,
        )
        for row, client in found
        if client is not None
    ]


def withdraw(profile: Profile, client_id: str) -> None:
    """«Отключить»: the service's tokens die, it is told, and it must ask again."""
    with writing() as session:
        ended = session.scalars(
            delete(Consent)
            .where(Consent.profile_id == profile.id, Consent.client_id == client_id)
            .returning(Consent.id)
        ).all()
        if not ended:
            return
        token_store.revoke_all(profile.id, client_id)
        audit.note(
            actor=f"profile:{profile.public_id}",
            action="consent.withdrawn",
            subject=f"client:{client_id}",
        )
        publish(ConsentWithdrawn(profile.public_id, client_id))


def _find(profile_id: int, client_id: str) -> Consent | None:
    return db.session.scalar(
        select(Consent).where(Consent.profile_id == profile_id, Consent.client_id == client_id)
    )

"""Children of the guardians in a class's chat with parents: a poll may count one vote a child."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.identity.profiles import Profile
from app.linking.links import Link
from app.messenger.chats.models import Chat
from app.messenger.polls import children
from app.messenger.polls.children import Child
from app.school.accounts import Account
from app.school.classes import Enrolment, SchoolClass
from app.school.people import Guardianship, Person

PARTS = ("class:", ":parents")


class ChildrenOfChats:
    """Answers by the school's own rows, as they are now."""

    def counts(self, chat_id: int) -> bool:
        return bool(self._class_of(chat_id))

    def of(self, chat_id: int, profile_id: int) -> tuple[Child, ...]:
        key = self._class_of(chat_id)
        if not key:
            return ()
        rows = db.session.execute(
            # The id is there to be ordered by: PostgreSQL wants it among distinct rows.
            select(Person.public_id, Person.given_name, Person.family_name, Person.id)
            .join(Guardianship, Guardianship.pupil_id == Person.id)
            .join(Account, Account.person_id == Guardianship.guardian_id)
            .join(Link, (Link.account_id == Account.id) & Link.ended_at.is_(None))
            .join(Profile, Profile.public_id == Link.subject)
            .join(Enrolment, (Enrolment.pupil_id == Person.id) & Enrolment.ended_on.is_(None))
            .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
            .where(Profile.id == profile_id, SchoolClass.public_id == key, Person.left_on.is_(None))
            .order_by(Person.given_name, Person.id)
            .distinct()
        )
        return tuple(Child(row.public_id, f"{row.given_name} {row.family_name}") for row in rows)

    def _class_of(self, chat_id: int) -> str:
        key = db.session.scalar(select(Chat.auto_key).where(Chat.id == chat_id)) or ""
        start, end = PARTS
        return key[len(start) : -len(end)] if key.startswith(start) and key.endswith(end) else ""


def install(app: Flask) -> None:
    """Tell the messenger's polls whose children there are."""
    children.install(app, ChildrenOfChats())

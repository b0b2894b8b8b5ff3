"""What ending a link would do, by the same rules that opened what it closes."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.identity.profiles import Profile
from app.linking.consequences import KEY, Consequences, HandOver, Heir
from app.linking.links import linked_people
from app.membership.seats import chats_of
from app.messenger.chats import suspension
from app.messenger.people import ConfirmedRole
from app.school.people import Person


def install(app: Flask) -> None:
    """Let `linking` ask without importing this room."""
    app.extensions[KEY] = consequences_of


def consequences_of(person_id: int) -> Consequences:
    """The automatic chats where the person sits, and those by hand if no role is left."""
    titles = tuple(
        f"{chat.title} · {chat.label}" if chat.shows_label else chat.title
        for chat in chats_of(person_id)
    )
    subject = linked_people([person_id]).get(person_id)
    profile_id = db.session.scalar(select(Profile.id).where(Profile.public_id == subject))
    if profile_id is None or _has_role_elsewhere(profile_id, person_id):
        return Consequences(titles)
    return Consequences(
        titles,
        tuple(suspension.chats_by_hand(profile_id)),
        tuple(
            HandOver(
                chat.public_id,
                chat.title,
                tuple(Heir(heir.public_id, heir.name) for heir in chat.heirs),
            )
            for chat in suspension.led_alone(profile_id)
        ),
    )


def _has_role_elsewhere(profile_id: int, person_id: int) -> bool:
    """A school other than this person's confirms a role of the profile too."""
    person = db.session.get_one(Person, person_id)
    return bool(
        db.session.scalar(
            select(ConfirmedRole.id)
            .where(
                ConfirmedRole.profile_id == profile_id,
                ConfirmedRole.school_key != person.school.public_id,
            )
            .limit(1)
        )
    )

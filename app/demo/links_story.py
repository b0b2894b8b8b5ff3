"""Who of the demo school has linked a learning profile before the visitor comes, and when."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import clock, tokens
from app.core.config import current_settings
from app.demo.school_story import SEED, TIME_ZONE, Story, is_primary
from app.identity.phones import masked_phone
from app.identity.profiles import Profile, VkId
from app.linking.links import Link
from app.school.accounts import Account
from app.school.people import Person

# Personas who show how to link; the others that a visitor may be are linked already.
UNLINKED_LOGINS = {"ivanova", "petrova", "sokolova", "misha", "dasha", "ershova", "admin"}
LINKED_LOGINS = ("belova", "orlov", "morozova", "egor")
TEACHER_SHARE, PARENT_SHARE, PUPIL_SHARE = 0.85, 0.55, 0.4
# Days ago: the staff began, families followed, some came lately.
STAFF_DAYS, FAMILY_DAYS, LATE_DAYS = (55, 75), (30, 55), (3, 28)
LATE_SHARE = 0.2


def link_some(session: Session, story: Story) -> None:
    """Most teachers, many parents, pupils from the third grade on."""
    chance = random.Random(SEED + 1)
    hidden = {story.logins[login].id for login in UNLINKED_LOGINS}
    chosen: dict[int, tuple[Person, tuple[int, int]]] = {}

    def choose(people: list[Person], share: float, days: tuple[int, int]) -> None:
        for person in people:
            is_chosen = chance.random() < share
            when = LATE_DAYS if chance.random() < LATE_SHARE else days
            if is_chosen and person.id not in hidden:
                chosen.setdefault(person.id, (person, when))

    known = [story.logins[login] for login in LINKED_LOGINS]
    chosen |= {person.id: (person, STAFF_DAYS) for person in known}
    leaders = [person for name, person in story.leaders.items() if not is_primary(name)]
    choose(leaders, 1, STAFF_DAYS)
    choose(story.teachers, TEACHER_SHARE, STAFF_DAYS)
    choose(story.guardians, PARENT_SHARE, FAMILY_DAYS)
    for name, pupils in story.pupils.items():
        if not name.startswith(("1А", "2А")):
            choose(pupils, PUPIL_SHARE, FAMILY_DAYS)
    _write(session, list(chosen.values()), chance)


def _write(
    session: Session, chosen: list[tuple[Person, tuple[int, int]]], chance: random.Random
) -> None:
    accounts = dict(
        session.execute(
            select(Account.person_id, Account.id).where(
                Account.person_id.in_([person.id for person, _days in chosen])
            )
        ).all()
    )
    rows = []
    for number, (person, days) in enumerate(chosen):
        named = {
            "family_name": person.family_name,
            "given_name": person.given_name,
            "patronymic": person.patronymic,
        }
        phone = f"+7900{1000000 + number}"
        at = _evening(chance.randint(*days), chance)
        profile = Profile(
            public_id=tokens.public_id(),
            vk_id=VkId(phone=phone, created_at=at, **named),
            created_at=at,
            **named,
        )
        session.add(profile)
        rows.append(
            {
                "account_id": accounts[person.id],
                "school_id": person.school_id,
                "issuer": current_settings().issuer,
                "subject": profile.public_id,
                "profile_name": profile.name,
                "masked_phone": masked_phone(phone),
                "linked_at": at,
            }
        )
    session.flush()
    session.execute(insert(Link), rows)


def _evening(days_ago: int, chance: random.Random) -> dt.datetime:
    day = clock.today(TIME_ZONE) - dt.timedelta(days=days_ago)
    time = dt.time(chance.randint(16, 20), chance.randrange(60), chance.randrange(60))
    return dt.datetime.combine(day, time, ZoneInfo(TIME_ZONE))

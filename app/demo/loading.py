"""Loading the demo: the school, who has linked already, and what they wrote."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import clock, tokens
from app.core.config import current_settings
from app.core.db import db
from app.core.transaction import writing
from app.demo import talk
from app.demo.announcements_story import tell_announcements
from app.demo.marks_loading import load_marks
from app.demo.school_story import SCHOOL_CODE, SEED, TIME_ZONE, Story, tell
from app.identity.phones import masked_phone
from app.identity.profiles import Profile, VkId
from app.linking.links import Link
from app.membership.reconcile import reconcile
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import MemberRole
from app.messenger.messages.models import Message, MessageKind
from app.school.accounts import Account
from app.school.people import Person, School
from app.school.signing_in import hash_password

PASSWORD = "demo-svyazka"
# Linked before the visitor comes: most teachers, many parents, senior pupils. Personas that
# show linking are left for the visitor.
UNLINKED_LOGINS = {"ivanova", "petrova", "sokolova", "misha", "dasha", "ershova", "admin"}
TEACHER_SHARE, PARENT_SHARE, PUPIL_SHARE = 0.8, 0.55, 0.4


def is_loaded() -> bool:
    """Whether the demo school is there."""
    return db.session.scalar(select(School.id).where(School.external_id == SCHOOL_CODE)) is not None


def load() -> Story:
    """Write the school, links, chats and their history. Deterministic but for moments and ids."""
    with writing() as session:
        story = tell(session(), hash_password(PASSWORD))
        _link_some(session(), story)
        tell_announcements(session(), story)
        load_marks(session(), story.school, SEED + 3)
        school_id = story.school.id
    reconcile([school_id])
    with writing() as session:
        _talk(session())
    return story


def _link_some(session: Session, story: Story) -> None:
    chance = random.Random(SEED + 1)
    chosen = [person for person in story.teachers if chance.random() < TEACHER_SHARE]
    chosen += [person for person in story.guardians if chance.random() < PARENT_SHARE]
    for name, pupils in story.pupils.items():
        if not name.startswith(("1А", "2А")):
            chosen += [person for person in pupils if chance.random() < PUPIL_SHARE]
    ids = {person.id: person for person in chosen}
    accounts = session.execute(
        select(Account.id, Account.person_id).where(
            Account.person_id.in_(ids), Account.login.not_in(UNLINKED_LOGINS)
        )
    ).all()
    for number, (account_id, person_id) in enumerate(accounts):
        _link(session, ids[person_id], account_id, f"+7900{1000000 + number}", chance)


def _link(
    session: Session, person: Person, account_id: int, phone: str, chance: random.Random
) -> None:
    named = {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
    }
    vk_id = VkId(phone=phone, **named)
    profile = Profile(vk_id=vk_id, **named)
    session.add(profile)
    session.flush()
    session.add(
        Link(
            account_id=account_id,
            school_id=person.school_id,
            issuer=current_settings().issuer,
            subject=profile.public_id,
            profile_name=profile.name,
            masked_phone=masked_phone(phone),
            linked_at=clock.now() - dt.timedelta(days=chance.randint(3, 70)),
        )
    )


def _talk(session: Session) -> None:
    """Believable days of talk in every class chat that has people."""
    chance = random.Random(SEED + 2)
    for chat in session.scalars(select(Chat).order_by(Chat.id)):
        members = session.execute(
            select(Member.profile_id, Member.role)
            .where(Member.chat_id == chat.id)
            .order_by(Member.id)
        ).all()
        leaders = [row.profile_id for row in members if row.role is MemberRole.ADMINISTRATOR]
        others = [row.profile_id for row in members if row.role is MemberRole.MEMBER]
        scripts = (talk.LED if leaders else talk.AMONG_PEERS).get(chat.title, ())
        if len(others) < 2 or not scripts:
            continue
        rows: list[dict[str, Any]] = []
        for script in scripts:
            start = _moment(script.days_ago, chance.randint(0, 90))
            voices = chance.sample(others, min(len(others), 6))
            for number, line in enumerate(script.lines):
                is_leader = line.startswith("!")
                author = leaders[0] if is_leader else voices[number % len(voices)]
                rows.append(
                    {
                        "chat_id": chat.id,
                        "seq": len(rows) + 1,
                        "author_id": author,
                        "client_id": tokens.public_id(),
                        "kind": MessageKind.TEXT,
                        "text": line.lstrip("!"),
                        "created_at": start + dt.timedelta(minutes=3 * number),
                    }
                )
        session.execute(insert(Message), rows)
        chat.last_seq = len(rows)
        chat.last_message_at = rows[-1]["created_at"]
        for member in session.scalars(select(Member).where(Member.chat_id == chat.id)):
            member.unread = chance.choice((0, 0, 2, 5))
            member.read_seq = chat.last_seq - member.unread


def _moment(days_ago: int, minutes: int) -> dt.datetime:
    """An evening hour of that day at school; today's talk was a while ago."""
    if days_ago == 0:
        return clock.now() - dt.timedelta(minutes=40 + minutes)
    day = clock.today(TIME_ZONE) - dt.timedelta(days=days_ago)
    evening = dt.datetime.combine(day, dt.time(17, 30), ZoneInfo(TIME_ZONE))
    return evening + dt.timedelta(minutes=minutes)

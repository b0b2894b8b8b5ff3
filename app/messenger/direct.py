"""Direct chats: one for each pair of people, as long as the table of `safety` lets them talk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock, throttle
from app.core.db import db
from app.core.errors import Denied, Missing, TooMany
from app.core.throttle import Limit
from app.core.transaction import publish, writing
from app.identity.profiles import Profile
from app.messenger import reach, safety
from app.messenger.chats.models import Chat, Frozen, Member
from app.messenger.chats.rights import ChatKind
from app.messenger.facts import DirectChanged
from app.messenger.people import ConfirmedRole
from app.messenger.safety import Act, CircleKind, Place, Verdict

# Decision: who begins very many dialogues in a day does not talk: it is advertising or mischief.
NEW_A_DAY = Limit(40, dt.timedelta(days=1))
NOBODY = lazy_gettext("Такого человека нет среди тех, кому вы можете написать.")


def start(profile_id: int, other: str) -> str:
    """The public id of the chat with the profile of this public id; made when there is none.

    Raises:
        Missing: there is no such person, or it is a stranger: both look the same.
        Denied: they know each other, but the table lets no direct chat begin.
        TooMany: too many new dialogues today.
    """
    try:
        return _start(profile_id, other)
    except IntegrityError:  # the other one began at the same moment, and was first
        return _start(profile_id, other)


def _start(profile_id: int, public_id: str) -> str:
    with writing() as session:
        other_id = session.scalar(select(Profile.id).where(Profile.public_id == public_id))
        if other_id is None or other_id == profile_id:
            raise Missing(NOBODY)
        pair = sorted((profile_id, other_id))
        found = session.scalar(
            select(Chat.public_id).where(Chat.pair_low_id == pair[0], Chat.pair_high_id == pair[1])
        )
        if found is not None:
            return found
        verdict = reach.may(profile_id, other_id, Act.DIRECT)
        if verdict is Verdict.STRANGER:
            raise Missing(NOBODY)
        if not verdict:
            raise Denied(lazy_gettext("Этому человеку можно написать только в общем чате."))
        _count(profile_id)
        chat = Chat(kind=ChatKind.DIRECT, title="", pair_low_id=pair[0], pair_high_id=pair[1])
        session.add(chat)
        session.flush()
        # Not by `members.grant`: nobody is told of a chat in which nothing has been said.
        session.execute(
            insert(Member),
            [{"chat_id": chat.id, "profile_id": one, "joined_at": clock.now()} for one in pair],
        )
        return chat.public_id


def _count(profile_id: int) -> None:
    key = f"direct:new:{profile_id}"
    wait = throttle.seconds_to_wait(key, NEW_A_DAY)
    if wait:
        raise TooMany(
            lazy_gettext("Сегодня вы начали слишком много диалогов. Продолжите завтра."),
            retry_after=wait,
        )
    throttle.record(key)


def follow(profile_ids: Collection[int]) -> None:
    """Freeze the direct chats of these profiles where the table no longer lets the two talk, and
    thaw those where it does again. Within `writing()`; four queries, and one a changed chat.
    """
    if not profile_ids:
        return
    chats = db.session.execute(
        select(Chat.id, Chat.pair_low_id, Chat.pair_high_id, Chat.frozen).where(
            or_(Chat.pair_low_id.in_(profile_ids), Chat.pair_high_id.in_(profile_ids))
        )
    ).all()
    pairs = {(row.pair_low_id, row.pair_high_id) for row in chats}
    bonds = reach.bonds_of(pairs)
    here = set(
        db.session.scalars(
            select(ConfirmedRole.profile_id).where(
                ConfirmedRole.profile_id.in_({one for pair in pairs for one in pair})
            )
        )
    )
    for row in chats:
        pair = (row.pair_low_id, row.pair_high_id)
        frozen = None if safety.may_talk(bonds[pair]) else Frozen.APART
        if not here.issuperset(pair):
            frozen = Frozen.LEFT
        if frozen is not row.frozen:
            db.session.execute(update(Chat).where(Chat.id == row.id).values(frozen=frozen))
            publish(DirectChanged(row.id, pair))


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A child has a dialogue with an adult: with whom and since when, never what."""

    child: str
    adult: str
    adult_id: int
    since: dt.datetime


def talks_of_children(guardian_id: int) -> list[Talk]:
    """Dialogues that this guardian's children have with adults outside the family.

    Decision: a parent sees that there is one and with whom, not what is said (privacy of the
    child), and both who talk are told so.
    """
    children = _family(guardian_id)
    if not children:
        return []
    chats = db.session.execute(
        select(Chat.pair_low_id, Chat.pair_high_id, Chat.created_at)
        .where(
            or_(Chat.pair_low_id.in_(children), Chat.pair_high_id.in_(children)),
            Chat.last_seq > 0,
        )
        .order_by(Chat.created_at.desc())
    ).all()
    found = [
        (child, row.pair_low_id + row.pair_high_id - child, row.created_at)
        for row in chats
        for child in children & {row.pair_low_id, row.pair_high_id}
    ]
    others = {other for _child, other, _since in found}
    pupils = set(
        db.session.scalars(
            select(ConfirmedRole.profile_id).where(
                ConfirmedRole.profile_id.in_(others), ConfirmedRole.role == Place.PUPIL.value
            )
        )
    )
    family = _family_adults(children)
    names = {
        profile.id: profile.name
        for profile in db.session.scalars(select(Profile).where(Profile.id.in_(others | children)))
    }
    return [
        Talk(child=names[child], adult=names[other], adult_id=other, since=since)
        for child, other, since in found
        if other not in pupils and other not in family
    ]


def watched_child(profile_id: int, other_id: int) -> int | None:
    """Whose parents see that these two have a dialogue: the child's id, None when nobody does.

    It is a dialogue of `talks_of_children`: of a pupil with an adult outside the family.
    """
    rows = db.session.execute(
        select(ConfirmedRole.profile_id, ConfirmedRole.role).where(
            ConfirmedRole.profile_id.in_((profile_id, other_id))
        )
    )
    pupils = {row.profile_id for row in rows if row.role == Place.PUPIL.value}
    if len(pupils) != 1:
        return None
    child = pupils.pop()
    adult = profile_id + other_id - child
    return None if adult in _family_adults([child]) else child


def _family(guardian_id: int) -> set[int]:
    """Profiles of the guardian's children."""
    pairs = reach.members_with(guardian_id, CircleKind.FAMILY, Place.GUARDIAN, Place.PUPIL)
    return set(pairs)


def _family_adults(children: Collection[int]) -> set[int]:
    return {
        adult
        for child in children
        for adult in reach.members_with(child, CircleKind.FAMILY, Place.PUPIL, Place.GUARDIAN)
    }

"""Making, changing, renewing and annulling the link of a chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.errors import Denied, Invalid
from app.core.transaction import writing
from app.messenger.chats.editing import note
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action, MemberRole
from app.messenger.facts import MembersChanged
from app.messenger.invites.models import Invite

LIFETIMES: Mapping[str, tuple[LazyString, dt.timedelta | None]] = {
    "day": (lazy_gettext("1 день"), dt.timedelta(days=1)),
    "week": (lazy_gettext("7 дней"), dt.timedelta(days=7)),
    "month": (lazy_gettext("30 дней"), dt.timedelta(days=30)),
    "ever": (lazy_gettext("Без срока"), None),
}
USES: Mapping[str, int | None] = {"1": 1, "5": 5, "30": 30, "100": 100, "any": None}
KEEP = "keep"
JOINS_AS = (MemberRole.MEMBER, MemberRole.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a link is to be: words of the closed lists above. «keep» leaves the end as it is."""

    role: str = MemberRole.MEMBER
    lifetime: str = "week"
    uses: str = "any"
    needs_approval: bool = False


def living_invite(chat_id: int) -> Invite | None:
    """The chat's link; it may be late or used up, and is shown so."""
    return db.session.scalar(
        select(Invite)
        .where(Invite.chat_id == chat_id, Invite.annulled_at.is_(None))
        .order_by(Invite.id.desc())
        .limit(1)
    )


def save_invite(by: int, public_id: str, terms: Terms) -> None:
    """Make the chat's link, or change its terms; the address stays the same.

    Decision: who may invite makes and changes the link; who may only see it, sees it. Who makes
    administrators by a link must be one who may appoint them.

    Raises:
        Denied: not for this member.
        Invalid: a term that is not on the list, or fewer uses than there were.
    """
    with writing() as session:
        chat = _inviting(by, public_id)
        role = _role(chat, terms.role)
        invite = living_invite(chat.id)
        if invite is None:
            invite = Invite(chat_id=chat.id, uses=0)
            session.add(invite)
        if terms.uses not in USES or (terms.lifetime not in LIFETIMES and terms.lifetime != KEEP):
            raise Invalid(lazy_gettext("Выберите срок и число использований из списка."))
        most_uses = USES[terms.uses]
        if most_uses is not None and most_uses < (invite.uses or 0):
            raise Invalid(
                lazy_gettext(
                    "По ссылке уже вошли: %(uses)s. Выберите большее число или обновите ссылку.",
                    uses=invite.uses,
                )
            )
        invite.created_by_id = by
        invite.role = role
        invite.most_uses = most_uses
        invite.needs_approval = terms.needs_approval
        if terms.lifetime != KEEP:
            span = LIFETIMES[terms.lifetime][1]
            invite.expires_at = None if span is None else clock.now() + span
        note(chat, "invite.saved", role=role.value)


def renew_invite(by: int, public_id: str) -> None:
    """A new address on the same terms; the old one lets nobody in any more."""
    with writing() as session:
        chat = _inviting(by, public_id)
        old = living_invite(chat.id)
        if old is None:
            return
        _role(chat, old.role)
        old.annulled_at = clock.now()
        span = None if old.expires_at is None else old.expires_at - old.created_at
        session.add(
            Invite(
                chat_id=chat.id,
                created_by_id=by,
                role=old.role,
                needs_approval=old.needs_approval,
                most_uses=old.most_uses,
                expires_at=None if span is None else clock.now() + span,
            )
        )
        note(chat, "invite.renewed")


def annul_invite(by: int, public_id: str) -> None:
    """No link any more."""
    with writing() as session:
        chat = _inviting(by, public_id)
        session.execute(
            update(Invite)
            .where(Invite.chat_id == chat.id, Invite.annulled_at.is_(None))
            .values(annulled_at=clock.now())
        )
        note(chat, "invite.annulled")


def void_of_left(fact: MembersChanged) -> None:
    """Reaction: who left a chat (or lost the link to the school) leaves no open door behind.

    `joining` asks again at the door, so nobody slips in before this has run.
    """
    if fact.left:
        _void(fact.chat_id, fact.left)


def _void(chat_id: int, authors: Collection[int]) -> None:
    with writing() as session:
        session.execute(
            update(Invite)
            .where(
                Invite.chat_id == chat_id,
                Invite.created_by_id.in_(list(authors)),
                Invite.annulled_at.is_(None),
            )
            .values(annulled_at=clock.now())
        )


def _inviting(by: int, public_id: str) -> OwnChat:
    chat = chats_of(by).get(public_id)
    chat.require(Action.SEE_LINK)
    chat.require(Action.INVITE)
    return chat


def _role(chat: OwnChat, word: str) -> MemberRole:
    if word not in {role.value for role in JOINS_AS}:
        raise Invalid(lazy_gettext("Выберите, кем люди войдут в чат."))
    role = MemberRole(word)
    if role is MemberRole.ADMINISTRATOR and not chat.can(Action.APPOINT):
        raise Denied(lazy_gettext("Назначать администраторов вам в этом чате не разрешено."))
    return role

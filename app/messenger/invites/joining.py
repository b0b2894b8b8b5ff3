"""Coming in by a link, asking to be let in, and the answer to who asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import CursorResult, or_, select, update

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Denied
from app.core.transaction import publish, writing
from app.identity.profiles import Profile
from app.messenger import reach
from app.messenger.chats import members, picking
from app.messenger.chats.company import may_enter
from app.messenger.chats.editing import note
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.members import Place
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import (
    CLOSED,
    Action,
    Circle,
    MemberRole,
    Membership,
    can,
)
from app.messenger.facts import ChatChanged
from app.messenger.invites.models import Invite, JoinRequest, RequestState
from app.messenger.invites.rules import Door, Visitor, Welcome, welcome
from app.messenger.messages.notices import NoticeEvent, post_notice

# Decision: who was declined may ask again after a day, not before.
ASK_AGAIN = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What the opener of a link sees."""

    welcome: Welcome
    chat_public_id: str
    title: str
    members_count: int
    author: str


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Somebody who waits to be let in."""

    public_id: str
    name: str
    roles: tuple[str, ...]
    asked_at: dt.datetime


def arrival(invite: Invite, profile_id: int | None) -> Arrival:
    """How this person (None: not signed in) stands before the door now."""
    chat = db.session.get_one(Chat, invite.chat_id)
    author = db.session.get_one(Profile, invite.created_by_id)
    present = picking.present_in(chat.id)
    visitor = None if profile_id is None else _visitor(invite, profile_id)
    return Arrival(
        welcome=welcome(_door(invite, chat), visitor, present.values(), clock.now()),
        chat_public_id=chat.public_id,
        title=chat.title,
        members_count=len(present),
        author=author.name,
    )


def enter(invite_id: int, profile_id: int) -> Welcome:
    """Come in, or ask, as the door says; returns what the person sees afterwards.

    The last use goes to one: it is taken by one conditional statement.
    """
    with writing() as session:
        invite = session.get_one(Invite, invite_id)
        seen = arrival(invite, profile_id)
        if seen.welcome is Welcome.ASK:
            _ask(invite, profile_id)
            return Welcome.WAITING
        if seen.welcome is not Welcome.ENTER:
            return seen.welcome
        if not _take_a_use(invite.id):
            return Welcome.OVER
        members.grant(invite.chat_id, {profile_id: Place(invite.role)})
        post_notice(invite.chat_id, NoticeEvent.CAME_BY_LINK, whom=[profile_id])
        return Welcome.ALREADY_IN


def waiting_in(chat_id: int) -> list[Asking]:
    """Who waits to be let in, the longest first; two queries."""
    rows = db.session.execute(
        select(Profile, JoinRequest.asked_at)
        .join(JoinRequest, JoinRequest.profile_id == Profile.id)
        .where(JoinRequest.chat_id == chat_id, JoinRequest.state == RequestState.WAITING)
        .order_by(JoinRequest.asked_at, JoinRequest.id)
    ).all()
    known = picking.persons([profile.id for profile, _ in rows]) if rows else {}
    return [
        Asking(
            public_id=profile.public_id,
            name=profile.name,
            roles=tuple(sorted({role for _school, role in known[profile.id].confirmed})),
            asked_at=asked_at,
        )
        for profile, asked_at in rows
    ]


def decide(by: int, chat_public_id: str, who: str, *, is_let_in: bool) -> None:
    """Let somebody in who asked, or decline.

    Decision: who is let in by hand uses nothing of the link up, and comes as the link says while
    it lives, else as an ordinary member.

    Raises:
        Conflict: the request was answered already, or children's safety says no by now.
    """
    with writing() as session:
        chat = chats_of(by).get(chat_public_id)
        chat.require(Action.ADMIT)
        found = session.execute(
            select(JoinRequest, Invite)
            .join(Profile, Profile.id == JoinRequest.profile_id)
            .join(Invite, Invite.id == JoinRequest.invite_id)
            .where(
                JoinRequest.chat_id == chat.id,
                Profile.public_id == who,
                JoinRequest.state == RequestState.WAITING,
            )
        ).one_or_none()
        if found is None:
            raise Conflict(lazy_gettext("На эту заявку уже ответили."))
        request, invite = found
        request.state = RequestState.APPROVED if is_let_in else RequestState.DECLINED
        request.decided_at, request.decided_by_id = clock.now(), by
        note(chat, "invite.approved" if is_let_in else "invite.declined", whom=who)
        if is_let_in:
            newcomer = picking.persons([request.profile_id])[request.profile_id]
            if not may_enter(newcomer, picking.present_in(chat.id).values()):
                raise Denied(
                    lazy_gettext("Этого человека впустить нельзя: так сказано в правилах школы.")
                )
            role = MemberRole.MEMBER if invite.annulled_at else invite.role
            members.grant(chat.id, {request.profile_id: Place(role)})
            post_notice(chat.id, NoticeEvent.JOINED, whom=[request.profile_id])
        else:
            publish(ChatChanged(chat.id))


def _ask(invite: Invite, profile_id: int) -> None:
    request = _request_of(invite.chat_id, profile_id)
    if request is None:
        request = JoinRequest(chat_id=invite.chat_id, profile_id=profile_id)
        db.session.add(request)
    request.invite_id = invite.id
    request.state = RequestState.WAITING
    request.asked_at, request.decided_at, request.decided_by_id = clock.now(), None, None
    publish(ChatChanged(invite.chat_id))


def _take_a_use(invite_id: int) -> bool:
    taken = db.session.execute(
        update(Invite)
        .where(
            Invite.id == invite_id,
            Invite.annulled_at.is_(None),
            or_(Invite.most_uses.is_(None), Invite.uses < Invite.most_uses),
        )
        .values(uses=Invite.uses + 1)
        .execution_options(synchronize_session=False)
    )
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def _request_of(chat_id: int, profile_id: int) -> JoinRequest | None:
    return db.session.scalar(
        select(JoinRequest).where(
            JoinRequest.chat_id == chat_id, JoinRequest.profile_id == profile_id
        )
    )


def _door(invite: Invite, chat: Chat) -> Door:
    author = db.session.execute(
        select(Member.role, Member.left_at).where(
            Member.chat_id == chat.id, Member.profile_id == invite.created_by_id
        )
    ).one_or_none()
    permissions = CLOSED | {
        Action(action): Circle(circle) for action, circle in chat.permissions.items()
    }
    is_author_in = author is not None and bool(
        can(
            Membership(
                is_active=author.left_at is None,
                role=author.role,
                kind=chat.kind,
                permissions=permissions,
            ),
            Action.INVITE,
        )
    )
    return Door(
        is_annulled=invite.annulled_at is not None,
        is_author_in=is_author_in,
        is_archived=chat.archived_at is not None,
        needs_approval=invite.needs_approval,
        expires_at=invite.expires_at,
        most_uses=invite.most_uses,
        uses=invite.uses,
    )


def _visitor(invite: Invite, profile_id: int) -> Visitor:
    place = db.session.execute(
        select(Member.left_at, Member.was_removed).where(
            Member.chat_id == invite.chat_id, Member.profile_id == profile_id
        )
    ).one_or_none()
    request = _request_of(invite.chat_id, profile_id)
    state = request.state if request is not None else None
    declined_at = request.decided_at if request is not None else None
    return Visitor(
        person=picking.persons([profile_id])[profile_id],
        is_member=place is not None and place.left_at is None,
        was_removed=place is not None and place.was_removed,
        is_waiting=state is RequestState.WAITING,
        is_declined=state is RequestState.DECLINED
        and declined_at is not None
        and clock.now() - declined_at < ASK_AGAIN,
        is_reached=bool(reach.may_add(invite.created_by_id, profile_id)),
    )

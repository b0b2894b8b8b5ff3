"""Leading a chat made by hand: its members and administrators, handing over, leaving, the archive.

Decision: a chat is never deleted, only archived. A school must be able to answer for what was
written to children; whoever is tired of a chat leaves it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import func, select, update

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Denied, Missing
from app.core.transaction import publish, writing
from app.identity.profiles import Profile
from app.messenger.chats import members, picking
from app.messenger.chats.creating import require_good_company
from app.messenger.chats.editing import note
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.members import Place
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import CIRCLES, Action, Circle, MemberRole
from app.messenger.facts import ChatChanged
from app.messenger.messages.notices import NoticeEvent, post_notice

LEADERS = CIRCLES[Circle.ADMINISTRATORS]
RANK = {MemberRole.MEMBER: 0, MemberRole.ADMINISTRATOR: 1, MemberRole.CREATOR: 2}


@dataclass(frozen=True, kw_only=True)
class Target:
    """A member of now to whom something is done."""

    profile_id: int
    public_id: str
    name: str
    role: MemberRole


def target_in(chat: OwnChat, public_id: str) -> Target:
    """The member of the chat by the profile's public id; Missing when there is none now."""
    row = db.session.execute(
        select(Profile, Member.role)
        .join(Member, Member.profile_id == Profile.id)
        .where(
            Member.chat_id == chat.id,
            Profile.public_id == public_id,
            Member.left_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise Missing(lazy_gettext("Этого человека в чате уже нет."))
    profile, role = row
    return Target(profile_id=profile.id, public_id=public_id, name=profile.name, role=role)


def add_people(by: int, public_id: str, people: Collection[str]) -> int:
    """Add these profiles (public ids); those who are in already stay as they are.

    Returns how many came.

    Raises:
        Denied: not for this member, or somebody may not be added by them.
        Conflict: somebody left on their own or was removed, and may not be brought back so.
    """
    with writing() as session:
        chat = chats_of(by).get(public_id)
        chat.require(Action.INVITE)
        chosen = picking.picked(by, people)
        if len(chosen) < len(set(people)):
            raise Denied(
                lazy_gettext("Кого-то из выбранных людей вам добавить нельзя. Проверьте список.")
            )
        before = {
            row.profile_id: row
            for row in session.execute(
                select(Member.profile_id, Member.left_at, Member.was_removed).where(
                    Member.chat_id == chat.id,
                    Member.profile_id.in_([pick.id for pick in chosen]),
                )
            )
        }
        chosen = [p for p in chosen if p.id not in before or before[p.id].left_at is not None]
        for pick in chosen:
            if pick.id in before:
                _require_way_back(chat, pick.name, was_removed=before[pick.id].was_removed)
        require_good_company(chosen, picking.present_in(chat.id).values())
        members.grant(chat.id, {pick.id: Place(MemberRole.MEMBER) for pick in chosen})
        if chosen:
            whom = [pick.id for pick in chosen]
            post_notice(chat.id, NoticeEvent.INVITED, by=by, whom=whom)
            note(chat, "chat.added", people=", ".join(pick.public_id for pick in chosen))
        return len(chosen)


def remove(by: int, public_id: str, who: str) -> None:
    """Take a member out. Nobody removes an equal or a higher one, nor themselves."""
    with writing() as session:
        chat = chats_of(by).get(public_id)
        target = target_in(chat, who)
        if not may_remove(chat, target):
            raise Denied(lazy_gettext("Удалить этого участника вы не можете."))
        # Told before it is done: the one who goes reads it as the last word.
        post_notice(chat.id, NoticeEvent.REMOVED, by=by, whom=[target.profile_id])
        members.revoke(chat.id, [target.profile_id])
        session.execute(
            update(Member)
            .where(Member.chat_id == chat.id, Member.profile_id == target.profile_id)
            .values(was_removed=True, role=MemberRole.MEMBER)
        )
        note(chat, "chat.removed", whom=target.public_id)


def appoint(by: int, public_id: str, who: str) -> None:
    """Make a member an administrator of the chat."""
    with writing():
        chat = chats_of(by).get(public_id)
        target = target_in(chat, who)
        if not may_appoint(chat, target):
            raise Denied(lazy_gettext("Назначить этого участника администратором вы не можете."))
        _set_role(chat, target, MemberRole.ADMINISTRATOR)
        post_notice(chat.id, NoticeEvent.APPOINTED, by=by, whom=[target.profile_id])
        note(chat, "chat.appointed", whom=target.public_id)


def dismiss(by: int, public_id: str, who: str) -> None:
    """Make an administrator an ordinary member again; anyone may step down themselves."""
    with writing():
        chat = chats_of(by).get(public_id)
        target = target_in(chat, who)
        if not may_dismiss(chat, target):
            raise Denied(lazy_gettext("Снять этого администратора вы не можете."))
        _set_role(chat, target, MemberRole.MEMBER)
        post_notice(chat.id, NoticeEvent.DISMISSED, by=by, whom=[target.profile_id])
        note(chat, "chat.dismissed", whom=target.public_id)


def hand_over(by: int, public_id: str, who: str) -> None:
    """Make another member the creator; who was it stays as an administrator.

    Decision: a grown-up does not leave a child to answer for a chat.
    """
    with writing():
        chat = chats_of(by).get(public_id)
        target = target_in(chat, who)
        if not may_hand_over(chat, target):
            raise Denied(lazy_gettext("Передать этот чат вы не можете."))
        known = picking.persons([by, target.profile_id])
        if known[target.profile_id].is_only_pupil and not known[by].is_only_pupil:
            raise Denied(
                lazy_gettext("Взрослый не передаёт чат ребёнку: передайте его другому взрослому.")
            )
        _set_role(chat, own_place(chat), MemberRole.ADMINISTRATOR)
        _set_role(chat, target, MemberRole.CREATOR)
        post_notice(chat.id, NoticeEvent.HANDED_OVER, by=by, whom=[target.profile_id])
        note(chat, "chat.handed_over", whom=target.public_id)


def leave(by: int, public_id: str) -> None:
    """Go out of a chat made by hand. The creator hands it over first, or is the last one in it."""
    with writing() as session:
        chat = chats_of(by).get(public_id)
        chat.require(Action.LEAVE)
        is_alone = chat.members_count == 1
        if chat.member.role is MemberRole.CREATOR and not is_alone:
            raise Conflict(
                lazy_gettext("Вы создатель чата. Сначала передайте его другому участнику.")
            )
        post_notice(chat.id, NoticeEvent.LEFT, whom=[by])
        members.revoke(chat.id, [by])
        session.execute(
            update(Member)
            .where(Member.chat_id == chat.id, Member.profile_id == by)
            .values(role=MemberRole.MEMBER)
        )
        if is_alone:
            session.execute(update(Chat).where(Chat.id == chat.id).values(archived_at=clock.now()))
        note(chat, "chat.left")


def archive(by: int, public_id: str, *, is_archived: bool) -> None:
    """Close the chat for writing, or open it again."""
    with writing() as session:
        chat = chats_of(by).get(public_id)
        chat.require(Action.ARCHIVE)
        if chat.is_archived is is_archived:
            return
        session.execute(
            update(Chat)
            .where(Chat.id == chat.id)
            .values(archived_at=clock.now() if is_archived else None)
        )
        event = NoticeEvent.ARCHIVED if is_archived else NoticeEvent.RESTORED
        post_notice(chat.id, event, by=by)
        note(chat, "chat.archived" if is_archived else "chat.reopened")
        publish(ChatChanged(chat.id))


def may_remove(chat: OwnChat, target: Target) -> bool:
    """Only leaders remove, and only those below them."""
    is_lower = RANK[target.role] < RANK[chat.member.role]
    return chat.can(Action.REMOVE_MEMBER) and is_lower


def may_appoint(chat: OwnChat, target: Target) -> bool:
    """Whoever the settings say; the target must be an ordinary member."""
    return chat.can(Action.APPOINT) and target.role is MemberRole.MEMBER


def may_dismiss(chat: OwnChat, target: Target) -> bool:
    """Decision: a leader who may appoint may dismiss; a member who may only appoint may not."""
    if target.role is not MemberRole.ADMINISTRATOR or chat.member.is_archived:
        return False
    if target.profile_id == chat.profile_id:
        return True
    return chat.can(Action.APPOINT) and chat.member.role in LEADERS


def may_hand_over(chat: OwnChat, target: Target) -> bool:
    """The creator, to anybody else."""
    return chat.can(Action.HAND_OVER) and target.profile_id != chat.profile_id


def may_touch(chat: OwnChat, target: Target) -> bool:
    """Whether there is anything that this member may do to that one."""
    return any(ask(chat, target) for ask in (may_remove, may_appoint, may_dismiss, may_hand_over))


def own_place(chat: OwnChat) -> Target:
    """The asking member as a target."""
    profile = db.session.get_one(Profile, chat.profile_id)
    return Target(
        profile_id=profile.id,
        public_id=profile.public_id,
        name=profile.name,
        role=chat.member.role,
    )


def roles_in(chat_id: int) -> dict[MemberRole, int]:
    """How many members of each role there are now."""
    rows = db.session.execute(
        select(Member.role, func.count().label("people"))
        .where(Member.chat_id == chat_id, Member.left_at.is_(None))
        .group_by(Member.role)
    )
    return {row.role: row.people for row in rows}


def _require_way_back(chat: OwnChat, name: str, *, was_removed: bool) -> None:
    """Decision: who left on their own comes back on their own, by the link; whom an
    administrator removed, an administrator brings back.
    """
    if was_removed and chat.member.role not in LEADERS:
        raise Conflict(
            lazy_gettext(
                "%(name)s: удалён администратором. Вернуть может администратор.", name=name
            )
        )
    if not was_removed:
        raise Conflict(
            lazy_gettext(
                "%(name)s: вышел из чата сам. Вернуться можно по ссылке-приглашению.", name=name
            )
        )


def _set_role(chat: OwnChat, target: Target, role: MemberRole) -> None:
    with writing() as session:
        session.execute(
            update(Member)
            .where(Member.chat_id == chat.id, Member.profile_id == target.profile_id)
            .values(role=role)
        )
        publish(ChatChanged(chat.id))

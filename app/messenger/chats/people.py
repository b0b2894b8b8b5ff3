"""Who is in a chat, for those who are in it too."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, and_, bindparam, select

from app.core.db import db
from app.core.prepared import Prepared
from app.identity.profiles import Profile
from app.messenger.chats import administration
from app.messenger.chats.lookup import OwnChat
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import Action, MemberRole
from app.messenger.people import ROLE_ORDER, ConfirmedRole
from app.messenger.presence import presence


@dataclass(frozen=True, kw_only=True)
class Participant:
    """A member on the members page. `roles` are confirmed by a school, in a fixed order;
    `is_touchable` says that the asking member may do something to them.
    """

    public_id: str
    name: str
    roles: tuple[str, ...]
    is_administrator: bool
    is_creator: bool
    is_self: bool
    is_here: bool
    is_touchable: bool


def participants_of(chat: OwnChat) -> list[Participant]:
    """Members of now: administrators first, then staff, then by family name; one query.

    Raises:
        Denied: the asking member has left the chat.
    """
    chat.require(Action.SEE_MEMBERS)
    rows = db.session.execute(
        select(
            Profile.id,
            Profile.public_id,
            Profile.given_name,
            Profile.patronymic,
            Profile.family_name,
            Member.role.label("member_role"),
            ConfirmedRole.role,
        )
        .select_from(Member)
        .join(Profile, Profile.id == Member.profile_id)
        .outerjoin(ConfirmedRole, ConfirmedRole.profile_id == Profile.id)
        .where(Member.chat_id == chat.id, Member.left_at.is_(None))
        .order_by(Profile.family_name, Profile.given_name, Profile.id)
    ).all()
    roles: dict[int, set[str]] = {}
    for row in rows:
        roles.setdefault(row.id, set()).update({row.role} - {None})
    here = presence.here(row.id for row in rows)
    found = {
        row.id: Participant(
            public_id=row.public_id,
            name=" ".join(
                part for part in (row.given_name, row.patronymic, row.family_name) if part
            ),
            roles=tuple(role for role in ROLE_ORDER if role in roles[row.id]),
            is_administrator=row.member_role is not MemberRole.MEMBER,
            is_creator=row.member_role is MemberRole.CREATOR,
            is_self=row.id == chat.profile_id,
            is_here=row.id in here,
            is_touchable=administration.may_touch(
                chat,
                administration.Target(
                    profile_id=row.id,
                    public_id=row.public_id,
                    name="",
                    role=row.member_role,
                ),
            ),
        )
        for row in rows
    }
    return sorted(found.values(), key=_rank)


def roles_of(profile_id: int) -> tuple[str, ...]:
    """Roles of a profile that schools have confirmed, in a fixed order."""
    found = set(
        db.session.scalars(select(ConfirmedRole.role).where(ConfirmedRole.profile_id == profile_id))
    )
    return tuple(role for role in ROLE_ORDER if role in found)


def _rank(person: Participant) -> tuple[bool, bool, int]:
    first_role = ROLE_ORDER.index(person.roles[0]) if person.roles else len(ROLE_ORDER)
    return not person.is_creator, not person.is_administrator, first_role


@dataclass(frozen=True)
class Audience:
    """Whom to tell what happens in a chat."""

    public_id: str
    profile_ids: tuple[int, ...]


_chats: Table = Chat.__table__  # type: ignore[assignment]  # declared as FromClause
_members: Table = Member.__table__  # type: ignore[assignment]
_AUDIENCE = Prepared(
    select(_chats.c.public_id, _members.c.profile_id)
    .outerjoin(_members, and_(_members.c.chat_id == _chats.c.id, _members.c.left_at.is_(None)))
    .where(_chats.c.id == bindparam("chat_id"))
)


def audience_of(chat_id: int) -> Audience:
    """The chat's public id and its members of now, by one query."""
    rows = _AUDIENCE.rows(chat_id=chat_id)
    return Audience(rows[0][0], tuple(profile_id for _, profile_id in rows if profile_id))

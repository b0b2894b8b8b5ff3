"""A chat as one of its members sees it. The only door to a chat: a stranger finds nothing here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, cached_property

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import bindparam, func, select

from app.core.errors import Denied, Missing
from app.core.prepared import Prepared
from app.messenger.chats import rights
from app.messenger.chats.models import Chat, Frozen, Member
from app.messenger.chats.rights import Action, ChatKind, Circle, Membership, Verdict, can
from app.messenger.chats.titles import Peer, is_peer, shown_title

SENTENCES: dict[Verdict, LazyString] = {
    Verdict.LEFT: lazy_gettext("Вы больше не участник этого чата. Прежние сообщения видны вам."),
    Verdict.ARCHIVED: lazy_gettext("Чат в архиве: его можно только читать."),
    Verdict.FROZEN: lazy_gettext(
        "В этом диалоге больше нельзя писать. Прежние сообщения видны вам."
    ),
    Verdict.NOT_IN_CIRCLE: lazy_gettext("В этом чате вам это не разрешено."),
}
WHY_FROZEN: dict[Frozen, LazyString] = {
    Frozen.LEFT: lazy_gettext(
        "Этот человек больше не подключён к школе, писать ему нельзя. Прежние сообщения видны вам."
    ),
    Frozen.APART: lazy_gettext(
        "Теперь у вас разные классы или преподаватели, и писать друг другу нельзя. "
        "Прежние сообщения видны вам."
    ),
}
NO_CHAT = lazy_gettext("Такого чата нет, или вы в нём не состоите.")


_COUNT = Prepared(
    select(func.count().label("count"))
    .select_from(Member)
    .where(Member.chat_id == bindparam("chat"), Member.left_at.is_(None))
)


@dataclass(frozen=True, kw_only=True)
class OwnChat:
    """A chat with its member's own state. `label` is empty when this member needs none; `peer`
    (and its public id) is the other one of a direct chat, else None (and empty).
    """

    id: int
    public_id: str
    title: str
    label: str
    description: str
    theme: str
    photo_key: str | None
    last_seq: int
    last_change: int
    pinned_seq: int | None
    profile_id: int
    member: Membership
    unread: int
    read_seq: int
    is_marked_unread: bool
    left_at: dt.datetime | None
    peer_id: int | None = None
    peer: str = ""
    frozen: Frozen | None = None

    @property
    def is_direct(self) -> bool:
        return self.member.kind is ChatKind.DIRECT

    @property
    def face(self) -> str:
        """What the colour of the picture comes from: a person looks the same everywhere."""
        return self.peer or self.public_id

    @property
    def closed_because(self) -> LazyString | None:
        """Why nobody here writes any more, in words; None while one may."""
        verdict = can(self.member, Action.WRITE)
        if verdict is Verdict.FROZEN and self.frozen is not None:
            return WHY_FROZEN[self.frozen]
        return None if verdict else SENTENCES[verdict]

    @property
    def readable_seq(self) -> int:
        return rights.readable_seq(self.member, self.last_seq)

    @property
    def is_archived(self) -> bool:
        return self.member.is_archived

    @cached_property
    def members_count(self) -> int:
        """How many are in it now, by a query of its own: who only writes does not ask."""
        count: int = _COUNT.value(chat=self.id)
        return count

    @property
    def may_write(self) -> bool:
        return self.can(Action.WRITE)

    def can(self, action: Action | str) -> bool:
        """Whether this member may do it; templates name the action by its word."""
        return bool(can(self.member, Action(action)))

    def require(self, action: Action) -> None:
        """Pass, or raise Denied with the reason in words."""
        verdict = can(self.member, action)
        if not verdict:
            raise Denied(SENTENCES[verdict])


@cache
def _own() -> Prepared:
    """Built once: every message asks, and building it takes four times as long as asking."""
    return Prepared(
        select(
            Chat.id,
            Chat.public_id,
            shown_title().label("title"),
            Chat.label,
            Chat.description,
            Chat.theme,
            Chat.photo_key,
            Chat.last_seq,
            Chat.last_change,
            Chat.pinned_seq,
            Chat.kind,
            Chat.permissions,
            Chat.archived_at,
            Chat.frozen,
            Peer.id.label("peer_id"),
            Peer.public_id.label("peer"),
            Member.role,
            Member.shows_label,
            Member.left_at,
            Member.left_seq,
            Member.unread.label("unread"),
            Member.read_seq,
            Member.is_marked_unread,
        )
        .join(Member, Member.chat_id == Chat.id)
        .outerjoin(Peer, is_peer(Member.profile_id))
        .where(
            Chat.public_id == bindparam("public_id"), Member.profile_id == bindparam("profile_id")
        )
    )


@dataclass(frozen=True)
class OwnChats:
    """The chats of one profile."""

    profile_id: int

    def get(self, public_id: str) -> OwnChat:
        """The chat, by one query.

        Raises:
            Missing: there is none, or the profile never was in it: both look the same.
        """
        row = _own().row(public_id=public_id, profile_id=self.profile_id)
        if row is None:
            raise Missing(NO_CHAT)
        return OwnChat(
            id=row.id,
            public_id=row.public_id,
            title=row.title,
            label=row.label if row.shows_label else "",
            description=row.description,
            theme=row.theme,
            photo_key=row.photo_key,
            last_seq=row.last_seq,
            last_change=row.last_change,
            pinned_seq=row.pinned_seq,
            profile_id=self.profile_id,
            member=Membership(
                is_active=row.left_at is None,
                left_seq=row.left_seq,
                role=row.role,
                kind=row.kind,
                permissions=rights.CLOSED
                | {Action(action): Circle(circle) for action, circle in row.permissions.items()},
                is_archived=row.archived_at is not None,
                is_frozen=row.frozen is not None,
            ),
            unread=row.unread,
            read_seq=row.read_seq,
            is_marked_unread=row.is_marked_unread,
            left_at=row.left_at,
            peer_id=row.peer_id,
            peer=row.peer or "",
            frozen=row.frozen,
        )


def chats_of(profile_id: int) -> OwnChats:
    """Where a chat of this profile is looked up: `chats_of(profile.id).get(public_id)`."""
    return OwnChats(profile_id)

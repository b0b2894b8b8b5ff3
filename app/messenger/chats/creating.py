"""Making a chat by hand (FLOWS 7)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core import audit, throttle
from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid, TooMany
from app.core.names import clean_line
from app.core.throttle import Limit
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.messenger.chats import company, listing, members, picking
from app.messenger.chats.members import Place
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.picking import Pick
from app.messenger.chats.rights import ChatKind, MemberRole, Permissions
from app.messenger.messages.notices import NoticeEvent, post_notice

MAX_TITLE = 120
MADE = Limit(30, dt.timedelta(days=1))
_DRAFT = re.compile(r"[\w-]{16}")


def create_chat(
    by: int,
    *,
    title: str,
    people: Collection[str],
    permissions: Permissions,
    draft: str,
    photo_key: str | None = None,
) -> Chat:
    """Make the chat with `people` (public ids of profiles) in it and `by` as its creator.

    `draft` is the id that the form was given: sending it again finds the chat already made.

    Raises:
        Invalid: there is no title, or it is too long.
        Denied: no school confirms a role of `by`, or somebody may not be added.
        TooMany: more chats today than people make.
    """
    title = checked_title(title)
    if not _DRAFT.fullmatch(draft):
        raise Invalid(lazy_gettext("Форма устарела. Откройте создание чата заново."))
    with writing() as session:
        made = session.scalar(select(Chat).where(Chat.public_id == draft))
        if made is not None:
            return _own(made, by)
        _require_creator(by)
        chosen = _chosen(by, people)
        chat = Chat(
            public_id=draft,
            kind=ChatKind.MANUAL,
            title=title,
            permissions={action.value: circle.value for action, circle in permissions.items()},
            photo_key=photo_key,
        )
        session.add(chat)
        session.flush()
        places = {pick.id: Place(MemberRole.MEMBER) for pick in chosen}
        members.grant(chat.id, {by: Place(MemberRole.CREATOR)} | places)
        post_notice(chat.id, NoticeEvent.CREATED, by=by)
        if chosen:
            post_notice(chat.id, NoticeEvent.INVITED, by=by, whom=[pick.id for pick in chosen])
        throttle.record(f"chat:create:{by}")
        creator = session.get_one(Profile, by)
        audit.note(
            actor=f"profile:{creator.public_id}",
            action="chat.created",
            subject=f"chat:{chat.public_id}",
            people=len(chosen),
        )
        return chat


def checked_title(title: str) -> str:
    """The title as it will stand, or Invalid."""
    title = clean_line(title)
    if not title:
        raise Invalid(lazy_gettext("Введите название чата"))
    if len(title) > MAX_TITLE:
        raise Invalid(lazy_gettext("Название не длиннее %(limit)s знаков", limit=MAX_TITLE))
    return title


def require_good_company(newcomers: Collection[Pick], present: Collection[company.Person]) -> None:
    """Nobody is added who would be a stranger to a child there, or a child among strangers."""
    known = picking.persons([pick.id for pick in newcomers])
    together = list(present)
    for pick in newcomers:
        verdict = company.may_enter(known[pick.id], together)
        if verdict is company.Entry.CHILD_AMONG_STRANGERS:
            raise Denied(
                lazy_gettext(
                    "%(name)s учится в другой школе: детей добавляют только туда, где все свои.",
                    name=pick.name,
                )
            )
        if not verdict:
            raise Denied(
                lazy_gettext(
                    "%(name)s не из этой школы, а в чате есть дети. Добавить не получится.",
                    name=pick.name,
                )
            )
        together.append(known[pick.id])


def _own(chat: Chat, by: int) -> Chat:
    from_me = Member.profile_id == by, Member.role == MemberRole.CREATOR
    if db.session.scalar(select(Member.id).where(Member.chat_id == chat.id, *from_me)) is None:
        raise Conflict(lazy_gettext("Форма устарела. Откройте создание чата заново."))
    return chat


def _require_creator(by: int) -> None:
    if not listing.has_confirmed_role(by):
        raise Denied(
            lazy_gettext("Создавать чаты можно после того, как школа подтвердит вашу роль.")
        )
    wait = throttle.seconds_to_wait(f"chat:create:{by}", MADE)
    if wait:
        raise TooMany(
            lazy_gettext("Сегодня вы создали слишком много чатов. Попробуйте завтра."),
            retry_after=wait,
        )


def _chosen(by: int, people: Collection[str]) -> list[Pick]:
    if len(set(people)) > picking.MOST_CHOSEN:
        raise Invalid(
            lazy_gettext(
                "За один раз можно добавить не больше %(limit)s человек.",
                limit=picking.MOST_CHOSEN,
            )
        )
    chosen = picking.picked(by, people)
    if len(chosen) < len(set(people)):
        raise Denied(
            lazy_gettext("Кого-то из выбранных людей вам добавить нельзя. Проверьте список.")
        )
    require_good_company(chosen, picking.persons([by]).values())
    return chosen

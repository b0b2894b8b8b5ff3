"""Changing what a chat looks like and what its members may: title, description, photo, theme,
the eight rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import update

from app.core import audit
from app.core.db import db
from app.core.errors import Invalid
from app.core.transaction import publish, writing
from app.identity.profiles import Profile
from app.messenger.chats.creating import checked_title
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import Action, Permissions
from app.messenger.facts import ChatChanged
from app.messenger.messages.notices import NoticeEvent, post_notice

MAX_DESCRIPTION = 500


class Theme(StrEnum):
    """How a chat looks to all its members; colours are in css/rooms/themes.css."""

    DEFAULT = "default"
    SKY = "sky"
    MINT = "mint"
    SPRING = "spring"
    SAND = "sand"
    PEACH = "peach"
    LAVENDER = "lavender"
    GRAPHITE = "graphite"


THEME_WORDS: Mapping[Theme, LazyString] = {
    Theme.DEFAULT: lazy_gettext("Обычное"),
    Theme.SKY: lazy_gettext("Небо"),
    Theme.MINT: lazy_gettext("Мята"),
    Theme.SPRING: lazy_gettext("Весна"),
    Theme.SAND: lazy_gettext("Песок"),
    Theme.PEACH: lazy_gettext("Персик"),
    Theme.LAVENDER: lazy_gettext("Лаванда"),
    Theme.GRAPHITE: lazy_gettext("Графит"),
}


def edit_info(
    by: int, public_id: str, *, title: str, description: str, photo_key: str | None = None
) -> None:
    """Set the title and the description of the chat, and the photo when there is a new one.

    Raises:
        Missing, Denied: no such chat, or not for this member.
        Invalid: no title, or something too long.
    """
    title = checked_title(title)
    description = checked_description(description)
    with writing():
        chat = chats_of(by).get(public_id)
        chat.require(Action.EDIT_INFO)
        change_info(
            chat.id, title=title, description=description, photo_key=photo_key, by=chat.profile_id
        )


def change_info(
    chat_id: int, *, title: str, description: str, photo_key: str | None, by: int | None
) -> None:
    """The same for those who were already asked whether they may (the journal's page).

    Title and description must be checked. `by` is told in the chat.
    """
    with writing() as session:
        chat = session.get_one(Chat, chat_id)
        is_renamed, is_described = chat.title != title, chat.description != description
        if is_renamed:
            chat.title = title
            post_notice(chat_id, NoticeEvent.RENAMED, by=by, title=title)
        if is_described:
            chat.description = description
            post_notice(chat_id, NoticeEvent.INFO_CHANGED, by=by)
        if photo_key is not None:
            chat.photo_key = photo_key
            post_notice(chat_id, NoticeEvent.PHOTO_CHANGED, by=by)
        if is_renamed or is_described or photo_key is not None:
            publish(ChatChanged(chat_id))


def remove_photo(by: int, public_id: str) -> None:
    """Show the letters of the name again. The file is swept away by the file store."""
    with writing() as session:
        chat = chats_of(by).get(public_id)
        chat.require(Action.EDIT_INFO)
        session.execute(update(Chat).where(Chat.id == chat.id).values(photo_key=None))
        publish(ChatChanged(chat.id))


def checked_description(text: str) -> str:
    """The description as it will stand: lines kept, other control characters refused."""
    text = "\n".join(
        "".join(char for char in line if char.isprintable()).rstrip()
        for line in text.strip().splitlines()
    )
    if len(text) > MAX_DESCRIPTION:
        raise Invalid(lazy_gettext("Описание не длиннее %(limit)s знаков", limit=MAX_DESCRIPTION))
    return text


def set_theme(by: int, public_id: str, theme: str) -> None:
    """Choose how the chat looks to everybody in it."""
    with writing():
        chat = chats_of(by).get(public_id)
        chat.require(Action.CHANGE_APPEARANCE)
        change_theme(chat.id, theme, by=by)


def change_theme(chat_id: int, theme: str, *, by: int | None) -> None:
    """The same for those who were already asked whether they may."""
    if theme not in set(Theme):
        raise Invalid(lazy_gettext("Такого оформления нет. Выберите одно из показанных."))
    with writing() as session:
        chat = session.get_one(Chat, chat_id)
        if chat.theme == theme:
            return
        chat.theme = theme
        post_notice(chat_id, NoticeEvent.APPEARANCE_CHANGED, by=by)
        publish(ChatChanged(chat_id))


def set_permissions(by: int, public_id: str, permissions: Permissions) -> None:
    """Set the eight rows; only the creator of a chat made by hand may."""
    with writing() as session:
        chat = chats_of(by).get(public_id)
        chat.require(Action.SET_RIGHTS)
        values = {action.value: circle.value for action, circle in permissions.items()}
        session.execute(update(Chat).where(Chat.id == chat.id).values(permissions=values))
        note(chat, "chat.rights", **values)
        post_notice(chat.id, NoticeEvent.RIGHTS_CHANGED, by=by)
        publish(ChatChanged(chat.id))


def note(chat: OwnChat, action: str, **details: str) -> None:
    """Keep in the audit log who led a chat how."""
    by = db.session.get_one(Profile, chat.profile_id)
    audit.note(
        actor=f"profile:{by.public_id}",
        action=action,
        subject=f"chat:{chat.public_id}",
        **details,
    )

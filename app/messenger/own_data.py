"""What the messenger gives a person of their own data: chats, their own messages and files, votes.

Decision: messages of others are theirs and are not given away, also where they answer or quote;
the chat itself stays readable. A message that was deleted is not in it: its text is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext
from sqlalchemy import Select, select

from app.core.archive import Enclosed, Row, Section, named_values, paged
from app.core.db import db
from app.messenger.attachments.models import Attachment
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import MemberRole
from app.messenger.chats.titles import Peer, is_peer, shown_title
from app.messenger.messages.models import Message, MessageKind, Reaction
from app.messenger.notifications.choosing import choice_of
from app.messenger.notifications.models import PushSubscription
from app.messenger.polls.models import Poll, PollOption, PollVote


def messenger_sections(profile_id: int) -> list[Section]:
    """For the owner of the profile alone: the caller has seen them signed in to it."""
    return [
        _chats(profile_id),
        _messages(profile_id),
        _files(profile_id),
        _reactions(profile_id),
        _votes(profile_id),
        _notifications(profile_id),
    ]


def enclosed_files(profile_id: int) -> Iterator[Enclosed]:
    """The files of their messages, oldest first."""
    query = _own_files(profile_id).add_columns(Attachment.key)
    for _sent, _title, name, public_id, size, key in paged(query, Attachment.id):
        yield Enclosed(_path(public_id, name), key, size)


def _path(public_id: str, name: str) -> str:
    """A name within the archive; what would lead out of its folder is replaced."""
    plain = "".join("_" if sign in '/\\:*?"<>|' or ord(sign) < 32 else sign for sign in name)
    return f"files/{public_id[:8]}-{plain}"


def _chats(profile_id: int) -> Section:
    query = (
        select(Member.id, shown_title(), Chat.label, Member.role, Member.joined_at, Member.left_at)
        .join(Chat, Chat.id == Member.chat_id)
        .outerjoin(Peer, is_peer(profile_id))
        .where(Member.profile_id == profile_id)
    )

    words = {
        MemberRole.CREATOR: gettext("создатель"),
        MemberRole.ADMINISTRATOR: gettext("администратор"),
        MemberRole.MEMBER: gettext("участник"),
    }

    def read() -> Iterator[Row]:
        for title, label, role, joined_at, left_at in paged(query, Member.id):
            yield title, label, words[role], joined_at, left_at

    columns = {
        "title": gettext("Чат"),
        "label": gettext("Класс"),
        "role": gettext("Кем"),
        "joined_at": gettext("С"),
        "left_at": gettext("До"),
    }
    return Section("chats", gettext("Чаты"), columns, read)


def _messages(profile_id: int) -> Section:
    query = (
        select(Message.id, Message.created_at, shown_title(), Message.text, Message.edited_at)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Peer, is_peer(profile_id))
        .where(
            Message.author_id == profile_id,
            Message.kind == MessageKind.TEXT,
            Message.deleted_at.is_(None),
            Message.forwarded_from_id.is_(None),
        )
    )
    columns = {
        "at": gettext("Когда"),
        "chat": gettext("Чат"),
        "text": gettext("Текст"),
        "edited_at": gettext("Изменено"),
    }
    return Section(
        "messages",
        gettext("Ваши сообщения"),
        columns,
        lambda: paged(query, Message.id),
        note=gettext("Здесь только то, что написали вы. Слова других людей остаются в чатах."),
    )


def _own_files(profile_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attachment.id,
            Message.created_at,
            shown_title(),
            Attachment.name,
            Attachment.public_id,
            Attachment.size,
        )
        .join(Message, Message.id == Attachment.message_id)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Peer, is_peer(profile_id))
        .where(
            Message.author_id == profile_id,
            Message.deleted_at.is_(None),
            Message.forwarded_from_id.is_(None),
        )
    )


def _files(profile_id: int) -> Section:
    def read() -> Iterator[Row]:
        for at, title, name, public_id, size in paged(_own_files(profile_id), Attachment.id):
            yield at, title, name, size, _path(public_id, name)

    columns = {
        "at": gettext("Когда"),
        "chat": gettext("Чат"),
        "name": gettext("Файл"),
        "bytes": gettext("Байт"),
        "place": gettext("Место в архиве"),
    }
    note = gettext("В архив входит не больше 1 ГБ файлов, начиная с самых ранних.")
    return Section("files", gettext("Ваши файлы"), columns, read, note=note)


def _reactions(profile_id: int) -> Section:
    query = (
        select(Message.id, Reaction.at, shown_title(), Reaction.emoji)
        .join(Message, Message.id == Reaction.message_id)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Peer, is_peer(profile_id))
        .where(Reaction.profile_id == profile_id)
    )
    columns = {
        "at": gettext("Когда"),
        "chat": gettext("Чат"),
        "reaction": gettext("Реакция"),
    }
    title = gettext("Ваши реакции")
    return Section("reactions", title, columns, lambda: paged(query, Message.id))


def _votes(profile_id: int) -> Section:
    query = (
        select(PollVote.id, PollVote.voted_at, Poll.question, PollOption.text)
        .join(Poll, Poll.id == PollVote.poll_id)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(PollVote.profile_id == profile_id)
    )
    columns = {
        "at": gettext("Когда"),
        "question": gettext("Вопрос"),
        "answer": gettext("Ответ"),
    }
    title = gettext("Ваши ответы в опросах")
    return Section("votes", title, columns, lambda: paged(query, PollVote.id))


def _notifications(profile_id: int) -> Section:
    choice = choice_of(profile_id)
    browsers = db.session.scalars(
        select(PushSubscription.created_at).where(PushSubscription.profile_id == profile_id)
    ).all()
    rows: list[Row] = [
        (gettext("Звук нового сообщения"), choice.has_sound),
        (gettext("Тихие часы"), choice.quiet.words if choice.quiet else ""),
        *((gettext("Браузер с уведомлениями"), moment) for moment in browsers),
    ]
    return named_values("notifications", gettext("Уведомления"), rows)

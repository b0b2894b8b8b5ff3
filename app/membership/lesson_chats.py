"""The chat of a class and a subject, and its call: the first distance call opens it (FLOWS 4)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from app.core.transaction import writing
from app.identity.profiles import Profile
from app.linking.links import Link
from app.membership import reconcile
from app.membership.rules import subject_key
from app.messenger.calls.lookup import LiveCall, live_call
from app.messenger.calls.starting import start_lesson_call
from app.messenger.chats.models import Chat
from app.messenger.chats.rights import ChatKind
from app.school.classes import SchoolClass, Subject


def open_subject_chat(class_id: int, subject_id: int) -> int:
    """The id of the subject chat; made, with its people, when there is none.

    Two first launches at once make one chat: the unique key decides, and the second finds it.
    """
    school_class = db.session.get_one(SchoolClass, class_id)
    subject = db.session.get_one(Subject, subject_id)
    key = subject_key(school_class.public_id, subject.public_id)
    title, label, school_id = subject.name, school_class.name, school_class.school_id
    try:
        with writing() as session:
            if session.scalar(select(Chat.id).where(Chat.auto_key == key)) is None:
                session.add(Chat(kind=ChatKind.AUTO, auto_key=key, title=title, label=label))
    except IntegrityError:
        db.session.rollback()
    reconcile.reconcile_classes(school_id, {class_id})
    return db.session.scalars(select(Chat.id).where(Chat.auto_key == key)).one()


def launch_call(class_id: int, subject_id: int, host: Link) -> str:
    """The public id of the call of this class and subject, begun by who gives the lesson; the
    first launch makes the chat. Twice at once is once.

    Raises:
        Missing, Denied: the linked profile of `host` is not in the chat.
        TooMany: it has begun too many calls.
    """
    chat_id = open_subject_chat(class_id, subject_id)
    chat = db.session.scalars(select(Chat.public_id).where(Chat.id == chat_id)).one()
    profile_id = db.session.scalar(select(Profile.id).where(Profile.public_id == host.subject))
    return start_lesson_call(profile_id or 0, chat)


def call_now(class_id: int, subject_id: int) -> LiveCall | None:
    """The call of this class and subject that goes on now."""
    names = db.session.execute(
        select(SchoolClass.public_id, Subject.public_id)
        .join(Subject, Subject.school_id == SchoolClass.school_id)
        .where(SchoolClass.id == class_id, Subject.id == subject_id)
    ).one()
    chat_id = db.session.scalar(select(Chat.id).where(Chat.auto_key == subject_key(*names)))
    return live_call(chat_id) if chat_id is not None else None

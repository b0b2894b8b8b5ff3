"""Opening the chat of a class and a subject: the first distance call does it (FLOWS 4)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from app.core.transaction import writing
from app.membership import reconcile
from app.membership.rules import subject_key
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

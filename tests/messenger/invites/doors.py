"""A chat with a link: its addresses, who is in it, and what its creator lets others do."""

from sqlalchemy import select

from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats.models import Chat, Member


def settings(chat, rows):
    with writing() as session:
        session.get_one(Chat, chat.id).permissions = {k.value: v.value for k, v in rows.items()}


def names_in(chat):
    return {
        member.profile.given_name
        for member in db.session.scalars(
            select(Member).where(Member.chat_id == chat.id, Member.left_at.is_(None))
        )
    }


def url(chat, rest):
    return f"/im/chats/{chat.public_id}/{rest}"

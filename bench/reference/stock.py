"""The same chat on stock Flask-SocketIO, as its documentation teaches: default settings, its own
WebSocket layer and client manager.

The same database, tables, statements and template as the site's; every message is checked,
stored and committed (synchronous=FULL) before it is told. Run by gunicorn as `stock:app`.
"""

from flask import request
from flask_socketio import SocketIO, join_room
from sqlalchemy import func, insert, select, update

from app import create_app
from app.core import clock, tokens
from app.core.db import IMMEDIATE, db
from app.identity.profiles import Profile, VkId
from app.identity.sessions import COOKIE, ProfileSession
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Message, MessageKind
from app.messenger.messages.rendering import render_message
from app.messenger.messages.views import messages, views_of

app = create_app()
socketio = SocketIO(app, path="stock", cors_allowed_origins="*")


def signed_in():
    token = request.cookies.get(COOKIE, "")
    return db.session.execute(
        select(ProfileSession.profile_id)
        .join(Profile, Profile.id == ProfileSession.profile_id)
        .join(VkId, VkId.id == Profile.vk_id_id)
        .where(
            ProfileSession.token_digest == tokens.digest(token), ProfileSession.ended_at.is_(None)
        )
    ).scalar_one()


def own_chat(profile_id, public_id):
    count = (
        select(func.count())
        .select_from(Member)
        .where(Member.chat_id == Chat.id, Member.left_at.is_(None))
        .correlate(Chat)
        .scalar_subquery()
    )
    return db.session.execute(
        select(Chat.id, Chat.last_seq, Member.role, Member.left_at, Member.read_seq, count)
        .join(Member, Member.chat_id == Chat.id)
        .where(Chat.public_id == public_id, Member.profile_id == profile_id)
    ).one()


@socketio.on("connect")
def connect():
    signed_in()


@socketio.on("open")
def open_chat(public_id):
    chat = own_chat(signed_in(), public_id)
    join_room(f"chat:{public_id}")
    return {"ok": True, "last_seq": chat.last_seq}


@socketio.on("send")
def send(public_id, form):
    profile_id = signed_in()
    db.session.rollback()
    db.session.connection(execution_options={IMMEDIATE: True})
    chat = own_chat(profile_id, public_id)
    if chat.left_at is not None:
        return {"ok": False}
    known = select(Message.id).where(
        Message.chat_id == chat.id, Message.client_id == form["client_id"]
    )
    if db.session.scalar(known) is not None:
        return {"ok": True}
    now = clock.now()
    seq, texts = db.session.execute(
        update(Chat)
        .where(Chat.id == chat.id)
        .values(last_seq=Chat.last_seq + 1, texts_count=Chat.texts_count + 1, last_message_at=now)
        .returning(Chat.last_seq, Chat.texts_count)
    ).one()
    message_id = db.session.execute(
        insert(Message)
        .values(
            chat_id=chat.id,
            seq=seq,
            author_id=profile_id,
            client_id=form["client_id"],
            kind=MessageKind.TEXT,
            text=form["text"],
            created_at=now,
        )
        .returning(Message.id)
    ).scalar_one()
    db.session.execute(
        update(Member)
        .where(Member.chat_id == chat.id, Member.profile_id == profile_id)
        .values(texts_read=texts, read_seq=seq, unread_mentions=0, is_marked_unread=False)
    )
    db.session.commit()
    html = str(render_message(views_of(messages().where(Message.id == message_id))[0], "ru"))
    socketio.emit("fragment", {"chat": public_id, "html": html}, to=f"chat:{public_id}")
    return {"ok": True, "seq": seq}

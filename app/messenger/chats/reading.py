"""How far a member has read a chat, and what is still unread."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update

from app.core.transaction import publish, writing
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Chat, Member
from app.messenger.chats.rights import Action
from app.messenger.facts import ChatRead
from app.messenger.messages.mentions import unread_mentions
from app.messenger.messages.models import Message, MessageKind


def mark_read(profile_id: int, chat_public_id: str, seq: int) -> None:
    """Remember that everything up to `seq` is read. Going back changes nothing.

    The member's own mark «unread» goes too.

    Raises:
        Missing: the profile never was in the chat.
        Denied: it has left; nothing there becomes unread any more.
    """
    with writing() as session:
        chat = chats_of(profile_id).get(chat_public_id)
        chat.require(Action.SEE_MEMBERS)  # a member of now; an archive is read too
        read_seq = min(seq, chat.readable_seq)
        if read_seq <= chat.read_seq and not (chat.unread or chat.is_marked_unread):
            return
        read_seq = max(read_seq, chat.read_seq)
        unread = (
            select(func.count())
            .select_from(Message)
            .where(
                Message.chat_id == chat.id,
                Message.seq > read_seq,
                Message.kind != MessageKind.SYSTEM,
                or_(Message.author_id.is_(None), Message.author_id != profile_id),
            )
            .scalar_subquery()
        )
        texts = select(Chat.texts_count).where(Chat.id == chat.id).scalar_subquery()
        session.execute(
            update(Member)
            .where(Member.chat_id == chat.id, Member.profile_id == profile_id)
            .values(
                read_seq=read_seq,
                texts_read=texts - unread,
                unread_mentions=unread_mentions(chat.id, profile_id, read_seq),
                is_marked_unread=False,
            )
        )
        publish(ChatRead(chat.id, profile_id, read_seq))

"""The statements of sending a message, each built once, on the tables' own columns.

Every message of the school goes through them: building a statement anew takes five to ten times
as long as running it (bench/fanout.py). They decide nothing; `sending` does.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, Table, bindparam, insert, select, update

from app.core.prepared import Prepared
from app.messenger.chats.models import Chat, Member
from app.messenger.messages.models import Message, MessageKind
from app.messenger.messages.words import stems_of

_chats: Table = Chat.__table__  # type: ignore[assignment]  # declared as FromClause
_members: Table = Member.__table__  # type: ignore[assignment]
_messages: Table = Message.__table__  # type: ignore[assignment]
STORED = (
    *("chat_id", "seq", "author_id", "client_id", "kind", "text", "created_at"),
    *("reply_to_id", "forwarded_from_id", "stems"),
)
AS_SENT = {"mentions_all": False, "changed": 0}

_FOUND = Prepared(
    select(_messages.c.id, _messages.c.seq, _messages.c.author_id).where(
        _messages.c.chat_id == bindparam("chat"), _messages.c.client_id == bindparam("client")
    )
)
_NUMBERED = Prepared(
    update(_chats)
    .where(_chats.c.id == bindparam("chat"))
    .values(
        last_seq=_chats.c.last_seq + 1,
        texts_count=_chats.c.texts_count + 1,
        last_message_at=bindparam("now"),
    )
    .returning(_chats.c.last_seq, _chats.c.texts_count)
)
_INSERTED = Prepared(
    insert(_messages)
    .values({name: bindparam(name) for name in STORED} | AS_SENT)
    .returning(_messages.c.id)
)
_READ = Prepared(
    update(_members)
    .where(
        _members.c.chat_id == bindparam("chat"),
        _members.c.profile_id == bindparam("author"),
        _members.c.left_at.is_(None),
    )
    .values(
        read_seq=bindparam("seq"),
        texts_read=bindparam("texts"),
        unread_mentions=0,
        is_marked_unread=False,
    )
)


def find_stored(chat_id: int, client_id: str) -> Row[Any] | None:
    """The chat's message with this client id: id, seq, author_id."""
    found: Row[Any] | None = _FOUND.row(chat=chat_id, client=client_id)
    return found


def take_number(chat_id: int, now: dt.datetime) -> tuple[int, int]:
    """The chat's next `seq`, and its texts with this one; its last message is of `now`."""
    row = _NUMBERED.row(chat=chat_id, now=now)
    return row.last_seq, row.texts_count


def insert_text(**values: Any) -> int:
    """The row; returns its id. `values` are those of STORED without the kind and the stems."""
    message_id: int = _INSERTED.value(
        kind=MessageKind.TEXT, stems=stems_of(values["text"]), **values
    )
    return message_id


def mark_own_read(chat_id: int, author_id: int, seq: int, texts: int) -> None:
    """The author, who has written, has read everything; to the others it is one more unread."""
    _READ.rows(chat=chat_id, author=author_id, seq=seq, texts=texts)

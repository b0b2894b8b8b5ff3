"""Prepared statements give what SQLAlchemy would, whichever way they are run."""

import datetime as dt

import pytest
from sqlalchemy import bindparam, event, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import db
from app.core.prepared import Prepared
from app.core.transaction import writing
from app.messenger.chats.models import Chat, Frozen
from app.messenger.chats.rights import ChatKind
from app.messenger.messages.models import Message, MessageKind
from tests.databases import IS_POSTGRES

_chats = Chat.__table__
MOMENT = dt.datetime(2026, 11, 29, 20, 5, 7, 123456, tzinfo=dt.UTC)
TYPED = Prepared(
    select(Chat.id, Chat.kind, Chat.permissions, Chat.frozen, Chat.created_at.label("made")).where(
        Chat.public_id == bindparam("chat")
    )
)
TWO = Prepared(
    select(Chat.id)
    .where(or_(Chat.title == "Первый", Chat.title == bindparam("other")))
    .order_by(Chat.id)
)
OTHER = {"other": "Второй"}
RENAMED = Prepared(
    update(_chats)
    .where(_chats.c.id == bindparam("chat"))
    .values(title=bindparam("new"), last_message_at=bindparam("at"))
    .returning(_chats.c.title, _chats.c.last_message_at)
)


@pytest.fixture(params=["by SQLite's cursor", "by SQLAlchemy"])
def _way(request, app):
    """The second way is PostgreSQL's, and that of whoever listens to statements."""

    def note(*_args):
        """Somebody who listens."""

    if request.param == "by SQLAlchemy":
        event.listen(db.engine, "before_cursor_execute", note)
        yield
        event.remove(db.engine, "before_cursor_execute", note)
    else:
        yield


@pytest.fixture
def chats(world, _way):
    with writing() as session:
        made = [
            Chat(kind=ChatKind.MANUAL, title="Первый", permissions={"pin": "everyone"}),
            Chat(kind=ChatKind.DIRECT, title="Второй", frozen=Frozen.LEFT),
        ]
        session.add_all(made)
    return made


def test_types_are_read_as_they_were_written(chats):
    first, second = (TYPED.row(chat=chat.public_id) for chat in chats)
    assert (first.kind, first.permissions, first.frozen) == (
        ChatKind.MANUAL,
        {"pin": "everyone"},
        None,
    )
    assert (second.kind, second.frozen) == (ChatKind.DIRECT, Frozen.LEFT)
    assert isinstance(first.kind, ChatKind)
    assert first.made == chats[0].created_at
    assert first.made.tzinfo is dt.UTC


def test_rows_are_all_and_one_and_none(chats):
    assert [row.id for row in TWO.rows(**OTHER)] == [chat.id for chat in chats]
    assert TYPED.value(chat=chats[1].public_id) == chats[1].id
    assert TYPED.row(chat="nobody") is None
    assert TYPED.value(chat="nobody") is None
    with pytest.raises(ValueError, match="too many"):
        TWO.row(**OTHER)


def test_a_change_answers_and_belongs_to_the_transaction(chats):
    with pytest.raises(ZeroDivisionError), writing():
        row = RENAMED.row(chat=chats[0].id, new="Третий", at=MOMENT)
        assert (row.title, row.last_message_at) == ("Третий", MOMENT)
        1 / 0
    assert [row.id for row in TWO.rows(**OTHER)] == [chat.id for chat in chats], (
        "nothing is changed"
    )
    with writing():
        RENAMED.rows(chat=chats[0].id, new="Третий", at=MOMENT)
    assert len(TWO.rows(**OTHER)) == 1


@pytest.mark.usefixtures("_way")
def test_what_the_session_has_to_write_is_written_first(app):
    with writing() as session:
        session.add(Chat(kind=ChatKind.AUTO, title="Первый"))
        assert len(TWO.rows(**OTHER)) == 1


@pytest.mark.usefixtures("_way")
def test_the_databases_no_is_sqlalchemys_own(world, anna):
    chat = world.chat("Чат", anna)
    twice = Prepared(
        insert(Message.__table__).values(
            chat_id=chat.id,
            seq=1,
            client_id=bindparam("client"),
            kind=MessageKind.TEXT,
            text="а",
            stems="",
            created_at=clock.now(),
            mentions_all=False,
            changed=0,
        )
    )
    with pytest.raises(IntegrityError), writing():
        twice.rows(client="client-0001")
        twice.rows(client="client-0002")


def test_a_moment_without_a_zone_is_refused(chats):
    with pytest.raises(Exception, match="naive"), writing():
        RENAMED.row(chat=chats[0].id, new="а", at=MOMENT.replace(tzinfo=None))


@pytest.mark.skipif(IS_POSTGRES, reason="PostgreSQL is asked in the ordinary way")
def test_a_list_is_refused(app):
    with pytest.raises(ValueError, match="no lists"):
        Prepared(select(Chat.id).where(Chat.title.in_(("Первый", "Второй")))).rows()


@pytest.mark.skipif(IS_POSTGRES, reason="PostgreSQL is asked in the ordinary way")
def test_a_statement_that_leaves_columns_to_python_is_refused(app):
    with pytest.raises(ValueError, match="all its columns"):
        Prepared(insert(_chats).values(title="а")).rows()

"""Sending: once, in order, only by members, and told only when stored."""

import threading
import unicodedata

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid, Missing
from app.core.transaction import connect, publish, writing
from app.messenger.chats.models import Chat, Member
from app.messenger.facts import MessageSent
from app.messenger.messages.models import Message
from app.messenger.messages.sending import send_message


def texts(chat):
    return list(
        db.session.scalars(select(Message.text).filter_by(chat_id=chat.id).order_by(Message.seq))
    )


def unread(profile):
    return db.session.scalar(select(Member.unread).filter_by(profile_id=profile.id))


def test_a_message_gets_the_next_number_and_counts_as_unread_for_the_others(
    world, anna, boris, chat
):
    assert [world.says(anna, chat, text).seq for text in ("раз", "два")] == [1, 2]
    assert texts(chat) == ["раз", "два"]
    assert (unread(anna), unread(boris)) == (0, 2)


def test_who_writes_has_read(world, anna, boris, chat):
    world.says(anna, chat, "раз")
    world.says(boris, chat, "два")
    assert (unread(anna), unread(boris)) == (1, 0)


def test_a_resend_returns_the_first(world, anna, chat):
    first = world.says(anna, chat, "раз", "11111111-aaaa")
    again = world.says(anna, chat, "раз", "11111111-aaaa")
    assert (again.message_id, again.is_first) == (first.message_id, False)
    assert texts(chat) == ["раз"]


def test_a_resend_is_answered_even_after_leaving(world, anna, chat):
    first = world.says(anna, chat, "раз", "11111111-aaaa")
    world.leave(anna, chat)
    assert world.says(anna, chat, "раз", "11111111-aaaa").message_id == first.message_id


def test_another_author_cannot_take_the_id_of_a_message(world, anna, boris, chat):
    world.says(anna, chat, "раз", "11111111-aaaa")
    with pytest.raises(Conflict):
        world.says(boris, chat, "подмена", "11111111-aaaa")
    assert texts(chat) == ["раз"]


def test_parallel_resends_store_one_message(app, anna, chat):
    author, public_id, found = anna.id, chat.public_id, []
    db.session.rollback()

    def resend():
        with app.app_context():
            found.append(send_message(author, public_id, "22222222-bbbb", "одно").message_id)

    threads = [threading.Thread(target=resend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert texts(chat) == ["одно"]


def test_parallel_messages_get_different_numbers_without_gaps(app, anna, chat):
    author, public_id = anna.id, chat.public_id
    db.session.rollback()

    def send(number):
        with app.app_context():
            send_message(author, public_id, f"parallel-{number}", f"{number}")

    threads = [threading.Thread(target=send, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = db.session.scalars(select(Message.seq).filter_by(chat_id=chat.id)).all()
    assert sorted(numbers) == list(range(1, 9))


def test_a_stranger_finds_no_chat(world, chat):
    with pytest.raises(Missing):
        world.says(world.profile("Чужой Человек"), chat, "привет")
    assert texts(chat) == []


def test_an_ex_member_may_not_write(world, anna, chat):
    world.leave(anna, chat)
    with pytest.raises(Denied):
        world.says(anna, chat, "привет")
    assert texts(chat) == []


def test_a_rolled_back_message_is_told_to_nobody(app, world, anna, chat):
    told = []
    connect({MessageSent: [told.append]})
    with pytest.raises(ZeroDivisionError), writing():
        world.says(anna, chat, "раз")
        1 / 0
    assert told == []
    assert texts(chat) == []
    assert db.session.get(Chat, chat.id).last_seq == 0


def test_a_stored_message_is_told_once_and_its_resend_not(app, world, anna, chat):
    told = []
    connect({MessageSent: [told.append]})
    world.says(anna, chat, "раз", "11111111-aaaa")
    world.says(anna, chat, "раз", "11111111-aaaa")
    assert [fact.chat_id for fact in told] == [chat.id]


def test_a_failing_reader_of_the_news_keeps_the_message(app, world, anna, chat):
    def fail(fact):
        publish(fact)  # outside a transaction: refused

    connect({MessageSent: [fail]})
    with pytest.raises(RuntimeError):
        world.says(anna, chat, "раз")
    assert texts(chat) == ["раз"]


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  привет \n", "привет"),
        ("а\r\nб\rв", "а\nб\nв"),
        ("таб\tстоп", "таб стоп"),
        ("нуль\x00внутри\x1b", "нульвнутри"),
        ("один\ud800", "один"),
        ("й", unicodedata.normalize("NFC", "й")),
        ("👩‍👩‍👧‍👦 семья", "👩‍👩‍👧‍👦 семья"),
        ("שלום עולם", "שלום עולם"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 4096, "x" * 4096),
    ],
)
def test_naughty_texts_are_kept_whole_or_cleaned_in_a_known_way(world, anna, chat, raw, stored):
    world.says(anna, chat, raw)
    assert texts(chat) == [stored]


@pytest.mark.parametrize("raw", ["", " \n ", "\x00", "\u200b\u2060", "x" * 4097, "я" * 65536])
def test_empty_and_endless_texts_are_refused(world, anna, chat, raw):
    with pytest.raises(Invalid):
        world.says(anna, chat, raw)
    assert texts(chat) == []


@pytest.mark.parametrize(
    "client_id", ["short", "x" * 41, "with space", 'quo"te-12345', "кириллица"]
)
def test_a_client_id_is_only_safe_letters(world, anna, chat, client_id):
    with pytest.raises(Invalid):
        world.says(anna, chat, "привет", client_id)

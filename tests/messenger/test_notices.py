"""What the system tells in a chat: words in the reader's language, never unread."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import writing
from app.messenger.chats import listing
from app.messenger.chats.models import Member
from app.messenger.chats.reading import mark_read
from app.messenger.messages.notice_words import SENTENCES, notice_sentence
from app.messenger.messages.notices import (
    Named,
    Notice,
    NoticeEvent,
    gender_of,
    notice_from,
    post_notice,
)

GENDERS = [
    ("Иванова", "Петровна", "f"),
    ("Петров", "Ильич", "m"),
    ("Шевченко", "Андреевна", "f"),
    ("Шевченко", "", ""),
    ("Горская", "", "f"),
    ("Мамедов", "Али оглы", "m"),
    ("Мамедова", "Али кызы", "f"),
    ("Lee", "", ""),
    ("", "", ""),
]


def tell(chat, event, **kwargs):
    with writing():
        return post_notice(chat.id, event, **kwargs)


@pytest.fixture
def anna(world):
    return world.profile("Анна Иванова Петровна")


@pytest.fixture
def web(world, anna, browser):
    web = browser()
    world.signed_in(web.client, anna)
    return web


@pytest.mark.parametrize(("family", "patronymic", "gender"), GENDERS)
def test_a_name_shows_its_gender_or_does_not(family, patronymic, gender):
    assert gender_of(family, patronymic) == gender


@pytest.mark.parametrize(
    ("whom", "count", "said"),
    [
        ((Named("Иванова А.", "f"),), 1, "Иванова А. присоединилась к чату"),
        ((Named("Петров Б.", "m"),), 1, "Петров Б. присоединился к чату"),
        ((Named("Ли Ю."),), 1, "Теперь в чате: Ли Ю."),
        (
            (Named("Иванова А.", "f"), Named("Петров Б.", "m")),
            2,
            "Теперь в чате: Иванова А., Петров Б.",
        ),
        ((Named("Иванова А.", "f"),), 22, "Теперь в чате: Иванова А. и ещё 21"),
    ],
)
def test_who_joined_is_told_in_russian(app, whom, count, said):
    notice = Notice(NoticeEvent.JOINED, None, whom, count, ())
    with app.test_request_context():
        words = notice_sentence(notice)
    assert words.replace("\u2068", "").replace("\u2069", "") == said


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("event", NoticeEvent)
@pytest.mark.parametrize("gender", ["f", "m", ""])
def test_every_event_has_its_sentence(app, event, language, gender):
    words = (("title", "Стенгазета"), ("length", "5 мин"), ("votes", "20"))
    who = Named("Иванова А.", gender)
    with app.test_request_context(), force_locale(language):
        said = notice_sentence(Notice(event, who, (who,), 1, words))
    assert said
    assert "%" not in said
    assert event in SENTENCES


def test_it_stands_in_the_chat_and_on_the_list_and_is_not_unread(world, chat, anna, boris, web):
    world.says(boris, chat, "Первое")
    tell(chat, NoticeEvent.JOINED, whom=[boris.id])
    page = web.get(f"/im/chats/{chat.public_id}").text
    assert "присоединился к чату" in page
    assert 'data-kind="system"' in page
    row = listing.row_of(anna.id, chat.public_id)
    assert "присоединился к чату" in row.text
    assert row.author == ""
    assert row.unread == 1
    mark_read(anna.id, chat.public_id, 1)
    assert listing.row_of(anna.id, chat.public_id).unread == 0


def test_it_does_not_move_the_unread_line(world, chat, boris, web):
    world.says(boris, chat, "Первое")
    world.says(boris, chat, "Второе")
    tell(chat, NoticeEvent.RENAMED, by=boris.id, title="Новое имя")
    page = web.get(f"/im/chats/{chat.public_id}").text
    assert page.index("data-unread-line") < page.index("Первое")


def test_it_is_read_in_the_readers_language(chat, boris, web):
    tell(chat, NoticeEvent.RENAMED, by=boris.id, title="Стенгазета")
    address = f"/im/chats/{chat.public_id}"
    assert "изменил название чата" in web.get(address).text
    web.client.set_cookie("svyazka_language", "en")
    assert "renamed the chat" in web.get(address).text


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "%(by)s %s %", "\u202eнаоборот"])
def test_naughty_words_stay_words(chat, boris, web, title):
    tell(chat, NoticeEvent.RENAMED, by=boris.id, title=title)
    page = web.get(f"/im/chats/{chat.public_id}").text
    assert "<script>alert" not in page
    assert "изменил название чата" in page


def test_many_people_make_one_line(world, chat, web):
    people = [world.profile(f"Ученик Номеров{number}") for number in range(25)]
    tell(chat, NoticeEvent.JOINED, whom=[one.id for one in people])
    page = web.get(f"/im/chats/{chat.public_id}").text
    assert page.count('data-kind="system"') == 1
    assert "и ещё 22" in page


def test_it_is_nobodys_to_delete(chat, boris, web):
    message = tell(chat, NoticeEvent.CREATED, by=boris.id)
    from app.messenger.messages.models import Message

    stored = db.session.get(Message, message)
    assert notice_from(stored.notice).event is NoticeEvent.CREATED
    url = f"/im/chats/{chat.public_id}/messages/{stored.client_id}/delete"
    assert web.get(url).status_code == 404
    assert db.session.scalars(select(Member.unread)).all() == [0, 0]

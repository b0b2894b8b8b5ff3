"""A chat's place in its member's own list: pinned, without sound, marked unread."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Denied, Invalid, Missing
from app.messenger.chats.listing import row_of, rows_of
from app.messenger.chats.models import Member
from app.messenger.chats.placing import Placing, place_chat, placing_from
from app.messenger.chats.reading import mark_read

NOON = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def titles(profile):
    return [row.title for row in rows_of(profile.id)]


def test_pinned_chats_stand_on_top_whatever_is_said_below(world, anna, boris, chat):
    physics, algebra = (world.chat(title, anna, boris) for title in ("Физика", "Алгебра"))
    place_chat(anna.id, chat.public_id, Placing.PIN)
    place_chat(anna.id, physics.public_id, Placing.PIN)
    world.says(boris, algebra, "новое")
    assert titles(anna) == ["Физика", "Чат с родителями", "Алгебра"]
    orders = [row.order for row in rows_of(anna.id)]
    assert orders == sorted(orders, reverse=True)  # the page puts a fresh row by the same order
    assert titles(boris)[0] == "Алгебра"
    place_chat(anna.id, physics.public_id, Placing.UNPIN)
    assert titles(anna)[0] == "Чат с родителями"


@pytest.mark.parametrize(
    ("how", "still", "later"),
    [
        (Placing.MUTE_HOUR, dt.timedelta(minutes=59), dt.timedelta(minutes=61)),
        (Placing.MUTE_8_HOURS, dt.timedelta(hours=7), dt.timedelta(hours=9)),
        (Placing.MUTE, dt.timedelta(days=900), None),
    ],
)
def test_a_chat_is_silent_as_long_as_was_asked(anna, chat, how, still, later):
    with clock.frozen(NOON):
        place_chat(anna.id, chat.public_id, how)
    with clock.frozen(NOON + still):
        assert row_of(anna.id, chat.public_id).is_muted
    if later is not None:
        with clock.frozen(NOON + later):
            assert not row_of(anna.id, chat.public_id).is_muted
    place_chat(anna.id, chat.public_id, Placing.UNMUTE)
    assert not row_of(anna.id, chat.public_id).is_muted


def test_a_mark_unread_goes_when_the_chat_is_read(world, anna, boris, chat):
    world.says(boris, chat, "раз")
    mark_read(anna.id, chat.public_id, 1)
    place_chat(anna.id, chat.public_id, Placing.MARK_UNREAD)
    row = row_of(anna.id, chat.public_id)
    assert (row.unread, row.is_marked_unread) == (0, True)
    mark_read(anna.id, chat.public_id, 1)
    assert not row_of(anna.id, chat.public_id).is_marked_unread


def test_a_chat_is_read_from_the_list_without_opening_it(world, anna, boris, chat):
    world.says(boris, chat, "раз")
    place_chat(anna.id, chat.public_id, Placing.READ)
    assert row_of(anna.id, chat.public_id).unread == 0
    world.says(boris, chat, "два")
    assert row_of(anna.id, chat.public_id).unread == 1


def test_an_ex_member_may_pin_and_nothing_else(world, anna, boris, chat):
    world.leave(boris, chat)
    place_chat(boris.id, chat.public_id, Placing.PIN)
    assert row_of(boris.id, chat.public_id).is_pinned
    for how in set(Placing) - {Placing.PIN, Placing.UNPIN}:
        with pytest.raises(Denied):
            place_chat(boris.id, chat.public_id, how)


def test_a_stranger_places_nothing(world, chat):
    stranger = world.profile("Чужой Человек")
    for how in Placing:
        with pytest.raises(Missing):
            place_chat(stranger.id, chat.public_id, how)
    assert not db.session.scalars(select(Member.id).where(Member.pinned_at.is_not(None))).all()


@pytest.mark.parametrize("value", ["", "PIN", "delete", "pin\x00", "9" * 300])
def test_an_unknown_choice_is_refused(value):
    with pytest.raises(Invalid):
        placing_from(value)


def test_the_menu_works_as_a_page_and_answers_a_script_with_the_row(app, world, anna, chat):
    web = world.signed_in(app.test_client(), anna)
    url = f"/im/chats/{chat.public_id}/place"
    page = web.get(url).text
    assert "Закрепить вверху" in page
    assert web.post(url, data={"how": "pin"}).location == "/im/"
    answer = web.post(url, data={"how": "mute"}, headers={"HX-Request": "true"})
    assert 'data-pinned="yes" data-muted="yes"' in answer.text
    assert web.post(url, data={"how": "explode"}).status_code == 422

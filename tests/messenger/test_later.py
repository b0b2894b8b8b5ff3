"""«Отправить утром»: offered in quiet hours, kept over a restart, asked again before it is sent."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.core import clock, ticking
from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid, Missing
from app.core.quiet import quiet_from
from app.core.transaction import writing
from app.messenger.attachments import attaching
from app.messenger.attachments.models import Attachment
from app.messenger.chats.lookup import chats_of
from app.messenger.later.keeping import MOST_IN_CHAT, cancel, keep, send_due, send_now, waiting_in
from app.messenger.later.models import LaterMessage
from app.messenger.later.morning import morning_after
from app.messenger.messages import history
from tests.messenger.counting import counted

HTMX = {"HX-Request": "true"}
MOSCOW = ZoneInfo("Europe/Moscow")
NIGHT = dt.datetime(2026, 11, 24, 22, 15, tzinfo=MOSCOW)
MORNING = dt.datetime(2026, 11, 25, 7, 0, tzinfo=MOSCOW)
ID = "later-message-1"


@pytest.fixture
def chat(world, people):
    chat = world.chat("7А", people["leader"], people["member"], people["ex-member"])
    world.leave(people["ex-member"], chat)
    return chat


@pytest.fixture
def night():
    with clock.frozen(NIGHT):
        yield


def own(who, chat):
    db.session.rollback()
    return chats_of(who.id).get(chat.public_id)


def said(who, chat):
    return [message.text for message in history.latest(own(who, chat))]


@pytest.mark.parametrize(
    ("hours", "now", "morning"),
    [
        ("21:00-07:00", "24 20:59", None),
        ("21:00-07:00", "24 21:00", "25 07:00"),
        ("21:00-07:00", "24 23:59", "25 07:00"),
        ("21:00-07:00", "25 00:00", "25 07:00"),
        ("21:00-07:00", "25 06:59", "25 07:00"),
        ("21:00-07:00", "25 07:00", None),
        ("13:00-15:30", "24 14:00", "24 15:30"),
        ("", "24 23:00", None),
    ],
)
def test_the_morning_is_the_end_of_the_hours_that_hold_now(hours, now, morning):
    def moment(text):
        return dt.datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=MOSCOW)

    found = morning_after(moment(now), quiet_from(hours))
    assert found == (moment(morning) if morning else None)


def test_it_is_offered_in_quiet_hours_only(chat, people, web_of, world):
    for moment, hidden in ((NIGHT, False), (MORNING, True)):
        with clock.frozen(moment):
            web = web_of("member")
            world.signed_in(web.client, people["member"])
            page = web.get(f"/im/chats/{chat.public_id}").text
        assert "Отправить утром, в 07:00" in page
        assert ('data-until="420" hidden' in page) is hidden


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_waits_unseen_by_others_and_comes_in_the_morning(
    world, app, chat, people, web_of, night, headers
):
    answer = web_of("leader").send(
        "post",
        f"/im/chats/{chat.public_id}/later",
        data={"text": "Завтра экскурсия", "client_id": ID},
        headers=headers,
    )
    assert answer.status_code == (200 if headers else 303)
    page = web_of("leader").get(f"/im/chats/{chat.public_id}").text
    assert "Отправится 25 ноября, 07:00" in page
    assert "Завтра экскурсия" in page
    assert "Завтра экскурсия" not in web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert send_due() == 0
    with clock.frozen(MORNING):
        ticking.run_due(app)
        ticking.run_due(app)
    assert said(people["member"], chat) == ["Завтра экскурсия"]
    assert own(people["member"], chat).unread == 1
    assert waiting_in(own(people["leader"], chat)) == []


def test_a_second_click_keeps_one_and_a_crash_before_forgetting_sends_one(chat, people, night):
    leader = people["leader"]
    for _ in range(2):
        keep(leader.id, chat.public_id, ID, "Раз")
    row = db.session.scalars(select(LaterMessage)).one()
    fields = {column.name: getattr(row, column.name) for column in LaterMessage.__table__.columns}
    send_now(leader.id, chat.public_id, ID)
    with writing() as session:  # as if the process had died between sending and forgetting
        session.add(LaterMessage(**fields))
    with clock.frozen(MORNING):
        assert send_due() == 1
    assert said(leader, chat) == ["Раз"]
    keep(leader.id, chat.public_id, ID, "Раз")
    assert waiting_in(own(leader, chat)) == []


def test_when_the_hours_have_ended_meanwhile_it_is_sent_at_once(chat, people):
    with clock.frozen(MORNING):
        keep(people["leader"].id, chat.public_id, ID, "Доброе утро")
    assert said(people["member"], chat) == ["Доброе утро"]


def test_it_is_taken_back_or_sent_now(chat, people, web_of, night):
    for number, deed in ((1, "cancel"), (2, "now")):
        client_id = f"later-message-{number}"
        keep(people["leader"].id, chat.public_id, client_id, f"Слова {number}")
        url = f"/im/chats/{chat.public_id}/later/{client_id}/{deed}"
        assert web_of("leader").send("post", url, headers=HTMX).status_code == 200
    assert said(people["member"], chat) == ["Слова 2"]
    with pytest.raises(Missing):
        send_now(people["leader"].id, chat.public_id, "later-message-1")
    cancel(people["leader"].id, chat.public_id, "later-message-1")


def test_nobody_else_touches_it(chat, people, web_of, night):
    keep(people["leader"].id, chat.public_id, ID, "Слова")
    for who in ("member", "ex-member", "stranger"):
        for deed in ("now", "cancel"):
            web_of(who).send("post", f"/im/chats/{chat.public_id}/later/{ID}/{deed}")
    assert [one.text for one in waiting_in(own(people["leader"], chat))] == ["Слова"]
    with pytest.raises(Conflict):
        keep(people["member"].id, chat.public_id, ID, "Чужой номер")


def test_what_would_be_refused_is_refused_at_once(chat, people, web_of, night):
    url = f"/im/chats/{chat.public_id}/later"
    assert web_of("ex-member").send("post", url, data={"text": "я"}).status_code == 403
    assert web_of("stranger").send("post", url, data={"text": "я"}).status_code == 404
    refused = web_of("member").send("post", url, data={"text": " ", "client_id": ID})
    assert refused.status_code == 422
    with pytest.raises(Denied):
        keep(people["member"].id, chat.public_id, ID, "@все на выход")
    with pytest.raises(Invalid):
        keep(people["member"].id, chat.public_id, ID, "", attachments=["no-such-file"])
    for number in range(MOST_IN_CHAT):
        keep(people["member"].id, chat.public_id, f"waiting-{number:03}", "слова")
    with pytest.raises(Conflict):
        keep(people["member"].id, chat.public_id, ID, "ещё")


def test_who_may_no_longer_write_in_the_morning_is_told_and_loses_no_word(
    world, app, chat, people, web_of, night
):
    keep(people["member"].id, chat.public_id, ID, "Важные слова")
    world.leave(people["member"], chat)
    with clock.frozen(MORNING):
        ticking.run_due(app)
        ticking.run_due(app)
    page = web_of("member").get(f"/im/chats/{chat.public_id}").text
    assert "Не отправлено" in page
    assert "Важные слова" in page
    assert said(people["leader"], chat) == []


def test_its_files_wait_with_it(chat, people, web_of, night):
    url = f"/im/chats/{chat.public_id}/files?name=plan.txt"
    with clock.frozen(NIGHT - dt.timedelta(hours=20)):
        draft = web_of("leader").send("post", url, data=b"words", headers=HTMX).json["id"]
    keep(people["leader"].id, chat.public_id, ID, "", attachments=[draft])
    with clock.frozen(MORNING):
        assert attaching.forget_old_drafts() == 0
        assert send_due() == 1
    db.session.rollback()
    assert db.session.scalars(select(Attachment)).one().message_id is not None


def test_looking_for_what_is_due_costs_one_query(chat, people, night):
    keep(people["leader"].id, chat.public_id, ID, "Слова")
    with counted() as queries:
        send_due()
    assert len(queries) == 1

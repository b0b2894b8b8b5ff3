"""Polls: asking, voting, changing, taking back, ending, and what nobody may learn or do."""

import datetime as dt
import json

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid, Missing
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Member
from app.messenger.chats.reading import mark_read
from app.messenger.chats.rights import MemberRole
from app.messenger.messages import history
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.editing import edit_message
from app.messenger.polls.creating import Question, create_poll
from app.messenger.polls.ending import close_poll, end_due
from app.messenger.polls.models import Poll, PollVote
from app.messenger.polls.viewing import polls_of, voters_of
from app.messenger.polls.voting import vote
from app.realtime.server import socketio
from tests.messenger.counting import counted

HTMX = {"HX-Request": "true"}
ID = "poll-client-1"


@pytest.fixture
def boris(world):
    return world.profile("Борис Ким")


@pytest.fixture
def chat(world, anna, boris):
    return world.chat("7А", anna, boris)


@pytest.fixture
def ask(anna, chat):
    """`ask(is_multiple=True)`: Anna puts a question of three answers."""

    def create(**fields):
        asked = {"text": "Когда собрание?", "answers": ["Среда", "Четверг", "Пятница"]}
        return create_poll(anna.id, chat.public_id, ID, Question(**(asked | fields)))

    return create


@pytest.fixture
def web_of(world, browser):
    def open_web(profile):
        web = browser()
        world.signed_in(web.client, profile)
        return web

    return open_web


def result():
    db.session.rollback()
    poll = db.session.scalars(select(Poll)).one()
    view = polls_of([poll.message_id])[poll.message_id]
    return [option.votes for option in view.options], view.ballots


def test_a_vote_counts_once_and_is_changed_and_taken_back(ask, anna, boris, chat):
    ask()
    vote(anna.id, chat.public_id, ID, [0])
    vote(boris.id, chat.public_id, ID, [0])
    vote(boris.id, chat.public_id, ID, [0])  # a double click
    assert result() == ([2, 0, 0], 2)
    vote(boris.id, chat.public_id, ID, [2])
    assert result() == ([1, 0, 1], 2)
    vote(boris.id, chat.public_id, ID, [])
    assert result() == ([1, 0, 0], 1)


def test_several_answers_are_one_ballot(ask, anna, chat):
    ask(is_multiple=True)
    vote(anna.id, chat.public_id, ID, [0, 2])
    assert result() == ([1, 0, 1], 1)


@pytest.mark.parametrize("positions", [[0, 1], [7], [-1]])
def test_an_answer_that_cannot_be_is_refused(ask, anna, chat, positions):
    ask()
    with pytest.raises(Invalid):
        vote(anna.id, chat.public_id, ID, positions)
    assert result() == ([0, 0, 0], 0)


def test_a_vote_that_is_not_to_be_changed_stays(ask, anna, chat):
    ask(may_revote=False)
    vote(anna.id, chat.public_id, ID, [0])
    for positions in ([1], []):
        with pytest.raises(Conflict):
            vote(anna.id, chat.public_id, ID, positions)
    assert result() == ([1, 0, 0], 1)


def test_after_the_deadline_nobody_votes(ask, anna, chat):
    soon = (clock.now() + dt.timedelta(hours=1)).isoformat()
    ask(closes=soon)
    vote(anna.id, chat.public_id, ID, [0])
    db.session.execute(db.update(Poll).values(closes_at=clock.now() - dt.timedelta(seconds=1)))
    db.session.commit()
    with pytest.raises(Conflict):
        vote(anna.id, chat.public_id, ID, [1])
    assert result() == ([1, 0, 0], 1)


def test_the_author_and_the_leaders_end_it_and_nobody_else(world, ask, anna, boris, chat):
    ask()
    with pytest.raises(Denied):
        close_poll(boris.id, chat.public_id, ID)
    leader = world.profile("Ольга Рыбина")
    world.join(leader, chat, role=MemberRole.ADMINISTRATOR)
    close_poll(leader.id, chat.public_id, ID)
    close_poll(anna.id, chat.public_id, ID)
    with pytest.raises(Conflict):
        vote(boris.id, chat.public_id, ID, [0])


def test_a_stranger_and_who_left_cannot_vote(world, ask, boris, chat):
    ask()
    with pytest.raises(Missing):
        vote(world.profile("Чужой Человек").id, chat.public_id, ID, [0])
    world.leave(boris, chat)
    with pytest.raises(Denied):
        vote(boris.id, chat.public_id, ID, [0])


def test_a_poll_asked_after_leaving_is_absent(world, ask, boris, chat):
    world.leave(boris, chat)
    ask()
    with pytest.raises(Missing):
        vote(boris.id, chat.public_id, ID, [0])


def test_a_poll_is_absent_in_another_chat(world, ask, anna, chat):
    ask()
    other = world.chat("8Б", anna)
    with pytest.raises(Missing):
        vote(anna.id, other.public_id, ID, [0])


def test_a_second_click_asks_once(ask):
    assert ask().is_first
    assert not ask().is_first
    assert len(db.session.scalars(select(Poll)).all()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"answers": ["Один"]},
        {"answers": ["Да", "да"]},
        {"answers": [str(number) for number in range(11)]},
        {"answers": ["Да", "Н" * 121]},
        {"text": "В" * 301},
        {"closes": "2020-01-01T10:00"},
        {"closes": "завтра"},
        {"per_child": True},
    ],
)
def test_a_question_that_cannot_be_is_refused(app, ask, wrong):
    with app.test_request_context(), pytest.raises(Invalid):
        ask(**wrong)
    assert db.session.scalars(select(Poll)).all() == []


def test_what_was_typed_stays_when_it_is_refused(web_of, anna, chat):
    web = web_of(anna)
    url = f"/im/chats/{chat.public_id}/polls"
    answer = web.send(
        "post", url, data={"question": "Когда?", "answer": ["Только один", ""]}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "хотя бы два" in answer.text
    assert 'value="Только один"' in answer.text
    assert 'value="Когда?"' in answer.text


def test_a_poll_is_asked_and_answered_by_plain_forms(web_of, anna, boris, chat):
    url = f"/im/chats/{chat.public_id}"
    asked = {
        "question": "Когда?",
        "answer": ["Среда", "Четверг", ""],
        "client_id": ID,
        "revote": "1",
    }
    assert web_of(anna).send("post", f"{url}/polls", data=asked).status_code == 303
    web = web_of(boris)
    assert "Среда" in web.get(f"{url}/polls/{ID}").text
    assert web.send("post", f"{url}/polls/{ID}/vote", data={"option": "1"}).status_code == 303
    assert result() == ([0, 1], 1)
    page = web.get(f"{url}/polls/{ID}").text
    assert "Борис Ким" in page  # an open poll says who


def test_the_message_is_the_same_for_all_and_own_answers_are_asked_for(
    web_of, ask, anna, boris, chat
):
    ask()
    vote(boris.id, chat.public_id, ID, [1])
    url = f"/im/chats/{chat.public_id}"
    pages = [web_of(profile).get(f"{url}/since?seq=0&change=0").text for profile in (anna, boris)]
    assert pages[0] == pages[1]
    assert "checked" not in pages[0]
    mine = [
        json.loads(web_of(profile).get(f"{url}/polls/mine?ids={ID}").text)
        for profile in (anna, boris)
    ]
    assert mine == [{}, {ID: [1]}]


def test_nobody_learns_who_answered_an_anonymous_poll(web_of, ask, anna, boris, chat):
    ask(is_anonymous=True)
    vote(boris.id, chat.public_id, ID, [1])
    assert voters_of(db.session.scalars(select(Poll)).one()) == {}
    assert (
        "Борис" not in web_of(anna).get(f"/im/chats/{chat.public_id}/polls/{ID}", headers=HTMX).text
    )


def test_who_was_away_catches_up_with_the_votes(ask, anna, boris, chat):
    ask()
    vote(boris.id, chat.public_id, ID, [1])
    own = chats_of(anna.id).get(chat.public_id)
    assert [view.poll.ballots for view in history.changed_since(own, 0, own.last_seq)] == [1]


def test_a_deleted_poll_leaves_no_votes(ask, anna, boris, chat):
    ask()
    vote(boris.id, chat.public_id, ID, [1])
    delete_message(anna.id, chat.public_id, ID)
    assert db.session.scalars(select(PollVote)).all() == []
    assert db.session.scalars(select(Poll)).all() == []


def test_a_poll_that_is_asked_is_not_edited(ask, anna, chat):
    ask()
    with pytest.raises(Denied):
        edit_message(anna.id, chat.public_id, ID, "Другой вопрос")


def test_all_polls_of_a_page_take_three_queries(anna, chat):
    question = Question(text="Когда?", answers=["Да", "Нет"])
    for number in range(5):
        create_poll(anna.id, chat.public_id, f"poll-client-{number}", question)
    own = chats_of(anna.id).get(chat.public_id)
    with counted() as statements:
        views = history.latest(own)
    assert all(view.poll for view in views)
    assert len([statement for statement in statements if "FROM poll" in statement]) == 3


def in_an_hour():
    return (clock.now() + dt.timedelta(hours=1)).isoformat()


def test_at_its_deadline_a_poll_ends_for_everybody_and_its_author_has_news(
    world, ask, chat, anna, boris, web_of
):
    ask(closes=in_an_hour())
    vote(boris.id, chat.public_id, ID, [0])
    assert end_due() == 0
    with clock.frozen(clock.now() + dt.timedelta(hours=1, seconds=1)):
        assert end_due() == 1
        assert end_due() == 0
        page = web_of(boris).get(f"/im/chats/{chat.public_id}").text
        assert "Опрос завершён. Голосов: \u20681\u2069" in page
        assert "data-over" in page
        assert f'data-quote="m-{ID}"' in page
    unread = {
        member.profile_id: member.unread for member in db.session.scalars(select(Member)).all()
    }
    assert unread == {anna.id: 1, boris.id: 1}  # to Boris, the question itself
    mark_read(anna.id, chat.public_id, 2)
    mark_read(boris.id, chat.public_id, 2)
    db.session.expire_all()
    assert {member.unread for member in db.session.scalars(select(Member))} == {0}


def test_those_who_have_the_chat_open_see_the_end_at_once(world, ask, chat, anna, app):
    ask(closes=in_an_hour())
    web = world.signed_in(app.test_client(), anna)
    socket = socketio.test_client(app, flask_test_client=web)
    socket.emit("open", chat.public_id, callback=True)
    socket.get_received()
    with clock.frozen(clock.now() + dt.timedelta(hours=2)):
        end_due()
    told = [
        event["args"][0]["html"] for event in socket.get_received() if event["name"] == "fragment"
    ]
    assert len(told) == 2
    assert "data-over" in told[0]
    assert "Опрос завершён" in told[1]


def test_what_ended_while_the_site_stood_still_ends_and_is_news_for_a_day_only(
    world, ask, chat, anna
):
    ask(closes=in_an_hour())
    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        assert end_due() == 1
    assert db.session.scalars(select(Poll)).one().closed_at is not None
    assert chats_of(anna.id).get(chat.public_id).last_seq == 1


def test_ending_by_hand_is_told_and_is_no_news_to_who_did_it(ask, chat, anna):
    ask()
    close_poll(anna.id, chat.public_id, ID)
    own = chats_of(anna.id).get(chat.public_id)
    assert (own.last_seq, own.unread) == (2, 0)
    delete_message(anna.id, chat.public_id, ID)
    assert "Когда собрание" not in str(history.latest(own))


def test_looking_for_ends_costs_one_query(ask):
    ask(closes=in_an_hour())
    with counted() as queries:
        end_due()
    assert len(queries) == 1

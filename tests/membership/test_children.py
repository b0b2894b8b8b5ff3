"""One vote a child: whose children a chat with parents is about, and who may vote for them."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Denied, Missing
from app.membership.reconcile import reconcile
from app.messenger.chats.models import Chat
from app.messenger.polls.children import children_of, counts_children
from app.messenger.polls.creating import Question, create_poll
from app.messenger.polls.models import Poll
from app.messenger.polls.viewing import polls_of
from app.messenger.polls.voting import vote, vote_for_children

ID = "poll-client-1"


@pytest.fixture
def school(world):
    """Class 7А: Миша with both parents, Оля and Петя with one mother, who teaches nobody."""
    teacher = world.teacher("Иванова Анна Петровна")
    school_class = world.school_class("7А", teacher=teacher)
    misha = world.pupil("Ким Миша", in_=school_class)
    olya, petya = (
        world.pupil("Лис Оля", in_=school_class),
        world.pupil("Лис Петя", in_=school_class),
    )
    people = {
        "teacher": teacher,
        "mother": world.guardian("Ким Мария", of=[misha]),
        "father": world.guardian("Ким Борис", of=[misha]),
        "of two": world.guardian("Лис Инна", of=[olya, petya]),
    }
    profiles = {}
    for name, person in people.items():
        profiles[name] = world.profile(f"{person.given_name} {person.family_name}")
        world.link(person, profiles[name])
    reconcile()
    chats = {chat.auto_key.rpartition(":")[2]: chat for chat in db.session.scalars(select(Chat))}
    profiles["misha"], profiles["olya"], profiles["petya"] = misha, olya, petya
    return profiles, chats


@pytest.fixture
def poll(school):
    profiles, chats = school
    question = Question(text="Едем?", answers=["Да", "Нет"], per_child=True)
    create_poll(profiles["teacher"].id, chats["parents"].public_id, ID, question)
    return chats["parents"]


def result():
    db.session.rollback()
    row = db.session.scalars(select(Poll)).one()
    view = polls_of([row.message_id])[row.message_id]
    return [option.votes for option in view.options], view.ballots


def test_only_a_chat_with_parents_counts_by_children(school):
    profiles, chats = school
    assert {part: counts_children(chat.id) for part, chat in chats.items()} == {
        "pupils": False,
        "parents": True,
        "teachers": False,
    }
    assert [child.name for child in children_of(chats["parents"].id, profiles["of two"].id)] == [
        "Оля Лис",
        "Петя Лис",
    ]
    assert children_of(chats["parents"].id, profiles["teacher"].id) == ()


def test_two_parents_have_one_vote_and_the_last_word_counts(school, poll):
    profiles, _ = school
    child = profiles["misha"].public_id
    vote_for_children(profiles["mother"].id, poll.public_id, ID, {child: [0]})
    vote_for_children(profiles["father"].id, poll.public_id, ID, {child: [1]})
    assert result() == ([0, 1], 1)


def test_a_parent_of_two_votes_for_each(school, poll):
    profiles, _ = school
    answers = {profiles["olya"].public_id: [0], profiles["petya"].public_id: [1]}
    vote_for_children(profiles["of two"].id, poll.public_id, ID, answers)
    assert result() == ([1, 1], 2)


def test_nobody_votes_for_anothers_child_or_for_oneself(school, poll):
    profiles, _ = school
    with pytest.raises(Missing):
        vote_for_children(
            profiles["mother"].id, poll.public_id, ID, {profiles["olya"].public_id: [0]}
        )
    with pytest.raises(Missing):
        vote(profiles["mother"].id, poll.public_id, ID, [0])
    with pytest.raises(Denied):
        vote(profiles["teacher"].id, poll.public_id, ID, [0])
    assert result() == ([0, 0], 0)


def test_the_page_of_the_poll_asks_for_each_child(world, web, school, poll):
    profiles, _ = school
    world.signed_in(web.client, profiles["of two"])
    page = web.get(f"/im/chats/{poll.public_id}/polls/{ID}").text
    assert "Оля Лис" in page
    assert "Петя Лис" in page
    assert "Миша" not in page

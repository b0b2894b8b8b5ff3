"""A chat made by hand, everybody who may come to its door, and its link."""

import pytest

from app.messenger.invites import making
from app.messenger.invites.links import token_of
from app.messenger.invites.making import Terms, living_invite
from tests.messenger.led import newspaper, staff


@pytest.fixture
def people(world):
    return staff(world)


@pytest.fixture
def chat(world, people):
    return newspaper(world, people)


@pytest.fixture
def browser_of(app, world, people):
    return lambda who: world.signed_in(app.test_client(), people[who])


@pytest.fixture
def link(people, chat):
    """`link()` makes the chat's link by its creator and returns its path."""

    def make(**terms):
        making.save_invite(people["creator"].id, chat.public_id, Terms(**terms))
        return f"/join/{token_of(living_invite(chat.id))}"

    return make

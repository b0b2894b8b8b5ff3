"""A chat made by hand, everybody who may come to its door, and its link."""

import pytest

from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.invites import making
from app.messenger.invites.links import token_of
from app.messenger.invites.making import Terms, living_invite

NAMES = {
    "creator": "Анна Иванова",
    "administrator": "Борис Петров",
    "member": "Вера Ёлкина",
    "newcomer": "Глеб Котов",
    "outsider": "Дина Лис",
}


@pytest.fixture
def people(world):
    found = {key: world.profile(name) for key, name in NAMES.items()}
    for profile in found.values():
        world.confirmed(profile, "teacher")
    return found


@pytest.fixture
def chat(world, people):
    chat = world.chat("Стенгазета", kind=ChatKind.MANUAL)
    world.join(people["creator"], chat, role=MemberRole.CREATOR)
    world.join(people["administrator"], chat, role=MemberRole.ADMINISTRATOR)
    world.join(people["member"], chat)
    people["ex"] = world.profile("Егор Чиж")
    world.confirmed(people["ex"], "teacher")
    world.join(people["ex"], chat)
    world.leave(people["ex"], chat)
    return chat


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

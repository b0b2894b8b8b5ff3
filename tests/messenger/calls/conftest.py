"""People who call each other."""

import pytest

from app.messenger.chats.rights import MemberRole


@pytest.fixture
def vera(world):
    return world.profile("Вера Сомова")


@pytest.fixture
def chat(world, anna, boris, vera):
    """Anna leads it; the others are in it."""
    chat = world.chat("Физика", boris, vera, label="7А")
    world.join(anna, chat, role=MemberRole.ADMINISTRATOR)
    return chat

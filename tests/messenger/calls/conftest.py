"""People who call each other."""

import pytest

from app.messenger.calls import starting
from app.messenger.chats.rights import MemberRole


@pytest.fixture
def anna(world):
    return world.profile("Анна Иванова")


@pytest.fixture
def boris(world):
    return world.profile("Борис Петров")


@pytest.fixture
def vera(world):
    return world.profile("Вера Сомова")


@pytest.fixture
def chat(world, anna, boris, vera):
    """Anna leads it; the others are in it."""
    chat = world.chat("Физика", boris, vera, label="7А")
    world.join(anna, chat, role=MemberRole.ADMINISTRATOR)
    return chat


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Every test begins with nobody having called yet."""
    starting.NEW._buckets.clear()

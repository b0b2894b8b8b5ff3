"""People of the messenger's tests, and their browsers."""

import pytest


@pytest.fixture
def people(world):
    """Anna leads the chat, Boris is in it, Vera has left it, a stranger never was there."""
    return {
        "leader": world.profile("Анна Иванова Петровна"),
        "member": world.profile("Борис Петров"),
        "ex-member": world.profile("Вера Сомова"),
        "stranger": world.profile("Чужой Человек"),
    }


@pytest.fixture
def web_of(world, browser, people):
    """`web_of("member")` is a browser signed in as that one; of htmx when told so."""
    opened = {}

    def open_browser(who):
        if who not in opened:
            opened[who] = browser()
            world.signed_in(opened[who].client, people[who])
        return opened[who]

    return open_browser

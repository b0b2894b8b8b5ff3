"""People of the messenger's tests, their browsers; a served site and its windows in Chromium."""

import pytest

from app import create_app
from app.core.db import db
from app.identity import sessions
from tests.conftest import make_settings
from tests.messenger.serving import free_port, served
from tests.world import World


@pytest.fixture(scope="session")
def served_school(tmp_path_factory):
    """One site for all: starting it costs more than most tests. Everybody makes people of their own."""
    folder = tmp_path_factory.mktemp("served")
    url = f"http://127.0.0.1:{free_port()}"
    database = f"sqlite:///{folder}/served.sqlite3"
    app = create_app(make_settings(folder, database_url=database, base_url=url))
    with app.app_context():
        db.create_all()
        db.session.remove()
    with served(folder, database, url) as server:
        world = World()
        world.server = server
        yield app, world
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def school(served_school):
    """The served site; rows are made from here. A test may stop the server: it is started again."""
    app, world = served_school
    with app.app_context():
        if not world.server.is_running:
            world.server.start()
        yield world
        db.session.remove()


@pytest.fixture
def path(chat):
    """Where the chat is open."""
    return f"/im/chats/{chat.public_id}"


@pytest.fixture
def window_of(chromium, school):
    """A page signed in as this profile; the test fails on any error in its console."""
    contexts, problems, said_before = [], [], len(school.server.log)

    def open_window(profile, path="/im/", **options):
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "ru-RU"} | options
        context = chromium.new_context(base_url=school.server.base_url, **options)
        contexts.append(context)
        token = sessions.start_session(profile.id, address="127.0.0.1", user_agent="Chromium")
        context.add_cookies(
            [{"name": sessions.COOKIE, "value": token, "url": school.server.base_url}]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text)
                if message.type == "error"
                and "ERR_" not in message.text
                and "fetching the script" not in message.text  # sw.js, of a server put to death
                and "503" not in message.text
                and "403" not in message.text
                and "422" not in message.text
                else None
            ),
        )
        page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert problems == []
    assert "Traceback" not in school.server.log[said_before:]


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

"""Fixtures every test may use: an application on its own database, and the world builder."""

import threading
from contextlib import contextmanager
from functools import partial

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import event

from app import create_app
from app.core.config import Mode, Settings, SmsSenderKind
from app.core.db import db
from tests.browser import Web
from tests.databases import IS_POSTGRES, Cluster, Files, cluster
from tests.identity.second_site import second_provider
from tests.messenger.serving import CHROMIUM
from tests.world import World


def make_settings(folder, **changes):
    values = {
        "mode": Mode.TESTING,
        "secret_key": "test-secret-" + "x" * 40,
        "database_url": f"sqlite:///{folder}/test.sqlite3",
        "base_url": "http://localhost",
        "instance_path": folder,
        "sms_sender": SmsSenderKind.OUTBOX,
        "log_level": "ERROR",
    } | changes
    return Settings(**values)


@pytest.fixture(scope="session")
def postgres():
    """The address of an empty database of a cluster that these tests share."""
    with cluster() as url:
        yield url


def fill(folder, url):
    """The schema into the database at this address."""
    app = create_app(make_settings(folder, database_url=url))
    with app.app_context():
        db.create_all()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def new_database(request, tmp_path_factory):
    """`new_database(folder)` is the address of a database with the schema and nothing in it."""
    folder = tmp_path_factory.mktemp("schema")
    make = partial(fill, folder)
    if IS_POSTGRES:
        return Cluster(request.getfixturevalue("postgres"), make)
    return Files(folder, make)


@pytest.fixture
def app(tmp_path, new_database):
    app = create_app(make_settings(tmp_path, database_url=new_database(tmp_path)))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app):
    return World()


@pytest.fixture
def anna(world):
    """A profile. A room where she is somebody else says so in its own conftest."""
    return world.profile("Анна Иванова")


@pytest.fixture
def boris(world):
    return world.profile("Борис Петров")


@pytest.fixture
def chat(world, anna, boris):
    """The two are in it."""
    return world.chat("Чат с родителями", anna, boris)


@pytest.fixture
def web(app):
    return Web(app)


@pytest.fixture
def browser(app):
    """`browser()` opens another one."""
    return lambda: Web(app)


@pytest.fixture
def queries(app):
    """`with queries() as seen:` counts the statements of this thread: not the background's."""

    @contextmanager
    def count():
        seen, own = [], threading.get_ident()

        def note(_connection, _cursor, statement, *_rest):
            is_begin = statement in ("BEGIN", "BEGIN IMMEDIATE")
            if threading.get_ident() == own and not is_begin:
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return count


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the whole run; every test opens contexts of its own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def second_process():
    """Another provider, in a process of its own."""
    with second_provider() as second:
        yield second


@pytest.fixture
def second(second_process):
    """The other provider, honest until told otherwise."""
    second_process.mood()
    return second_process

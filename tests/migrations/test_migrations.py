"""Migrations make the tables of the models, and unmake them, on SQLite and on PostgreSQL."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from app import create_app
from app.core.db import db, is_compared
from app.membership.reconcile import reconcile
from app.messenger.chats.models import Chat, Member
from tests.conftest import make_settings
from tests.world import World


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request, tmp_path):
    """An application on a database made by the migrations."""
    url = f"sqlite:///{tmp_path}/migrated.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")
    app = create_app(make_settings(tmp_path, database_url=url))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        downgrade(revision="base")
        db.engine.dispose()


def test_the_models_and_the_migrations_agree(migrated):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_compared}
        )
        assert compare_metadata(context, db.metadata) == []


def test_down_leaves_nothing_and_up_again_works(migrated):
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert inspect(db.engine).has_table("links")


WHEN = "2026-09-01 08:00:00"


def put(connection, table, **values):
    """A row of a table as it once was."""
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def put_anna(connection):
    named = {"family_name": "Иванова", "given_name": "Анна", "patronymic": "", "created_at": WHEN}
    put(connection, "vk_ids", id=1, phone="+79161234567", **named)
    put(connection, "profiles", id=1, public_id="p", vk_id_id=1, **named)


def test_a_table_made_anew_keeps_its_children(tmp_path):
    """SQLite alters `vk_ids` by dropping it: the profiles that point there must survive."""
    url = f"sqlite:///{tmp_path}/kept.sqlite3"
    app = create_app(make_settings(tmp_path, database_url=url))
    with app.app_context():
        upgrade(revision="0003")
        with db.engine.begin() as connection:
            put_anna(connection)
        upgrade()
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM profiles").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.engine.dispose()


def test_checks_and_partial_indexes_are_really_there(migrated):
    checks = {row["name"] for row in inspect(db.engine).get_check_constraints("substitutions")}
    assert "ck_substitutions_dates" in checks
    indexes = {row["name"] for row in inspect(db.engine).get_indexes("links")}
    assert {"uq_links_active_account", "uq_links_active_subject"} <= indexes


def test_a_class_chat_fills_on_this_database(migrated):
    world = World()
    anna = world.teacher("Иванова Анна")
    c7a = world.school_class("7А", teacher=anna)
    misha = world.pupil("Орлов Миша", in_=c7a)
    for person in (anna, misha):
        world.link(person)
    assert reconcile() == 3
    assert reconcile() == 0
    counted = text("SELECT count(*) FROM members WHERE left_at IS NULL")
    assert db.session.execute(counted).scalar() == 4


def test_unread_messages_stay_unread_when_they_are_counted_anew(migrated):
    downgrade(revision="0031")
    with db.engine.begin() as connection:
        put_anna(connection)
        empty = {"label": "", "description": "", "theme": "default", "created_at": WHEN}
        put(connection, "chats", id=1, public_id="c", kind="AUTO", title="7А", last_seq=4, **empty)
        for seq, kind in enumerate(("SYSTEM", "TEXT", "TEXT", "TEXT"), 1):
            said = {"client_id": f"id{seq}", "kind": kind, "text": "раз", "created_at": WHEN}
            put(connection, "messages", chat_id=1, seq=seq, **said)
        of = {"chat_id": 1, "profile_id": 1, "role": "MEMBER", "shows_label": False}
        put(connection, "members", **of, joined_at=WHEN, unread=2, read_seq=2)
    upgrade()
    assert db.session.execute(select(Chat.texts_count, Member.unread).join(Member)).one() == (3, 2)
    db.session.remove()
    downgrade(revision="0031")
    assert db.session.execute(text("SELECT unread FROM members")).scalar() == 2
    db.session.remove()
    upgrade()

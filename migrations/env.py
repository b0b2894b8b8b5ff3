"""Alembic's entry: the application's engine and metadata, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.messenger.messages import search_index

config = context.config
migrate = current_app.extensions["migrate"]
database = migrate.db


def run_offline() -> None:
    """Write SQL instead of running it (`flask db upgrade --sql`)."""
    url = database.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=database.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew: dropping the old one must not take its children.

    What the keys would have refused is looked for afterwards
    (https://www.sqlite.org/lang_altertable.html#otheralter, steps 1, 10 and 12).
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows whose parents are gone: {broken[:10]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run_online() -> None:
    """Run migrations on the application's database."""
    with database.engine.connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection, target_metadata=database.metadata, **migrate.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
        if search_index.is_possible(connection):
            search_index.install(connection)
        connection.commit()


if context.is_offline_mode():
    run_offline()
else:
    run_online()

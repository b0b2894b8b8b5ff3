"""Alembic's entry: the application's engine and metadata, on SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import context
from flask import current_app

config = context.config
migrate = current_app.extensions["migrate"]
database = migrate.db


def run_offline() -> None:
    """Write SQL instead of running it (`flask db upgrade --sql`)."""
    url = database.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=database.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run migrations on the application's database."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=database.metadata, **migrate.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()

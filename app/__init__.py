"""Svyazka («Связка»): a school journal joined to a school messenger."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

from app import cli, reactions
from app.core import (
    background,
    config,
    cookies,
    dates,
    devices,
    errors,
    files,
    headers,
    language,
    logs,
    pace,
    pages,
    sizes,
    ticking,
    transaction,
    uploads,
)
from app.core.config import Settings
from app.core.db import db, migrate
from app.demo import commands as demo_commands
from app.demo import routes as demo_routes
from app.identity import pages as identity_pages
from app.identity import provider as identity_provider
from app.identity import provider_routes
from app.journal import blueprint as journal_blueprint
from app.journal import pages as journal_pages
from app.linking import routes as linking_routes
from app.membership import children, consequences
from app.messenger import photos, pwa
from app.messenger import routes as messenger_routes
from app.messenger.attachments import attaching
from app.messenger.routes import joining
from app.realtime import gateway as realtime_gateway
from app.realtime import server as realtime_server
from app.school import homework
from app.school.announcements import reading as announcement_reading

ROOT = Path(__file__).resolve().parents[1]
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site: a table of contents of the system."""
    settings = settings or Settings.from_env()
    logs.configure(settings.log_level)
    app = Flask(
        __name__,
        instance_path=str(settings.instance_path),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    config.install(app, settings)
    cookies.install(app)

    db.init_app(app)
    migrate.init_app(app, directory=str(ROOT / "migrations"))
    uploads.install(app)
    csrf.init_app(app)
    Htmx(app)
    background.install(app)
    files.install(app, settings)
    language.install(app)
    headers.install(app, settings)
    errors.install(app)
    pages.install(app)
    dates.install(app)
    sizes.install(app)
    devices.install(app)

    journal_pages.install(app)
    app.register_blueprint(journal_blueprint.bp)
    app.register_blueprint(identity_pages.bp)
    app.register_blueprint(provider_routes.api)
    csrf.exempt(provider_routes.api)  # called by programs, which prove themselves
    identity_provider.install(app, settings)
    app.register_blueprint(linking_routes.bp)
    app.register_blueprint(messenger_routes.bp)
    app.register_blueprint(joining.bp)
    app.register_blueprint(pwa.bp)
    consequences.install(app)
    attaching.install(app)
    children.install(app)
    realtime_server.install(app, settings)
    realtime_gateway.install()
    if settings.is_demo:
        app.register_blueprint(demo_routes.bp)
        app.cli.add_command(demo_commands.group)
    cli.install(app)

    pace.forget_all()
    with app.app_context():
        transaction.connect(reactions.TABLE)
        ticking.install(app, reactions.DUE)
        photos.install()
        files.claim(announcement_reading.still_needed)
        files.claim(homework.still_needed)
    return app

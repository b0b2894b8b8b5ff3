"""`flask demo load`: fill a demo site. Refuses anywhere else."""

from __future__ import annotations

import time

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.core.config import current_settings
from app.core.db import Model, db
from app.demo import loading
from app.demo.personas import PERSONAS
from app.messenger.chats.models import Chat
from app.messenger.messages.models import Message
from app.school.marks import Mark
from app.school.planning import LessonNote

group = AppGroup("demo", help="The demo school (SVYAZKA_MODE=demo only).")


@group.command("load")
def load() -> None:
    """Write the demo school, unless it is there."""
    if not current_settings().is_demo:
        raise click.ClickException("SVYAZKA_MODE is not demo: nothing written")
    if loading.is_loaded():
        loading.renew()
        click.echo("The demo school is already loaded; its next lessons by call are soon.")
        return
    began = time.monotonic()
    story = loading.load()
    seconds = time.monotonic() - began
    pupils = sum(len(row) for row in story.pupils.values())
    click.echo(
        f"{story.school.name}: {len(story.teachers)} teachers, {len(story.classes)} classes, "
        f"{pupils} pupils, {len(story.guardians)} parents, {_count(Mark)} marks, "
        f"{_count(LessonNote)} tasks for home, {_count(Message)} messages in {_count(Chat)} chats"
    )
    click.echo(f"Loaded in {seconds:.1f} s.")


def _count(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@group.command("who")
def who() -> None:
    """Print where to go and whom to sign in as."""
    base = current_settings().base_url
    click.echo(f"\n  {base}/demo/      personas, one click each")
    click.echo(f"  {base}/          the journal")
    click.echo(f"  {base}/demo/sms  the telephone: SMS codes arrive here\n")
    for persona in PERSONAS:
        click.echo(f"  {persona.login:<10} {loading.PASSWORD}   {persona.name}, {persona.who}")
    click.echo()

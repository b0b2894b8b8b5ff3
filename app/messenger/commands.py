"""`flask messenger …`: its files in order, and complaints that a school cannot decide."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import files
from app.messenger.attachments import attaching
from app.messenger.reports import commands as cases

group = AppGroup("messenger", help="Files of messages; complaints.")
group.add_command(cases.group)


@group.command("sweep")
def sweep() -> None:
    """Remove files that were uploaded and never sent, and bytes nobody names (run hourly)."""
    drafts = attaching.forget_old_drafts()
    click.echo(f"{drafts} drafts, {files.sweep()} orphaned files removed")

"""`flask messenger …`: keeping the messenger's files in order."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import files
from app.messenger.attachments import attaching

group = AppGroup("messenger", help="Files of messages.")


@group.command("sweep")
def sweep() -> None:
    """Remove files that were uploaded and never sent, and bytes nobody names (run hourly)."""
    drafts = attaching.forget_old_drafts()
    click.echo(f"{drafts} drafts, {files.sweep()} orphaned files removed")

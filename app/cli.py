"""The `flask` commands of every room."""

from __future__ import annotations

from flask import Flask

from app.identity import commands as identity_commands
from app.membership import commands as membership_commands
from app.messenger import commands as messenger_commands
from app.school import commands as school_commands


def install(app: Flask) -> None:
    """Register each room's command group."""
    app.cli.add_command(identity_commands.group)
    app.cli.add_command(membership_commands.group)
    app.cli.add_command(messenger_commands.group)
    app.cli.add_command(school_commands.group)

"""The `flask` commands of every room."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register each room's command group."""

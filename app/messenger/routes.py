"""Routes of the messenger."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("messenger", __name__, url_prefix="/im")

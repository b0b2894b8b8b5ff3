"""Routes of linking."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("linking", __name__, url_prefix="/link")

"""The one blueprint that all journal pages register on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("journal", __name__)

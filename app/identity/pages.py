"""All page modules: importing them registers their routes on the blueprint."""

from __future__ import annotations

from app.identity import (
    code_routes,
    elsewhere_routes,
    profile_routes,
    session_routes,
    shared_phone_routes,
)
from app.identity.routes import bp

PAGES = (code_routes, elsewhere_routes, profile_routes, session_routes, shared_phone_routes)
__all__ = ["PAGES", "bp"]

"""«Справка»: a guide per role."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_login import login_required

from app.journal import me
from app.journal.blueprint import bp


@bp.get("/help")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def help_page() -> Response:
    """How to sign in, link, find chats; by role."""
    return make_response(render_template("journal/help.html", described=me.described()))

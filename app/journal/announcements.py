"""«Объявления»."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_login import login_required

from app.journal.blueprint import bp


@bp.get("/announcements")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def announcements() -> Response:
    """The school has no announcements yet: they come with the journal's next version."""
    return make_response(render_template("journal/announcements.html"))

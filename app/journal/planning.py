"""«Планирование»: the teacher's load."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_login import current_user, login_required

from app.journal.blueprint import bp
from app.school import load


@bp.get("/planning")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def planning() -> Response:
    """The teacher's load: lessons a week by class and subject."""
    lines = load.load_of_teacher(current_user.person_id)
    return make_response(
        render_template(
            "journal/planning.html", lines=lines, total=sum(line.lessons for line in lines)
        )
    )

"""«Заявки»: diaries that people ask to connect. Administrators only."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for
from flask_login import current_user, login_required

from app.core.pages import go
from app.journal.blueprint import bp
from app.journal.people import only_administrators
from app.linking import diaries
from app.linking import diary_requests as kept
from app.school.regions import find_region


@bp.get("/requests")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def diary_requests() -> Response:
    """Open requests first, then those closed lately."""
    only_administrators()
    return make_response(
        render_template(
            "journal/connect/requests.html",
            requests=kept.requests_to_show(),
            region_of=find_region,
            registry=diaries.registry(),
        )
    )


@bp.post("/requests/<public_id>/close")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def close_diary_request(public_id: str) -> Response:
    """The request has been dealt with."""
    only_administrators()
    kept.close_request(
        public_id,
        person_id=current_user.person_id,
        actor=f"account:{current_user.public_id}",
    )
    return go(url_for("journal.diary_requests"))

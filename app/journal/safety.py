"""«Безопасность»: who may reach whom, in plain words, for whoever is in the journal."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_login import login_required
from sqlalchemy import select

from app.core.db import db
from app.identity.profiles import Profile
from app.journal import me
from app.journal.blueprint import bp
from app.messenger import direct, safety_words


@bp.get("/safety")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def safety() -> Response:
    """The table of the messenger; a linked parent sees whom the children talk with."""
    link = me.own_link()
    profile_id = link and db.session.scalar(
        select(Profile.id).where(Profile.public_id == link.subject)
    )
    return make_response(
        render_template(
            "journal/safety.html",
            parts=safety_words.parts(role.value for role in me.described().roles),
            acts=safety_words.ACT_WORDS,
            talks=direct.talks_of_children(profile_id) if profile_id else [],
        )
    )

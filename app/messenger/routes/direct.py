"""«Новый диалог», and the page «Безопасность»: who may reach whom."""

from __future__ import annotations

from flask import Response, request, url_for

from app.core.pages import go, wants_block
from app.messenger import direct as talking
from app.messenger import reach, safety_words
from app.messenger.chats.people import roles_of
from app.messenger.routes.frame import bp, me, page
from app.messenger.safety import Act


@bp.get("/direct")
def direct() -> Response:
    """People whom one may write to, by `q`; htmx asks for the dialogue, or for the rows alone."""
    query = request.args.get("q", "")
    rows_only = wants_block() and request.headers.get("HX-Target") == "people"
    return page(
        "messenger/direct.html",
        "people" if rows_only else "finding",
        query=query,
        people=reach.acquaintances(me().id, Act.DIRECT, query),
        most=reach.LONGEST_LIST,
    )


@bp.post("/direct")
def start_direct() -> Response:
    """Open the chat with `person`: the one there is, or a new one."""
    public_id = talking.start(me().id, request.form.get("person", ""))
    return go(url_for("messenger.chat", public_id=public_id))


@bp.get("/safety")
def safety() -> Response:
    """«Безопасность»: the table in plain words; a parent sees whom the children talk with."""
    return page(
        "messenger/safety.html",
        "chat",
        parts=safety_words.parts(roles_of(me().id)),
        acts=safety_words.ACT_WORDS,
        talks=talking.talks_of_children(me().id),
    )

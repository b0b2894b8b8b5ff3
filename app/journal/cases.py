"""«Обращения»: messages that people complained about, and deciding what happens. Administrators."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Conflict, Invalid
from app.core.pages import go, page_or_block
from app.journal import me
from app.journal.blueprint import bp
from app.journal.people import only_administrators
from app.messenger.reports import deciding
from app.messenger.reports.cases import (
    PAGE,
    complaints_of,
    lines_of,
    neighbours_of,
    now_of,
)
from app.messenger.reports.models import MAX_WORDS, Decision
from app.messenger.reports.words import DECISIONS, REASONS

DEEDS = {
    Decision.LEFT: lazy_gettext("Ничего не менять"),
    Decision.DELETED: lazy_gettext("Удалить сообщение у всех"),
    Decision.REMOVED: lazy_gettext("Удалить сообщение и исключить автора из чата"),
}


@bp.get("/cases")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def cases() -> Response:
    """Open ones, the longest waiting first; `show=decided`: the others. `after` asks for more."""
    only_administrators()
    asked = request.args.get("after", "0")
    offset = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    is_decided = request.args.get("show") == "decided"
    lines = lines_of(me.office(), is_decided=is_decided, offset=offset)
    return page_or_block(
        "journal/cases/list.html",
        "rows",
        lines=lines[:PAGE],
        further=offset + PAGE if len(lines) > PAGE else None,
        is_decided=is_decided,
        reasons=REASONS,
        decisions=DECISIONS,
    )


@bp.route("/cases/<public_id>", methods=["GET", "POST"])
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def case(public_id: str) -> Response:
    """The message, what stands around it, who complained; and the decision."""
    only_administrators()
    decision, answer = request.form.get("decision", ""), request.form.get("answer", "")
    problem, status = "", 200
    actor = f"account:{current_user.public_id}"
    if request.method == "POST":
        try:
            deciding.decide(me.office(), public_id, decision=decision, answer=answer, by=actor)
        except Invalid as refusal:
            problem, status = str(refusal.message), refusal.status
        except Conflict as refusal:  # another administrator was first, or a second click
            flash(str(refusal.message), "info")
            return go(url_for("journal.case", public_id=public_id))
        else:
            flash(gettext("Решение принято, тем, кто пожаловался, ответ уже виден"), "success")
            return go(url_for("journal.case", public_id=public_id))
    found = deciding.note_look(me.office(), public_id, by=actor)
    now = now_of(found)
    before, after = neighbours_of(found)
    return make_response(
        render_template(
            "journal/cases/one.html",
            case=found,
            now=now,
            before=before,
            after=after,
            complaints=complaints_of(found),
            deeds={deed: DEEDS[deed] for deed in deciding.open_decisions(now)},
            reasons=REASONS,
            decisions=DECISIONS,
            chosen=decision,
            answer=answer,
            problem=problem,
            max_words=MAX_WORDS,
        ),
        status,
    )

"""«Пожаловаться» about a message, and what came of one's own complaints."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from app.core.errors import Invalid
from app.core.pages import go, wants_block
from app.messenger.reports.answers import mark_seen, new_answers, reports_of
from app.messenger.reports.models import MAX_WORDS
from app.messenger.reports.reporting import report_message, report_of, reportable
from app.messenger.reports.words import DECISIONS, REASONS
from app.messenger.routes.actions import MESSAGE
from app.messenger.routes.frame import bp, me, page


@bp.route(f"{MESSAGE}/report", methods=["GET", "POST"])
def report(public_id: str, client_id: str) -> Response:
    """The form; or, once sent, what the person has said and what came of it."""
    reason, words = request.form.get("reason", ""), request.form.get("words", "")
    problem, status = "", 200
    if request.method == "POST":
        try:
            report_message(me().id, public_id, client_id, reason=reason, words=words)
        except Invalid as refusal:
            problem, status = str(refusal.message), refusal.status
        else:
            if not wants_block():
                return go(url_for("messenger.report", public_id=public_id, client_id=client_id))
    said = report_of(me().id, public_id, client_id)
    message = None if said else reportable(me().id, public_id, client_id)
    return page(
        "messenger/reports/report.html",
        "question",
        status=status,
        said=said,
        message=message,
        problem=problem,
        reason=reason,
        words=words,
        reasons=REASONS,
        decisions=DECISIONS,
        max_words=MAX_WORDS,
        here=url_for("messenger.report", public_id=public_id, client_id=client_id),
        back=url_for("messenger.chat", public_id=public_id),
    )


@bp.get("/reports")
def reports() -> Response:
    """One's own complaints; looking takes the note of new answers away."""
    found = reports_of(me().id)
    if any(one.is_new for one in found):
        mark_seen(me().id)
    return page(
        "messenger/reports/own.html",
        "chat",
        reports=found,
        reasons=REASONS,
        decisions=DECISIONS,
    )


@bp.get("/reports/answers")
def report_answers() -> str:
    """The note above the list of chats: there are new answers; empty when there are none."""
    return render_template("messenger/reports/_answers.html", new_answers=new_answers(me().id))

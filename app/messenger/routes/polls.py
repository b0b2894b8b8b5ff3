"""Polls: the form, the page of one poll, voting, ending it, and one's own answers."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, request, url_for

from app.core import tokens
from app.core.errors import Invalid
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.rights import Action
from app.messenger.polls import viewing, voting
from app.messenger.polls.ballots import ballot_of, is_over
from app.messenger.polls.children import children_of, counts_children
from app.messenger.polls.creating import MAX_ANSWER, MAX_QUESTION, MOST, Question, create_poll
from app.messenger.polls.ending import close_poll as close_poll_now
from app.messenger.routes.frame import bp, me, message_now, page


@bp.route("/chats/<public_id>/polls", methods=["GET", "POST"])
def new_poll(public_id: str) -> Response:
    """The form of a new poll, and asking."""
    own = chats_of(me().id).get(public_id)
    own.require(Action.WRITE)
    form = request.form
    client_id = form.get("client_id") or tokens.public_id()
    problem, status = "", 200
    asked = _question()
    if request.method == "POST":
        try:
            sent = create_poll(me().id, public_id, client_id, asked)
        except Invalid as refusal:
            problem, status = str(refusal.message), refusal.status
        else:
            return message_now(public_id, sent.message_id)
    return page(
        "messenger/new_poll.html",
        "question",
        status=status,
        chat=own,
        asked=asked,
        answers=[*asked.answers, *[""] * MOST][:MOST],
        client_id=client_id,
        problem=problem,
        counts_children=counts_children(own.id),
        max_question=MAX_QUESTION,
        max_answer=MAX_ANSWER,
        back=url_for("messenger.chat", public_id=public_id),
    )


@bp.get("/chats/<public_id>/polls/mine")
def own_votes(public_id: str) -> Response:
    """What the asking member has answered to the polls of these messages (`ids`)."""
    own = chats_of(me().id).get(public_id)
    ids = request.args.get("ids", "").split(",")
    return make_response(jsonify(viewing.own_votes(own, ids)))


@bp.get("/chats/<public_id>/polls/<client_id>")
def poll(public_id: str, client_id: str) -> Response:
    """One poll: the answers with who gave them, and the forms of this member."""
    own = chats_of(me().id).get(public_id)
    found, message = voting.poll_in(own, client_id)
    children = children_of(own.id, me().id) if found.per_child else ()
    ballots: dict[str, set[int]] = {
        child.key: viewing.votes_for(found.id, ballot_of(me().id, child.key)) for child in children
    }
    if not found.per_child:
        ballots[""] = viewing.votes_for(found.id, ballot_of(me().id))
    is_own = message.author_id == me().id
    return page(
        "messenger/poll.html",
        "question",
        chat=own,
        poll=viewing.polls_of([message.id])[message.id],
        children=children,
        ballots=ballots,
        voters=viewing.voters_of(found),
        may_vote=own.can(Action.WRITE) and not is_over(found),
        may_close=not is_over(found) and own.can(Action.WRITE if is_own else Action.DELETE_ANY),
        vote_url=url_for("messenger.vote", public_id=public_id, client_id=client_id),
        close_url=url_for("messenger.close_poll", public_id=public_id, client_id=client_id),
        back=url_for("messenger.chat", public_id=public_id),
    )


@bp.post("/chats/<public_id>/polls/<client_id>/vote")
def vote(public_id: str, client_id: str) -> Response:
    """Answer: `option` of the member itself, or `option:<child>` of each child named in `child`."""
    form = request.form
    children = form.getlist("child")
    if children:
        answers = {child: _positions(f"option:{child}") for child in children}
        message_id = voting.vote_for_children(me().id, public_id, client_id, answers)
    else:
        message_id = voting.vote(me().id, public_id, client_id, _positions("option"))
    return message_now(public_id, message_id)


@bp.post("/chats/<public_id>/polls/<client_id>/close")
def close_poll(public_id: str, client_id: str) -> Response:
    """End the poll now."""
    return message_now(public_id, close_poll_now(me().id, public_id, client_id))


def _positions(name: str) -> list[int]:
    """Positions of answers from outside; what is no number is refused."""
    values = [value for value in request.form.getlist(name) if value]
    if not all(value.isdecimal() and len(value) < 4 for value in values):
        raise Invalid(voting.NO_POLL)
    return [int(value) for value in values]


def _question() -> Question:
    form: Any = request.form
    is_new = request.method == "GET"
    return Question(
        text=form.get("question", ""),
        answers=form.getlist("answer"),
        is_multiple=bool(form.get("many")),
        is_anonymous=is_new or bool(form.get("anonymous")),
        may_revote=is_new or bool(form.get("revote")),
        per_child=bool(form.get("per_child")),
        closes=form.get("closes", ""),
    )

"""«Создать чат»: the steps of making one by hand, finding people, and the settings block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request, url_for

from app.core import tokens
from app.core.errors import Invalid, Problem
from app.core.pages import go
from app.core.uploads import accepts_files
from app.messenger.chats import administration, picking, presets, rights_form
from app.messenger.chats.creating import MAX_TITLE, create_chat
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.rights import Action, MemberRole, Permissions
from app.messenger.photos import store_photo
from app.messenger.routes.frame import bp, me, page

FIND = "find"
RIGHTS = "rights"


@bp.get("/new")
def new_chat() -> Response:
    """The form, with the recommended settings chosen."""
    return _form(permissions=presets.ROWS[presets.RECOMMENDED])


@bp.post("/new")
@accepts_files()
def create() -> Response:
    """Make the chat. Without script the same form also finds people and recounts."""
    form = request.form
    permissions = rights_form.read(form)
    people = form.getlist("people")
    typed: dict[str, Any] = {
        "permissions": permissions,
        "title": form.get("title", ""),
        "draft": form.get("draft"),
        "people": people,
    }
    if form.get("do") in (FIND, RIGHTS):
        return _form(**typed, search=form.get("q", ""))
    try:
        photo_key = store_photo(request.files.get("photo"))
    except Invalid as problem:
        return _form(**typed, problem=problem.message, is_photo_wrong=True, status=422)
    try:
        chat = create_chat(
            me().id,
            title=form.get("title", ""),
            people=people,
            permissions=permissions,
            draft=form.get("draft", ""),
            photo_key=photo_key,
        )
    except Problem as problem:
        return _form(
            **typed,
            problem=problem.message,
            is_title_wrong=isinstance(problem, Invalid),
            status=422,
        )
    return go(url_for("messenger.chat", public_id=chat.public_id))


@bp.get("/people")
def people() -> str:
    """Whom one may add, by name; `chat` leaves out its members."""
    besides = None
    if request.args.get("chat"):
        chat = chats_of(me().id).get(request.args["chat"])
        chat.require(Action.INVITE)
        besides = chat.id
    search = request.args.get("q", "")
    return render_template(
        "messenger/making/_found.html",
        found=picking.found(me().id, search, besides),
        search=search,
        chosen=(),
    )


@bp.post("/rights")
def rights() -> str:
    """The settings block for what is chosen in it: of a chat, or of one being made."""
    if request.form.get("chat"):
        chat = chats_of(me().id).get(request.form["chat"])
        chat.require(Action.SET_RIGHTS)
        roles = administration.roles_in(chat.id)
    else:
        roles = _future_roles(request.form.getlist("people"))
    view = rights_form.show(rights_form.read(request.form), roles)
    return render_template("messenger/making/_rights.html", rights=view)


def _form(
    *,
    permissions: Permissions,
    title: str = "",
    draft: str | None = None,
    people: Sequence[str] = (),
    search: str = "",
    problem: object = "",
    is_title_wrong: bool = False,
    is_photo_wrong: bool = False,
    status: int = 200,
) -> Response:
    chosen = picking.picked(me().id, people)
    context: dict[str, Any] = {
        "rights": rights_form.show(permissions, _future_roles([pick.public_id for pick in chosen])),
        "title": title,
        "max_title": MAX_TITLE,
        "draft": draft or tokens.public_id(),
        "chosen": chosen,
        "found": picking.found(me().id, search),
        "find": search,
        "problem": problem,
        "is_title_wrong": is_title_wrong,
        "is_photo_wrong": is_photo_wrong,
    }
    return page("messenger/making/new.html", "making", status=status, **context)


def _future_roles(people: Sequence[str]) -> dict[MemberRole, int]:
    return {MemberRole.CREATOR: 1, MemberRole.MEMBER: len(set(people))}

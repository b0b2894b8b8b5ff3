"""«О чате»: who is in it and what one may do to them, the settings, leaving, the archive."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext

from app.core.errors import Denied, Invalid, Missing
from app.core.pages import go, wants_block
from app.core.serving import send_stored
from app.core.uploads import accepts_files
from app.messenger import photos
from app.messenger.chats import administration, editing, picking, rights_form
from app.messenger.chats.creating import MAX_TITLE
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.people import participants_of, roles_of
from app.messenger.chats.rights import Action, ChatKind, permissions_of
from app.messenger.chats.seen import seen_in
from app.messenger.invites.joining import waiting_in
from app.messenger.photos import store_photo
from app.messenger.reach import folded
from app.messenger.routes.frame import bp, me, messages_context, page

DEEDS = {
    "appoint": administration.appoint,
    "dismiss": administration.dismiss,
    "remove": administration.remove,
    "hand-over": administration.hand_over,
}


@bp.get("/chats/<public_id>/members")
def members(public_id: str) -> Response:
    """What the chat is, and who is in it; `who` keeps the names that contain it."""
    own = chats_of(me().id).get(public_id)
    wanted = request.args.get("who", "")
    people = participants_of(own)
    return _pane(
        "messenger/members.html",
        own,
        people=[person for person in people if folded(wanted) in folded(person.name)],
        members_count=len(people),
        who=wanted,
        asking=waiting_in(own.id) if own.can(Action.ADMIT) else [],
        right_rows=rights_form.rows_of(permissions_of(own.member)),
        is_automatic=own.member.kind is ChatKind.AUTO,
    )


@bp.get("/chats/<public_id>/heading")
def heading(public_id: str) -> str:
    """The chat's name, photo and count for its head, after a change."""
    own = chats_of(me().id).get(public_id)
    peer_roles = roles_of(own.peer_id) if own.peer_id else ()
    seen = seen_in(own) if own.can(Action.SEE_MEMBERS) else None
    return render_template("messenger/_heading.html", chat=own, peer_roles=peer_roles, seen=seen)


@bp.get("/chats/<public_id>/photo")
def photo(public_id: str) -> Response:
    """The chat's photo, for those who are or were in it."""
    key = chats_of(me().id).get(public_id).photo_key
    if key is None:
        raise Missing(lazy_gettext("У этого чата нет фотографии."))
    return send_stored(key, name="photo.webp", content_type=photos.CONTENT_TYPE, inline=True)


@bp.route("/chats/<public_id>/members/<who>", methods=["GET", "POST"])
def member(public_id: str, who: str) -> Response:
    """What one may do to a member, and doing it."""
    own = chats_of(me().id).get(public_id)
    if request.method == "POST":
        do = DEEDS.get(request.form.get("deed", ""))
        if do is None:
            raise Invalid(
                lazy_gettext("Это действие не понято. Откройте список участников заново.")
            )
        do(me().id, public_id, who)
        return _back_to_members(public_id)
    own.require(Action.SEE_MEMBERS)
    target = administration.target_in(own, who)
    return _question(
        "messenger/about/member.html",
        own,
        target=target,
        may={
            "appoint": administration.may_appoint(own, target),
            "dismiss": administration.may_dismiss(own, target),
            "hand-over": administration.may_hand_over(own, target),
            "remove": administration.may_remove(own, target),
        },
    )


@bp.route("/chats/<public_id>/add", methods=["GET", "POST"])
def add(public_id: str) -> Response:
    """«Добавить участников»."""
    own = chats_of(me().id).get(public_id)
    own.require(Action.INVITE)
    people = request.form.getlist("people")
    if request.method == "POST" and request.form.get("do") != "find":
        if not people:
            raise Invalid(lazy_gettext("Выберите, кого добавить."))
        administration.add_people(me().id, public_id, people)
        return _back_to_members(public_id)
    return _question(
        "messenger/about/add.html",
        own,
        chosen=picking.picked(me().id, people),
        found=picking.found(me().id, request.form.get("q", ""), own.id),
        find=request.form.get("q", ""),
    )


@bp.route("/chats/<public_id>/leave", methods=["GET", "POST"])
def leave(public_id: str) -> Response:
    """«Выйти из чата»: the question, and doing it."""
    own = chats_of(me().id).get(public_id)
    if request.method == "POST":
        administration.leave(me().id, public_id)
        return go(url_for("messenger.chats"))
    own.require(Action.LEAVE)
    return _question("messenger/about/leave.html", own)


@bp.route("/chats/<public_id>/archive", methods=["GET", "POST"])
def archive(public_id: str) -> Response:
    """To the archive, and back: the question, and doing it."""
    own = chats_of(me().id).get(public_id)
    if request.method == "POST":
        is_archived = request.form.get("archived") == "yes"
        administration.archive(me().id, public_id, is_archived=is_archived)
        return go(url_for("messenger.chat", public_id=public_id))
    own.require(Action.ARCHIVE)
    return _question("messenger/about/archive.html", own)


@bp.get("/chats/<public_id>/settings")
def settings(public_id: str) -> Response:
    """The settings of a chat: what is shown to others, appearance, the eight rows."""
    own = chats_of(me().id).get(public_id)
    return _settings(own)


@bp.post("/chats/<public_id>/settings/info")
@accepts_files()
def set_info(public_id: str) -> Response:
    """Name, description and photo."""
    own = chats_of(me().id).get(public_id)
    own.require(Action.EDIT_INFO)
    typed = {key: request.form.get(key, "") for key in ("title", "description")}
    try:
        photo_key = store_photo(request.files.get("photo"))
        editing.edit_info(me().id, public_id, photo_key=photo_key, **typed)
    except Invalid as problem:
        return _settings(own, typed=typed, problem=problem.message, status=422)
    return _saved(public_id)


@bp.post("/chats/<public_id>/settings/photo/remove")
def remove_photo(public_id: str) -> Response:
    """No photo any more: the letters of the name."""
    editing.remove_photo(me().id, public_id)
    return _saved(public_id)


@bp.post("/chats/<public_id>/settings/appearance")
def set_appearance(public_id: str) -> Response:
    """One of the themes, for everybody in the chat."""
    editing.set_theme(me().id, public_id, request.form.get("theme", ""))
    return _saved(public_id)


@bp.post("/chats/<public_id>/settings/rights")
def set_rights(public_id: str) -> Response:
    """The eight rows; without script also a recount of what is chosen."""
    permissions = rights_form.read(request.form)
    if request.form.get("do") == "rights":
        own = chats_of(me().id).get(public_id)
        own.require(Action.SET_RIGHTS)
        return _settings(own, rights=rights_form.show(permissions, administration.roles_in(own.id)))
    editing.set_permissions(me().id, public_id, permissions)
    return _saved(public_id)


def _saved(public_id: str) -> Response:
    if wants_block():
        return _settings(chats_of(me().id).get(public_id), is_saved=True)
    return go(url_for("messenger.settings", public_id=public_id))


def _settings(own: OwnChat, *, status: int = 200, **more: Any) -> Response:
    may = {
        action: own.can(action)
        for action in (Action.EDIT_INFO, Action.CHANGE_APPEARANCE, Action.SET_RIGHTS)
    }
    if not any(may.values()):
        raise Denied(lazy_gettext("Настройки этого чата меняют другие его участники."))
    context = {
        "typed": {"title": own.title, "description": own.description},
        "problem": "",
        "is_saved": False,
        "rights": rights_form.show(permissions_of(own.member), administration.roles_in(own.id)),
        "right_rows": rights_form.rows_of(permissions_of(own.member)),
    }
    return _pane(
        "messenger/about/settings.html",
        own,
        status=status,
        may=may,
        themes=editing.THEME_WORDS,
        max_title=MAX_TITLE,
        max_description=editing.MAX_DESCRIPTION,
        is_automatic=own.member.kind is ChatKind.AUTO,
        **(context | more),
    )


def _pane(template: str, own: OwnChat, *, status: int = 200, **context: Any) -> Response:
    """Beside the chat on a whole page; alone for htmx."""
    around = {} if wants_block() else messages_context(own) | {"reply": None}
    return page(template, "info", status=status, chat=own, **(around | context))


def _question(template: str, own: OwnChat, **context: Any) -> Response:
    return page(template, "question", chat=own, **context)


def _back_to_members(public_id: str) -> Response:
    return go(url_for("messenger.members", public_id=public_id))

"""The link of a chat and its QR code, for members; and who waits to be let in."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext

from app.core import clock
from app.core.errors import Missing
from app.core.pages import go, wants_block
from app.messenger.chats.lookup import OwnChat, chats_of
from app.messenger.chats.rights import Action
from app.messenger.invites import joining, making
from app.messenger.invites.links import address_of
from app.messenger.invites.making import Terms
from app.messenger.invites.models import Invite
from app.messenger.routes.frame import bp, me, messages_context, page

DARK = "#19202a"


@bp.get("/chats/<public_id>/invite")
def invite(public_id: str) -> Response:
    """The link, its QR code and its terms."""
    return _pane(_seeing(public_id))


@bp.post("/chats/<public_id>/invite")
def save_invite(public_id: str) -> Response:
    """Make the link, or change its terms."""
    form = request.form
    terms = Terms(
        role=form.get("role", Terms.role),
        lifetime=form.get("lifetime", Terms.lifetime),
        uses=form.get("uses", Terms.uses),
        needs_approval=form.get("approval") == "yes",
    )
    making.save_invite(me().id, public_id, terms)
    return _done(public_id)


@bp.post("/chats/<public_id>/invite/renew")
def renew_invite(public_id: str) -> Response:
    """A new link instead of the old one."""
    making.renew_invite(me().id, public_id)
    return _done(public_id)


@bp.post("/chats/<public_id>/invite/annul")
def annul_invite(public_id: str) -> Response:
    """No link any more."""
    making.annul_invite(me().id, public_id)
    return _done(public_id)


@bp.get("/chats/<public_id>/invite/qr.<kind>")
def invite_qr(public_id: str, kind: str) -> Response:
    """The QR code as a picture: SVG or PNG; `save` in the address downloads it."""
    if kind not in ("svg", "png"):
        raise Missing(lazy_gettext("Есть только SVG и PNG."))
    found = _existing(_seeing(public_id))
    out = io.BytesIO()
    code = segno.make(address_of(found), error="m", micro=False)
    code.save(out, kind=kind, scale=8 if kind == "svg" else 20, border=2, dark=DARK, light="#fff")
    response = make_response(out.getvalue())
    response.content_type = "image/svg+xml" if kind == "svg" else "image/png"
    response.headers["Cache-Control"] = "private, no-store"
    if "save" in request.args:
        response.headers.set("Content-Disposition", "attachment", filename=f"qr-{public_id}.{kind}")
    return response


@bp.get("/chats/<public_id>/invite/print")
def print_invite(public_id: str) -> str:
    """A sheet for the wall or for a parents' meeting."""
    own = _seeing(public_id)
    found = _existing(own)
    return render_template(
        "messenger/join/print.html", chat=own, invite=found, address=address_of(found)
    )


@bp.post("/chats/<public_id>/requests/<who>")
def answer_request(public_id: str, who: str) -> Response:
    """«Впустить» or «Отклонить»."""
    is_let_in = request.form.get("answer") == "yes"
    joining.decide(me().id, public_id, who, is_let_in=is_let_in)
    return go(url_for("messenger.members", public_id=public_id))


def _seeing(public_id: str) -> OwnChat:
    own = chats_of(me().id).get(public_id)
    own.require(Action.SEE_LINK)
    return own


def _existing(own: OwnChat) -> Invite:
    found = making.living_invite(own.id)
    if found is None:
        raise Missing(lazy_gettext("У чата сейчас нет ссылки-приглашения."))
    return found


def _done(public_id: str) -> Response:
    if wants_block():
        return _pane(_seeing(public_id))
    return go(url_for("messenger.invite", public_id=public_id))


def _pane(own: OwnChat) -> Response:
    found = making.living_invite(own.id)
    around: dict[str, Any] = {} if wants_block() else messages_context(own) | {"reply": None}
    return page(
        "messenger/about/invite.html",
        "info",
        chat=own,
        invite=found,
        address=address_of(found) if found else "",
        is_late=bool(found and found.expires_at and found.expires_at <= clock.now()),
        is_used_up=bool(found and found.most_uses and found.uses >= found.most_uses),
        lifetimes=making.LIFETIMES,
        uses=making.USES,
        **around,
    )

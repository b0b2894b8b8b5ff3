"""Files of messages: uploading a draft, taking it back, and every byte that is sent out."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request, url_for

from app.core.errors import Missing
from app.core.pages import go, wants_block
from app.core.serving import send_stored
from app.core.uploads import accepts_files, bare_body
from app.messenger.attachments import uploading
from app.messenger.attachments.models import AttachmentKind
from app.messenger.attachments.uploading import Measured
from app.messenger.attachments.viewing import NO_FILE, bytes_of
from app.messenger.routes.frame import bp, me


@bp.post("/chats/<public_id>/files")
@accepts_files()
def upload(public_id: str) -> Response:
    """A file as the bare body; its name and what the browser measured are in the address."""
    asked = request.args
    draft = uploading.upload(
        me().id,
        public_id,
        bare_body(),
        name=asked.get("name", ""),
        measured=Measured(
            is_voice=asked.get("voice") == "yes",
            width=asked.get("width", 0, int),
            height=asked.get("height", 0, int),
            duration=asked.get("duration", 0, int),
            peaks=asked.get("peaks", ""),
        ),
    )
    return make_response(
        jsonify(id=draft.id, kind=draft.kind.value, name=draft.name, size=draft.size), 201
    )


@bp.post("/chats/<public_id>/files/<attachment>/discard")
def discard(public_id: str, attachment: str) -> Response:
    """Take a draft back."""
    uploading.discard(me().id, public_id, attachment)
    if wants_block():
        return make_response("", 204)
    return go(url_for("messenger.chat", public_id=public_id))


@bp.get("/chats/<public_id>/files/<attachment>")
def file(public_id: str, attachment: str) -> Response:
    """The bytes; `save` asks the browser to save what it could show."""
    found = bytes_of(me().id, public_id, attachment)
    is_shown = found.kind is not AttachmentKind.DOCUMENT and "save" not in request.args
    return send_stored(found.key, name=found.name, content_type=found.content_type, inline=is_shown)


@bp.get("/chats/<public_id>/files/<attachment>/thumb")
def thumb(public_id: str, attachment: str) -> Response:
    """The small copy of a photo."""
    found = bytes_of(me().id, public_id, attachment)
    if found.thumb_key is None:
        raise Missing(NO_FILE)
    return send_stored(
        found.thumb_key, name=found.name, content_type=found.content_type, inline=True
    )

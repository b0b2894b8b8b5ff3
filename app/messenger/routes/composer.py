"""The composer's form, read once for every way to send what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Response, request

from app.core import tokens
from app.core.errors import Invalid
from app.core.pages import wants_block
from app.messenger.attachments.uploading import Measured, upload
from app.messenger.routes.frame import chat_page, me

Done = TypeVar("Done")


def from_composer(
    public_id: str, send: Callable[..., Done], answer: Callable[[Done], Response]
) -> Response:
    """`send` what was written to the chat (as `send_message`), and `answer` with what it returns.

    What is refused comes back in the composer with the reason; a script keeps it itself.
    """
    form = request.form
    text, reply_to = form.get("text", ""), form.get("reply_to", "")
    client_id = form.get("client_id") or tokens.public_id()
    try:
        done = send(
            me().id,
            public_id,
            client_id,
            text,
            reply_to=reply_to,
            attachments=_attached(public_id),
        )
    except Invalid as problem:
        if wants_block():
            raise
        return chat_page(
            public_id, status=problem.status, text=text, reply_to=reply_to, problem=problem.message
        )
    return answer(done)


def _attached(public_id: str) -> list[str]:
    """The drafts that the form names, and those of files that came in it (no script).

    Raises:
        Invalid: a file is refused.
    """
    drafts = [draft for draft in request.form.get("attachments", "").split(",") if draft]
    for file in filter(None, request.files.getlist("files")):
        name = file.filename or ""
        drafts.append(upload(me().id, public_id, file.stream, name=name, measured=Measured()).id)
    return drafts

"""«Вложения» beside a chat: photos and videos, documents, voices, links."""

from __future__ import annotations

from flask import Response, request
from flask_babel import lazy_gettext

from app.core.pages import wants_block
from app.messenger.attachments.gallery import Shelf, kept_in
from app.messenger.chats.lookup import chats_of
from app.messenger.routes.frame import bp, me, messages_context, page, seq_from

SHELVES = {
    Shelf.MEDIA: lazy_gettext("Фото и видео"),
    Shelf.DOCUMENTS: lazy_gettext("Файлы"),
    Shelf.VOICE: lazy_gettext("Голосовые"),
    Shelf.LINKS: lazy_gettext("Ссылки"),
}
EMPTY = {
    Shelf.MEDIA: lazy_gettext("Фото и видео пока не присылали"),
    Shelf.DOCUMENTS: lazy_gettext("Файлов пока не присылали"),
    Shelf.VOICE: lazy_gettext("Голосовых сообщений пока нет"),
    Shelf.LINKS: lazy_gettext("Ссылок пока не присылали"),
}
ICONS = {
    Shelf.MEDIA: "picture_outline_28",
    Shelf.DOCUMENTS: "document_outline_28",
    Shelf.VOICE: "voice_outline_28",
    Shelf.LINKS: "link_outline_28",
}


@bp.get("/chats/<public_id>/kept")
def kept(public_id: str) -> Response:
    """One kind (`what`), the newest first; `before` asks for older ones."""
    own = chats_of(me().id).get(public_id)
    asked = request.args.get("what", "")
    shelf = Shelf(asked) if asked in set(Shelf) else Shelf.MEDIA
    before = request.args.get("before")
    found = kept_in(own, shelf, seq_from(before) if before else None)
    is_more = wants_block() and before
    return page(
        "messenger/kept/kept.html",
        "rows" if is_more else "shelf",
        chat=own,
        shelf=shelf,
        shelves=SHELVES,
        found=found,
        empty=EMPTY,
        icons=ICONS,
        **({} if wants_block() else messages_context(own)),
    )

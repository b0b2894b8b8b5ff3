"""The photo of a chat: one small square picture, made anew from whatever was uploaded.

Nothing of the original is kept: no place, no camera, no hidden bytes.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from flask_babel import lazy_gettext
from PIL import Image, ImageOps
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.core import files
from app.core.config import current_settings
from app.core.db import db
from app.core.errors import Invalid
from app.core.native import in_thread
from app.messenger.chats.models import Chat

SIDE = 320
CONTENT_TYPE = "image/webp"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MOST_PIXELS = 50_000_000


def store_photo(upload: FileStorage | None) -> str | None:
    """Store the picture of a form's file field; returns its key, or None when none was chosen.

    Call it outside a transaction: it writes a file. A key that no chat names is swept away.

    Raises:
        Invalid: it is no picture, or too large.
    """
    if upload is None or not upload.filename:
        return None
    with files.received(upload.stream, limit=current_settings().max_file_size) as received:
        made = files.temporary()
        try:
            in_thread(_remake, received.path, made)
            return files.keep(made)
        finally:
            made.unlink(missing_ok=True)


def named_photos(keys: Collection[str]) -> Collection[str]:
    """Of these keys, those that a chat still shows (the file store's question)."""
    rows = db.session.scalars(select(Chat.photo_key).where(Chat.photo_key.in_(keys)))
    return [key for key in rows if key is not None]


def install() -> None:
    """Tell the file store which files are chats' photos."""
    files.claim(named_photos)


def _remake(source: Path, target: Path) -> None:
    """A square of the middle, upright, without anything else that was in the file."""
    try:
        with Image.open(source, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Invalid(lazy_gettext("Фотография слишком большая. Выберите другую."))
            opened.draft("RGB", (SIDE * 2, SIDE * 2))
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
        square = ImageOps.fit(picture, (SIDE, SIDE), Image.Resampling.LANCZOS)
        plain = Image.new("RGB", square.size, "white")
        plain.paste(square, mask=square)
        plain.save(target, "WEBP", quality=82)
    except Invalid:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid(
            lazy_gettext("Это не похоже на фотографию. Подойдёт JPEG, PNG или WebP.")
        ) from None

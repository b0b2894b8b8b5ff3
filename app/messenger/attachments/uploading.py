"""Uploading: a file becomes a draft of its author in one chat, to be sent with a message."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import func, select

from app.core import files, throttle
from app.core.config import current_settings
from app.core.db import db
from app.core.errors import Conflict, Invalid, Missing, TooMany
from app.core.file_types import FileKind, FileType, file_name, file_type
from app.core.files import Readable, Received
from app.core.native import in_thread
from app.core.sizes import size_words
from app.core.throttle import Limit
from app.core.transaction import publish, writing
from app.messenger.attachments.models import Attachment, AttachmentKind
from app.messenger.attachments.photos import redraw
from app.messenger.attachments.places import wipe_place
from app.messenger.attachments.viewing import NO_FILE
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.rights import Action
from app.messenger.facts import FilesForgotten

PEAKS = re.compile(r"[0-9a-v]{0,64}")
LONGEST = 12 * 3600 * 1000
UPLOADS = Limit(100, dt.timedelta(minutes=10))
VOICE_TYPES = {
    "video/webm": "audio/webm",
    "video/mp4": "audio/mp4",
    "audio/mp4": "audio/mp4",
    "audio/ogg": "audio/ogg",
}
"""What browsers record (MediaRecorder), by what its content looks like."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the author's browser says of a file that the server does not unpack: it is only used to
    draw it. `duration` is in milliseconds; `peaks` are of a voice.
    """

    is_voice: bool = False
    width: int = 0
    height: int = 0
    duration: int = 0
    peaks: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A stored attachment that waits for its message."""

    id: str
    kind: AttachmentKind
    name: str
    size: int


@dataclass(frozen=True)
class _Prepared:
    """What goes to the store: the file, and its small copy."""

    type_: FileType
    path: Path
    thumb: Path | None
    measured: Measured


def upload(profile_id: int, chat: str, stream: Readable, *, name: str, measured: Measured) -> Draft:
    """Store a file for the next message of this profile in the chat.

    No transaction is open while the bytes come in: that may take minutes.

    Raises:
        Missing, Denied: as `chats_of` and `Action.WRITE` say.
        Invalid: too large, empty, broken, or of a type that is not sent.
        Conflict: the chat has no room left. TooMany: uploads come too fast.
    """
    settings = current_settings()
    _check(profile_id, chat, 0)
    throttle.record(f"upload:{profile_id}")
    db.session.rollback()  # the connection goes back to the pool
    with (
        files.received(stream, limit=settings.max_file_size) as received,
        _prepared(received, name, measured) as ready,
    ):
        size = ready.path.stat().st_size
        _check(profile_id, chat, size)
        db.session.rollback()
        key = files.keep(ready.path)
        thumb_key = files.keep(ready.thumb) if ready.thumb else None
    try:
        return _store(profile_id, chat, ready, name=name, size=size, keys=(key, thumb_key))
    except BaseException:
        for one in filter(None, (key, thumb_key)):
            files.delete(one)
        raise


def discard(profile_id: int, chat: str, attachment: str) -> None:
    """The author takes a draft back; its bytes go.

    Raises:
        Missing: there is no such draft of this profile (any more).
    """
    with writing() as session:
        own = chats_of(profile_id).get(chat)
        draft = session.scalar(
            select(Attachment).where(
                Attachment.chat_id == own.id,
                Attachment.public_id == attachment,
                Attachment.author_id == profile_id,
                Attachment.message_id.is_(None),
            )
        )
        if draft is None:
            raise Missing(NO_FILE)
        session.delete(draft)
        publish(FilesForgotten(tuple(filter(None, (draft.key, draft.thumb_key)))))


def _check(profile_id: int, chat: str, size: int) -> int:
    """The chat's id, if the profile may write there and `size` more bytes fit."""
    own = chats_of(profile_id).get(chat)
    own.require(Action.WRITE)
    wait = throttle.seconds_to_wait(f"upload:{profile_id}", UPLOADS)
    if not size and wait:
        raise TooMany(
            lazy_gettext("Слишком много файлов сразу. Подождите несколько минут."), retry_after=wait
        )
    quota = current_settings().chat_quota
    used = db.session.scalar(
        select(func.coalesce(func.sum(Attachment.size), 0)).where(Attachment.chat_id == own.id)
    )
    if (used or 0) + size > quota:
        raise Conflict(
            lazy_gettext(
                "В этом чате закончилось место для файлов (%(quota)s). Удалите ненужные.",
                quota=size_words(quota),
            )
        )
    return own.id


def _store(
    profile_id: int,
    chat: str,
    ready: _Prepared,
    *,
    name: str,
    size: int,
    keys: tuple[str, str | None],
) -> Draft:
    with writing() as session:
        attachment = Attachment(
            chat_id=_check(profile_id, chat, size),
            author_id=profile_id,
            kind=_kind(ready),
            name=file_name(name, ready.type_),
            content_type=ready.type_.content_type,
            size=size,
            key=keys[0],
            thumb_key=keys[1],
            width=ready.measured.width or None,
            height=ready.measured.height or None,
            duration=ready.measured.duration or None,
            peaks=ready.measured.peaks,
        )
        session.add(attachment)
        session.flush()
        return Draft(id=attachment.public_id, kind=attachment.kind, name=attachment.name, size=size)


def _kind(ready: _Prepared) -> AttachmentKind:
    return AttachmentKind.VOICE if ready.measured.is_voice else AttachmentKind(ready.type_.kind)


@contextmanager
def _prepared(received: Received, name: str, measured: Measured) -> Iterator[_Prepared]:
    """The file fit for keeping; what is not kept is gone at the end."""
    type_ = in_thread(file_type, received.path, name)
    measured = _believed(measured)
    if measured.is_voice:
        if type_.content_type not in VOICE_TYPES:
            raise Invalid(lazy_gettext("Голосовое сообщение не записалось. Попробуйте ещё раз."))
        served = VOICE_TYPES[type_.content_type]
        voice = FileType(
            FileKind.AUDIO, served, "m4a" if served == "audio/mp4" else type_.extension
        )
        yield _Prepared(voice, received.path, None, measured)
    elif type_.kind is FileKind.PHOTO:
        photo, thumb = files.temporary(), files.temporary()
        try:
            picture = in_thread(redraw, received.path, photo, thumb)
            drawn = FileType(FileKind.PHOTO, picture.content_type, picture.extension)
            size = replace(measured, width=picture.width, height=picture.height)
            yield _Prepared(drawn, photo, thumb, size)
        finally:
            photo.unlink(missing_ok=True)
            thumb.unlink(missing_ok=True)
    else:
        if type_.kind is FileKind.VIDEO:
            in_thread(wipe_place, received.path)
        yield _Prepared(type_, received.path, None, measured)


def _believed(measured: Measured) -> Measured:
    """Only what can be: the numbers come from outside."""
    peaks = measured.peaks if measured.is_voice and PEAKS.fullmatch(measured.peaks) else ""
    sides = (measured.width, measured.height)
    width, height = sides if all(0 < side <= 10_000 for side in sides) else (0, 0)
    duration = measured.duration if 0 < measured.duration <= LONGEST else 0
    return replace(measured, width=width, height=height, duration=duration, peaks=peaks)

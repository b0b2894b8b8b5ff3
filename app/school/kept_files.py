"""Files of a form, put into the file store before the row that names them is written.

The row is of a `KeptFile`: its owner (announcement, homework) adds whose it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from flask_babel import LazyString
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from app.core import files, tokens
from app.core.config import current_settings
from app.core.db import Model
from app.core.errors import Invalid
from app.core.file_types import file_name, file_type


@dataclass(frozen=True)
class Kept:
    """An upload that lies in the file store."""

    key: str
    name: str
    content_type: str
    size: int


class KeptFile(Model):
    """The columns of a table whose rows name a file: its bytes are in the store under `key`."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=tokens.public_id)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column()

    @classmethod
    def of(cls, file: Kept) -> Self:
        """A row for this upload."""
        return cls(key=file.key, name=file.name, content_type=file.content_type, size=file.size)


def keep_files(uploads: Sequence[FileStorage], *, most: int, too_many: LazyString) -> list[Kept]:
    """Put the form's files into the store; when one is refused, none stays.

    Raises:
        Invalid: more than `most` (says `too_many`), too large, or of a type that is not taken.
    """
    chosen = [upload for upload in uploads if upload.filename]
    if len(chosen) > most:
        raise Invalid(too_many)
    kept: list[Kept] = []
    try:
        for upload in chosen:
            kept.append(_keep(upload))
    except BaseException:
        forget_files(kept)
        raise
    return kept


def forget_files(kept: Collection[Kept]) -> None:
    """What they belong to was not stored: the files go."""
    for file in kept:
        files.delete(file.key)


def _keep(upload: FileStorage) -> Kept:
    limit = current_settings().max_file_size
    with files.received(upload.stream, limit=limit) as received:
        name = upload.filename or ""
        type_ = file_type(received.path, name)
        return Kept(
            files.keep(received.path), file_name(name, type_), type_.content_type, received.size
        )

"""The file store: bytes under unguessable keys, in a folder or in any storage that fsspec knows.

Whose the bytes are and who may read them is the business of their owner (attachments of messages,
homework): it keeps the key in a row of its own and says with `claim` which keys it still needs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import fsspec
import structlog
from flask import Flask, current_app
from flask_babel import lazy_gettext

from app.core import clock, tokens
from app.core.config import Settings
from app.core.errors import Invalid, Missing
from app.core.native import Result, in_thread, run_foreign_loop
from app.core.sizes import size_words

CHUNK = 64 * 1024
KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{48}")
EXTENSION_KEY = "svyazka.files"
ORPHAN_AGE = dt.timedelta(days=1)

log = structlog.get_logger(__name__)
# Of these keys, those that a row still names.
Claim = Callable[[Collection[str]], Collection[str]]


class Readable(Protocol):
    """What an upload is read from: a request's stream, a form's file, an open file."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class StoredFile:
    """A file in the store: its key, its size in bytes and the SHA-256 of its content (hex)."""

    key: str
    size: int
    digest: str


@dataclass(frozen=True)
class Received:
    """An upload in a temporary place, to be looked at before it is kept."""

    path: Path
    size: int
    digest: str


class FileStore:
    """One storage: `url` is any address that fsspec understands, by default a local folder."""

    def __init__(self, settings: Settings) -> None:
        self.incoming = settings.instance_path / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        url = settings.files_url or (settings.instance_path / "files").as_uri()
        if settings.files_url:
            run_foreign_loop()
        self.fs, self._root = fsspec.core.url_to_fs(url)
        self.is_local = "file" in _names(self.fs.protocol)
        self.claims: list[Claim] = []

    def path(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise Missing(lazy_gettext("Такого файла нет."))
        return f"{self._root}/{key}"

    def put(self, source: Path) -> str:
        """Move a local file into the store; on disk before the key is told."""
        name = tokens.hex_id(25)
        key = f"{name[:2]}/{name[2:]}"
        target = self.path(key)
        if self.is_local:
            self.fs.makedirs(os.path.dirname(target), exist_ok=True)
            self._move(source, target)
        else:
            self.fs.put_file(str(source), target)
        return key

    def _move(self, source: Path, target: str) -> None:
        part = f"{target}.part"
        try:
            os.replace(source, part)
        except OSError:  # another disk
            self.fs.put_file(str(source), part)
        _sync(Path(part))
        os.replace(part, target)
        _sync(Path(target).parent)

    def open(self, key: str) -> IO[bytes]:
        try:
            opened: IO[bytes] = self.fs.open(self.path(key), "rb")
        except FileNotFoundError:
            raise Missing(lazy_gettext("Такого файла нет.")) from None
        return opened

    def remove(self, key: str) -> None:
        with suppress(FileNotFoundError):
            self.fs.rm_file(self.path(key))

    def keys_before(self, moment: dt.datetime) -> list[str]:
        """Keys of files that were put here before `moment`; leftovers of a crash among them."""
        try:
            found = self.fs.find(self._root, detail=True)
        except FileNotFoundError:
            return []
        return [
            path[len(self._root) :].lstrip("/")
            for path, info in found.items()
            if _changed(info) < moment
        ]

    def clear(self, names: Collection[str]) -> None:
        """Remove what a listing named."""
        for name in names:
            with suppress(FileNotFoundError):
                self.fs.rm_file(f"{self._root}/{name}")


@contextmanager
def received(stream: Readable, *, limit: int) -> Iterator[Received]:
    """`stream` on disk under a temporary name, gone at the end whatever happens.

    Raises:
        Invalid: it is longer than `limit` bytes. What the stream itself raises (a cut upload is
            werkzeug's ClientDisconnected) passes through.
    """
    path = _store().incoming / f"{tokens.hex_id(16)}.part"
    try:
        size, digest = _write(stream, path, limit)
        yield Received(path, size, digest)
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path) -> str:
    """Move a file from the temporary place into the store; returns its key."""
    return _in_store(_store().put, path)


def save(stream: Readable, *, limit: int) -> StoredFile:
    """Store an upload as it is. Who cares for its type looks at `received` and calls `keep`.

    Raises:
        Invalid: it is longer than `limit` bytes; nothing is stored.
    """
    with received(stream, limit=limit) as file:
        return StoredFile(keep(file.path), file.size, file.digest)


def temporary() -> Path:
    """A path beside the uploads for a file that is being made from one; `keep` or unlink it."""
    return _store().incoming / f"{tokens.hex_id(16)}.part"


def open_stored(key: str) -> IO[bytes]:
    """The bytes, to be read from any place and closed.

    Raises:
        Missing: there are none under this key.
    """
    return _in_store(_store().open, key)


def delete(key: str) -> None:
    """Remove the bytes; call it after the commit that forgot the key. Twice is no error."""
    _in_store(_store().remove, key)


def claim(owner: Claim) -> None:
    """Install an owner's answer to «which of these keys do you still need»."""
    _store().claims.append(owner)


def sweep() -> int:
    """Remove files older than a day that no row names, and what a crash left half-received."""
    store = _store()
    before = clock.now() - ORPHAN_AGE
    keys = set(_in_store(store.keys_before, before))
    for owner in store.claims:
        keys -= set(owner(frozenset(keys)))
    _in_store(store.clear, keys)
    halves = [
        path for path in store.incoming.glob("*.part") if _modified(path) < before.timestamp()
    ]
    for path in halves:
        path.unlink(missing_ok=True)
    if keys or halves:
        log.info("orphaned files removed", files=len(keys), halves=len(halves))
    return len(keys) + len(halves)


def install(app: Flask, settings: Settings) -> None:
    """Open the site's storage."""
    app.extensions[EXTENSION_KEY] = FileStore(settings)


def _store() -> FileStore:
    store: FileStore = current_app.extensions[EXTENSION_KEY]
    return store


def _in_store(task: Callable[..., Result], *args: Any) -> Result:
    """A disk is asked from a thread; foreign storage waits for its network like any request."""
    return in_thread(task, *args) if _store().is_local else task(*args)


def _write(stream: Readable, path: Path, limit: int) -> tuple[int, str]:
    sha, size = hashlib.sha256(), 0
    with path.open("xb") as target:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise Invalid(
                    lazy_gettext("Файл больше %(limit)s. Выберите другой.", limit=size_words(limit))
                )
            sha.update(chunk)
            target.write(chunk)
    return size, sha.hexdigest()


def _sync(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _names(protocol: str | tuple[str, ...]) -> tuple[str, ...]:
    return (protocol,) if isinstance(protocol, str) else protocol


def _changed(info: dict[str, Any]) -> dt.datetime:
    """When the storage says the file was put there; storages name it differently."""
    value = info.get("mtime") or info.get("LastModified") or info.get("created")
    if isinstance(value, int | float):
        return dt.datetime.fromtimestamp(value, dt.UTC)
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return dt.datetime.max.replace(tzinfo=dt.UTC)  # unknown: never an orphan

"""Where a roster's files lie: a folder or a zip archive, opened safely."""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Protocol

from flask_babel import gettext

from app.school.roster.faults import CannotRead

MAX_FILES = 1000
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200
RATIO_MATTERS_FROM = 10 * 1024 * 1024

Tick = Callable[[int], None]


class Source(Protocol):
    """Files by name; `size` is the bytes of all of them."""

    size: int

    def names(self) -> list[str]: ...

    def open(self, name: str) -> BinaryIO: ...


class FolderSource:
    """The files of one folder (not of those inside it)."""

    def __init__(self, folder: Path) -> None:
        self._paths = {
            unicodedata.normalize("NFC", path.name): path
            for path in sorted(folder.iterdir())
            if path.is_file() and not path.name.startswith(".")
        }
        self.size = sum(path.stat().st_size for path in self._paths.values())

    def names(self) -> list[str]:
        return list(self._paths)

    def open(self, name: str) -> BinaryIO:
        return self._paths[name].open("rb")


class ZipSource:
    """The files of a zip archive; all of them may lie in one folder inside it."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _refuse_danger(path.name, infos)
        self._infos = {
            PurePosixPath(_real_name(info)).name: info
            for info in infos
            if not PurePosixPath(info.filename).name.startswith(".")
            and "__MACOSX" not in PurePosixPath(info.filename).parts
        }
        self.size = sum(info.file_size for info in self._infos.values())

    def names(self) -> list[str]:
        return list(self._infos)

    def open(self, name: str) -> BinaryIO:
        return io.BufferedReader(_Named(self._archive.open(self._infos[name]), name))


class _Named(io.RawIOBase):
    """A member of an archive whose breakage is named by its own file name."""

    def __init__(self, member: IO[bytes], name: str) -> None:
        self._member = member
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise CannotRead(self._name, _broken()) from error
        buffer[: len(data)] = data
        return len(data)


class Counted(io.RawIOBase):
    """A file that tells how many bytes were read, for the progress bar."""

    def __init__(self, file: BinaryIO, tick: Tick) -> None:
        self._file = file
        self._tick = tick

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._tick(len(data))
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The files at `path`.

    Raises:
        CannotRead: nothing is there, it is no zip, or the zip is broken, encrypted or dangerous.
    """
    if path.is_dir():
        yield FolderSource(path)
        return
    if not path.exists():
        raise CannotRead(path.name, gettext("Такого файла или папки нет."))
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise CannotRead(path.name, _not_an_archive(path)) from error
    with archive:
        yield ZipSource(path, archive)


def check_archive(path: Path) -> None:
    """Refuse a dangerous archive before another library (openpyxl) opens it.

    Raises:
        CannotRead: see `open_source`.
    """
    with open_source(path):
        pass


def _refuse_danger(name: str, infos: list[zipfile.ZipInfo]) -> None:
    """Zip slip, encryption and zip bombs are refused by what the directory of the zip says.

    A member cannot unpack to more than it says there: `zipfile` stops at that size.
    """
    for info in infos:
        inner = PurePosixPath(info.filename.replace("\\", "/"))
        if inner.is_absolute() or ".." in inner.parts or ":" in info.filename:
            raise CannotRead(
                name,
                gettext(
                    "Файл «%(inner)s» в архиве записан с путём за пределы архива. "
                    "Такой архив не читается.",
                    inner=info.filename,
                ),
            )
        if info.flag_bits & 0x1:
            raise CannotRead(
                name, gettext("Архив закрыт паролем. Сохраните его без пароля и повторите.")
            )
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    is_bomb = unpacked > RATIO_MATTERS_FROM and unpacked / packed > MAX_RATIO
    if len(infos) > MAX_FILES or unpacked > MAX_UNPACKED or is_bomb:
        raise CannotRead(
            name,
            gettext(
                "Архив после распаковки слишком велик: %(size)d МБ, файлов %(count)d. "
                "Такой архив не читается.",
                size=unpacked // 1024**2,
                count=len(infos),
            ),
        )


def _real_name(info: zipfile.ZipInfo) -> str:
    """Archives made by Windows keep Russian names in code page 866 and do not say so."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp866")
    return unicodedata.normalize("NFC", name)


def _not_an_archive(path: Path) -> str:
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    if is_zip:
        return _broken()
    return gettext("Это не архив ZIP, не книга XLSX и не папка с файлами CSV.")


def _broken() -> str:
    return gettext("Архив повреждён или загружен не до конца. Выгрузите его ещё раз.")

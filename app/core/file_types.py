"""What a file is, told by its content: the closed list of what people may send.

Decision: as the safest product for children would do, what can act when it is opened is refused by
name and by content alike: programs (EXE, APK), scripts, HTML, SVG, office files with macros, and
archives, which can hold any of these unseen. Everything that is not on the list is refused too.
"""

from __future__ import annotations

import mmap
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import filetype
from flask_babel import lazy_gettext

from app.core.errors import Invalid

HEAD = 8192
MAX_NAME = 120


class FileKind(StrEnum):
    """How people see it."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True)
class FileType:
    """A type of the list; `extension` has no dot."""

    kind: FileKind
    content_type: str
    extension: str


def _media(kind: FileKind, *types: tuple[str, str, str]) -> dict[str, FileType]:
    return {found: FileType(kind, served, extension) for found, served, extension in types}


MEDIA = (
    _media(
        FileKind.PHOTO,
        ("image/jpeg", "image/jpeg", "jpg"),
        ("image/png", "image/png", "png"),
        ("image/apng", "image/png", "png"),
        ("image/webp", "image/webp", "webp"),
        ("image/gif", "image/gif", "gif"),
        ("image/bmp", "image/bmp", "bmp"),
        ("image/tiff", "image/tiff", "tif"),
    )
    | _media(
        FileKind.VIDEO,
        ("video/mp4", "video/mp4", "mp4"),
        ("video/x-m4v", "video/mp4", "m4v"),
        ("video/webm", "video/webm", "webm"),
        ("video/quicktime", "video/quicktime", "mov"),
        ("video/3gpp", "video/3gpp", "3gp"),
        ("video/x-matroska", "video/x-matroska", "mkv"),
        ("video/x-msvideo", "video/x-msvideo", "avi"),
    )
    | _media(
        FileKind.AUDIO,
        ("audio/mpeg", "audio/mpeg", "mp3"),
        ("audio/mp4", "audio/mp4", "m4a"),
        ("audio/ogg", "audio/ogg", "ogg"),
        ("audio/x-wav", "audio/wav", "wav"),
        ("audio/x-flac", "audio/flac", "flac"),
        ("audio/aac", "audio/aac", "aac"),
    )
)
"""By what the library `filetype` calls them."""

PDF = FileType(FileKind.DOCUMENT, "application/pdf", "pdf")
RTF = FileType(FileKind.DOCUMENT, "application/rtf", "rtf")
TEXTS = {
    "txt": FileType(FileKind.DOCUMENT, "text/plain; charset=utf-8", "txt"),
    "csv": FileType(FileKind.DOCUMENT, "text/csv; charset=utf-8", "csv"),
    "md": FileType(FileKind.DOCUMENT, "text/markdown; charset=utf-8", "md"),
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
OOXML = {
    b"wordprocessingml.document.main+xml": FileType(
        FileKind.DOCUMENT, _OFFICE + "wordprocessingml.document", "docx"
    ),
    b"spreadsheetml.sheet.main+xml": FileType(
        FileKind.DOCUMENT, _OFFICE + "spreadsheetml.sheet", "xlsx"
    ),
    b"presentationml.presentation.main+xml": FileType(
        FileKind.DOCUMENT, _OFFICE + "presentationml.presentation", "pptx"
    ),
    b"presentationml.slideshow.main+xml": FileType(
        FileKind.DOCUMENT, _OFFICE + "presentationml.slideshow", "ppsx"
    ),
}
"""By the main part's type in [Content_Types].xml (ECMA-376, part 2)."""
_OPEN = "application/vnd.oasis.opendocument."
ODF = {
    _OPEN + name: FileType(FileKind.DOCUMENT, _OPEN + name, extension)
    for name, extension in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE = {
    "WordDocument": FileType(FileKind.DOCUMENT, "application/msword", "doc"),
    "Workbook": FileType(FileKind.DOCUMENT, "application/vnd.ms-excel", "xls"),
    "PowerPoint Document": FileType(FileKind.DOCUMENT, "application/vnd.ms-powerpoint", "ppt"),
}
"""By the name of the main stream, as it stands in the folder of an Office 97-2003 file."""
MACROS = ("_VBA_PROJECT", "Macros", "_VBA_PROJECT_CUR")

INLINE = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "video/quicktime",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac", "audio/aac",
        "audio/webm",
    }
)  # fmt: skip
"""What a browser shows or plays without running anything. A PDF may carry scripts: it is saved."""

_REFUSED = """
exe com scr bat cmd ps1 msi dll jar apk ipa app dmg pkg deb rpm sh bash py pl rb php
js mjs jse vbs vbe wsf hta html htm xhtml shtml mht svg svgz xml xsl swf lnk url reg chm
iso img vhd docm xlsm pptm dotm xltm zip rar 7z gz tgz tar bz2 xz cab
"""
REFUSED_NAMES = frozenset(_REFUSED.split())
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<iframe")
NOT_ALLOWED = lazy_gettext(
    "Такие файлы отправлять нельзя: они могут навредить. Можно фото, видео, звук и документы"
    " (PDF, Word, Excel, PowerPoint, текст)."
)
NEW_PHOTO = lazy_gettext("Такие фото открываются не у всех. Сохраните его как JPEG и отправьте.")
DANGEROUS_INSIDE = lazy_gettext(
    "В этом документе есть макросы. Сохраните его без макросов и отправьте ещё раз."
)


def file_type(path: Path, name: str) -> FileType:
    """The type of the file at `path`, by its content; `name` as its owner calls it.

    Raises:
        Invalid: the type is not on the list, or the name says that it is none of these.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Invalid(lazy_gettext("Файл пустой. Выберите другой."))
    if extension_of(name) in REFUSED_NAMES:
        raise Invalid(NOT_ALLOWED)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(OLE_MAGIC):
        return _compound(path)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"{\\rtf"):
        return RTF
    guess = filetype.guess(head)
    if guess is not None:
        if guess.mime not in MEDIA:
            raise Invalid(NEW_PHOTO if guess.mime in ("image/heic", "image/avif") else NOT_ALLOWED)
        return MEDIA[guess.mime]
    return _text(path, head, name)


def extension_of(name: str) -> str:
    """«docx» of «Отчёт.DOCX»; empty when there is none."""
    _, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot else ""


def file_name(name: str, type_: FileType) -> str:
    """`name` fit for saving: one line, no path, not too long, and the extension tells the truth.

    Characters that turn the reading direction go: «отчёт\u202etxt.exe» must not look like a text.
    """
    clean = "".join(
        character
        for character in name.replace("\\", "/").rpartition("/")[2]
        if character.isprintable() and character not in '<>:"|?*'
    ).strip(" .")
    stem, _, extension = clean.rpartition(".")
    same = {"jpeg": "jpg", "tiff": "tif", "oga": "ogg", "opus": "ogg", "text": "txt"}
    if same.get(extension.lower(), extension.lower()) == type_.extension and stem:
        clean = stem
    else:
        extension = type_.extension
    return f"{clean[:MAX_NAME] or type_.kind.value}.{extension}"


def _zipped(path: Path) -> FileType:
    """An office document by what lies in its archive, which is never unpacked to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return _ooxml(archive, names)
            with archive.open("mimetype") as entry:
                return ODF[entry.read(100).decode("ascii", "replace").strip()]
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        raise Invalid(NOT_ALLOWED) from None


def _ooxml(archive: zipfile.ZipFile, names: set[str]) -> FileType:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid(DANGEROUS_INSIDE)
    with archive.open("[Content_Types].xml") as entry:
        types = entry.read(256 * 1024)
    if b"macroEnabled" in types:
        raise Invalid(DANGEROUS_INSIDE)
    for mark, type_ in OOXML.items():
        if mark in types:
            return type_
    raise Invalid(NOT_ALLOWED)


def _compound(path: Path) -> FileType:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if any(content.find(mark.encode("utf-16-le")) >= 0 for mark in MACROS):
            raise Invalid(DANGEROUS_INSIDE)
        for stream, type_ in OLE.items():
            if content.find(stream.encode("utf-16-le")) >= 0:
                return type_
    raise Invalid(NOT_ALLOWED)


def _text(path: Path, head: bytes, name: str) -> FileType:
    """Plain text, known by its extension only: it has no mark of its own."""
    type_ = TEXTS.get(extension_of(name))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if type_ is None or start.startswith(b"#!") or any(mark in start for mark in MARKUP):
        raise Invalid(NOT_ALLOWED)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b"\0") >= 0:
            raise Invalid(NOT_ALLOWED)
    return type_

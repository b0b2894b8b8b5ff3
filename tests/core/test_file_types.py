"""What a file is, by its content; what is refused, by content and by name."""

import pytest

from app.core.errors import Invalid
from app.core.file_types import PDF, FileKind, file_name, file_type
from tests.core import samples

GOOD = [
    ("фото.jpg", samples.photo(), FileKind.PHOTO, "jpg"),
    ("рисунок.png", samples.photo(format_="PNG"), FileKind.PHOTO, "png"),
    ("снимок.webp", samples.photo(format_="WEBP"), FileKind.PHOTO, "webp"),
    ("без имени", samples.photo(format_="GIF"), FileKind.PHOTO, "gif"),
    ("урок.mp4", samples.MP4, FileKind.VIDEO, "mp4"),
    ("урок.webm", samples.WEBM, FileKind.VIDEO, "webm"),
    ("диктант.wav", samples.sound(), FileKind.AUDIO, "wav"),
    ("работа.pdf", samples.PDF, FileKind.DOCUMENT, "pdf"),
    ("работа.docx", samples.office(), FileKind.DOCUMENT, "docx"),
    ("оценки.xlsx", samples.office("spreadsheetml.sheet"), FileKind.DOCUMENT, "xlsx"),
    ("урок.pptx", samples.office("presentationml.presentation"), FileKind.DOCUMENT, "pptx"),
    ("работа.odt", samples.open_document(), FileKind.DOCUMENT, "odt"),
    ("работа.doc", samples.old_office(), FileKind.DOCUMENT, "doc"),
    ("оценки.xls", samples.old_office("Workbook"), FileKind.DOCUMENT, "xls"),
    ("план.txt", "Домашнее задание".encode(), FileKind.DOCUMENT, "txt"),
    ("план.txt", "Домашнее задание".encode("cp1251"), FileKind.DOCUMENT, "txt"),
    ("данные.csv", "а;б\n1;2\n".encode(), FileKind.DOCUMENT, "csv"),
    ("письмо.rtf", b"{\\rtf1 hi}", FileKind.DOCUMENT, "rtf"),
    ("переименован.pdf", samples.photo(), FileKind.PHOTO, "jpg"),
]
BAD = [
    ("картинка.svg", samples.SVG),
    ("картинка.txt", samples.SVG),
    ("страница.html", samples.HTML),
    ("страница.txt", b"\n\n " + samples.HTML),
    ("картинка.jpg", samples.HTML),
    ("фото.html", samples.photo()),
    ("фото.jpg.exe", samples.photo()),
    ("игра.exe", samples.EXE),
    ("игра.jpg", samples.EXE),
    ("игра.pdf", samples.ELF),
    ("скрипт.txt", b"#!/bin/sh\nrm -rf /"),
    ("скрипт.js", b"alert(1)"),
    ("скрипт.txt", b"a\0b"),
    ("игра.apk", samples.archive(**{"classes.dex": "x", "AndroidManifest.xml": "x"})),
    ("игра.docx", samples.archive(**{"classes.dex": "x", "AndroidManifest.xml": "x"})),
    ("работа.zip", samples.archive(file="x")),
    ("работа.docx", samples.archive(word__document="x")),
    ("работа.docx", samples.office(**{"word/vbaProject.bin": "x"})),
    ("работа.docx", samples.office("wordprocessingml.unknown")),
    ("работа.docx", samples.office()[:60]),
    ("работа.doc", samples.old_office(macros=True)),
    ("установка.doc", samples.old_office("Property")),
    ("пусто.txt", b""),
    ("неизвестно", b"\x01\x02\x03\x04"),
]


@pytest.mark.parametrize(("name", "content", "kind", "extension"), GOOD)
def test_a_type_is_told_by_content(tmp_path, name, content, kind, extension):
    path = tmp_path / "upload"
    path.write_bytes(content)
    found = file_type(path, name)
    assert (found.kind, found.extension) == (kind, extension)


@pytest.mark.parametrize(("name", "content"), BAD)
def test_what_may_harm_is_refused(app, tmp_path, name, content):
    path = tmp_path / "upload"
    path.write_bytes(content)
    with app.test_request_context(), pytest.raises(Invalid):
        file_type(path, name)


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Отчёт за год.PDF", "Отчёт за год.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Работы\\один.pdf", "один.pdf"),
        ("отчёт\u202efdp.exe", "отчётfdp.exe.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("я" * 300 + ".pdf", "я" * 120 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless_and_truthful(name, saved):
    assert file_name(name, PDF) == saved

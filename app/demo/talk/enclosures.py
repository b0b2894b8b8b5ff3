"""Files that the demo's people send: drawn, written and voiced here, so they are nobody else's."""

from __future__ import annotations

import io
import math
import random
import wave
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from PIL import Image

from app.core import files
from app.demo.talk import drawings
from app.messenger.attachments.models import AttachmentKind
from app.messenger.attachments.photos import redraw

RATE = 8000
BARS = 48
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: dict[str, tuple[str, tuple[tuple[object, ...], ...]]] = {
    "excursion": (
        "Список на экскурсию.xlsx",
        (("№", "Кто едет", "Согласие"), (1, "Первая подгруппа", "есть"), (2, "Вторая", "есть")),
    ),
    "olympiad": (
        "Муниципальный этап.xlsx",
        (("Предмет", "Дата", "Участников"), ("Физика", "пятница", 3), ("История", "среда", 2)),
    ),
    "parsing": (
        "Разбор предложения.xlsx",
        (("Член предложения", "Вопрос"), ("Подлежащее", "кто?"), ("Сказуемое", "что делает?")),
    ),
    "tasks": (
        "Задачи на неделю.xlsx",
        (("№", "Тема"), (1, "Трение"), (2, "Импульс"), (3, "Энергия"), (4, "Цепи"), (5, "Оптика*")),
    ),
}


@dataclass(frozen=True)
class Enclosure:
    """A file in the store, as an attachment's row describes it."""

    kind: AttachmentKind
    name: str
    content_type: str
    size: int
    key: str
    thumb_key: str | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    peaks: str = ""


class Shelf:
    """Each file is made once, however often it is sent."""

    def __init__(self) -> None:
        self._kept: dict[str, Enclosure] = {}

    def photo(self, name: str) -> Enclosure:
        """A drawing of this name."""
        if name not in self._kept:
            self._kept[name] = _photo(drawings.draw(name))
        return self._kept[name]

    def document(self, name: str) -> Enclosure:
        """A small table of this name."""
        if name not in self._kept:
            self._kept[name] = _document(*TABLES[name])
        return self._kept[name]

    def voice(self, seconds: int) -> Enclosure:
        """Somebody murmuring for so long."""
        name = f"voice {seconds}"
        if name not in self._kept:
            self._kept[name] = _voice(seconds)
        return self._kept[name]


def _photo(image: Image.Image) -> Enclosure:
    source, photo, thumb = files.temporary(), files.temporary(), files.temporary()
    try:
        image.save(source, "PNG", compress_level=1)
        drawn = redraw(source, photo, thumb)
        size = photo.stat().st_size
        return Enclosure(
            AttachmentKind.PHOTO,
            f"Фото.{drawn.extension}",
            drawn.content_type,
            size,
            files.keep(photo),
            files.keep(thumb),
            drawn.width,
            drawn.height,
        )
    finally:
        for path in (source, photo, thumb):
            path.unlink(missing_ok=True)


def _document(name: str, rows: tuple[tuple[object, ...], ...]) -> Enclosure:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 3, 24)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    size, key = _kept(buffer.getvalue())
    return Enclosure(AttachmentKind.DOCUMENT, name, XLSX, size, key)


def _voice(seconds: int) -> Enclosure:
    loudness = _loudness(seconds)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(_murmur(seconds, loudness))
    size, key = _kept(buffer.getvalue())
    letters = "0123456789abcdefghijklmnopqrstuv"
    peaks = "".join(letters[round(31 * value)] for value in loudness)
    return Enclosure(
        AttachmentKind.VOICE,
        "Голосовое сообщение.wav",
        "audio/wav",
        size,
        key,
        duration=seconds * 1000,
        peaks=peaks,
    )


def _loudness(seconds: int) -> list[float]:
    """Words and pauses: a value of 0…1 a bar."""
    chance = random.Random(seconds)
    return [
        0.08 if chance.random() < 0.18 else 0.35 + 0.6 * chance.random() for _bar in range(BARS)
    ]


def _murmur(seconds: int, loudness: list[float]) -> bytes:
    """A low voice behind a door: two tones that rise and fall with the loudness."""
    count = seconds * RATE
    samples = bytearray(count)
    step = count / BARS
    for place in range(count):
        bar = place / step
        left = loudness[int(bar)]
        right = loudness[min(BARS - 1, int(bar) + 1)]
        volume = left + (right - left) * (bar % 1)
        time = place / RATE
        tone = math.sin(2 * math.pi * 145 * time) + 0.4 * math.sin(2 * math.pi * 437 * time)
        samples[place] = int(128 + 52 * volume * tone)
    return bytes(samples)


def _kept(content: bytes) -> tuple[int, str]:
    path: Path = files.temporary()
    path.write_bytes(content)
    return len(content), files.keep(path)

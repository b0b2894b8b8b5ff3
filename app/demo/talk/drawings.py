"""The demo's photographs: simple pictures in few colours, drawn by numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 640)
Colour = tuple[int, int, int]
CHALK: Colour = (236, 240, 232)


def draw(name: str) -> Image.Image:
    """The picture of this name; always the same one."""
    return DRAWINGS[name](random.Random(name))


def _sky(top: Colour, bottom: Colour) -> Image.Image:
    strip = Image.new("RGB", (1, SIZE[1]))
    for row in range(SIZE[1]):
        part = row / SIZE[1]
        red, green, blue = (round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
        strip.putpixel((0, row), (red, green, blue))
    return strip.resize(SIZE)


def _board(_chance: random.Random) -> Image.Image:
    """A blackboard after a lesson: a parabola and lines of chalk."""
    image = _sky((38, 70, 58), (30, 58, 48))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 600, 960, 640), fill=(126, 88, 56))
    pen.line((120, 500, 560, 500), fill=CHALK, width=4)
    pen.line((220, 120, 220, 560), fill=CHALK, width=4)
    curve = [(x, 500 - 330 + (x - 360) ** 2 / 62) for x in range(218, 506)]
    pen.line(curve, fill=(250, 222, 120), width=6, joint="curve")
    for x in (272, 448):
        pen.ellipse((x - 8, 285, x + 8, 301), fill=(244, 150, 130))
    for row in range(6):
        length = (270, 220, 250, 180, 260, 120)[row]
        for part in range(0, length, 34):
            height = 10 + (part * 7 + row * 5) % 14
            pen.line(
                (620 + part, 160 + row * 62, 642 + part, 160 + row * 62 - height),
                fill=CHALK,
                width=5,
            )
    return image.filter(ImageFilter.GaussianBlur(0.7))


def _circuit(_chance: random.Random) -> Image.Image:
    """A circuit with two lamps in a squared exercise book."""
    image = Image.new("RGB", SIZE, (247, 248, 244))
    pen = ImageDraw.Draw(image)
    for x in range(0, 960, 32):
        pen.line((x, 0, x, 640), fill=(205, 219, 236), width=1)
    for y in range(0, 640, 32):
        pen.line((0, y, 960, y), fill=(205, 219, 236), width=1)
    pen.line((96, 0, 96, 640), fill=(224, 138, 138), width=2)
    ink = (44, 60, 138)
    pen.rectangle((224, 160, 800, 480), outline=ink, width=6)
    for x in (384, 640):
        pen.ellipse((x - 44, 116, x + 44, 204), fill=(247, 248, 244), outline=ink, width=6)
        pen.line((x - 30, 130, x + 30, 190), fill=ink, width=6)
        pen.line((x - 30, 190, x + 30, 130), fill=ink, width=6)
    pen.rectangle((488, 440, 536, 520), fill=(247, 248, 244))
    pen.line((492, 430, 492, 530), fill=ink, width=6)
    pen.line((532, 452, 532, 508), fill=ink, width=12)
    return image


def _yard(chance: random.Random) -> Image.Image:
    """Bird feeders in a snowy yard."""
    image = _sky((172, 202, 232), (232, 240, 248))
    pen = ImageDraw.Draw(image)
    pen.ellipse((-300, 470, 1260, 900), fill=(246, 249, 252))
    for x, scale in ((150, 1.0), (470, 1.3), (800, 0.9)):
        pen.rectangle((x - 12, 200, x + 12, 540), fill=(108, 82, 66))
        for height in range(4):
            half = (110 - height * 22) * scale
            top = 300 - height * 60 * scale
            pen.polygon(
                ((x - half, top), (x + half, top), (x, top - 110 * scale)), fill=(70, 112, 96)
            )
    for x in (320, 640):
        pen.line((x, 250, x, 330), fill=(120, 90, 60), width=4)
        pen.polygon(((x - 60, 340), (x + 60, 340), (x, 290)), fill=(196, 88, 62))
        pen.rectangle((x - 44, 340, x + 44, 410), outline=(150, 104, 66), width=8)
        pen.ellipse((x - 18, 378, x + 16, 404), fill=(222, 150, 70))
    for _flake in range(160):
        x, y = chance.randrange(960), chance.randrange(640)
        pen.ellipse((x, y, x + 5, y + 5), fill=(255, 255, 255))
    return image


def _newspaper(chance: random.Random) -> Image.Image:
    """A wall newspaper: a title, columns, two pictures."""
    image = Image.new("RGB", SIZE, (196, 176, 148))
    pen = ImageDraw.Draw(image)
    pen.rectangle((70, 40, 890, 600), fill=(252, 250, 242))
    pen.rectangle((100, 66, 860, 138), fill=(58, 96, 176))
    for x in range(150, 800, 62):
        pen.rectangle((x, 86, x + 36, 118), fill=(252, 250, 242))
    pen.rectangle((100, 160, 420, 360), fill=(172, 206, 232))
    pen.polygon(((140, 330), (230, 220), (320, 330)), fill=(198, 96, 74))
    pen.rectangle((160, 330, 300, 360), fill=(226, 200, 160))
    pen.ellipse((340, 180, 390, 230), fill=(250, 214, 96))
    for column, left in enumerate((450, 660)):
        for row in range(13):
            width = 180 - chance.randrange(60) * (row % 4 == 3)
            pen.line(
                (left, 170 + row * 15, left + width, 170 + row * 15),
                fill=(120 + column * 10, 122, 128),
                width=5,
            )
    for left, colour in ((100, (232, 160, 120)), (360, (150, 190, 150)), (620, (240, 206, 120))):
        pen.rectangle((left, 390, left + 230, 570), fill=colour)
        for petal in range(6):
            turn = petal * math.pi / 3
            across, down = left + 115 + 42 * math.cos(turn), 480 + 42 * math.sin(turn)
            pen.ellipse((across - 24, down - 24, across + 24, down + 24), fill=(252, 250, 242))
    return image


def _museum(chance: random.Random) -> Image.Image:
    """A rocket under the stars of a museum's dome."""
    image = _sky((18, 26, 64), (70, 72, 132))
    pen = ImageDraw.Draw(image)
    for _star in range(130):
        x, y, size = chance.randrange(960), chance.randrange(520), chance.choice((2, 3, 5))
        pen.ellipse((x, y, x + size, y + size), fill=(240, 236, 210))
    pen.ellipse((690, 80, 830, 220), fill=(230, 200, 140))
    pen.polygon(((480, 90), (540, 230), (540, 450), (420, 450), (420, 230)), fill=(232, 236, 244))
    pen.polygon(((420, 360), (360, 480), (420, 450)), fill=(212, 84, 74))
    pen.polygon(((540, 360), (600, 480), (540, 450)), fill=(212, 84, 74))
    pen.ellipse((450, 230, 510, 290), fill=(92, 150, 214), outline=(150, 160, 176), width=6)
    pen.polygon(((440, 452), (520, 452), (480, 570)), fill=(250, 186, 84))
    pen.rectangle((0, 590, 960, 640), fill=(40, 38, 70))
    for x in range(120, 900, 90):
        pen.ellipse((x - 15, 528, x + 15, 558), fill=(30, 28, 52))
        pen.rectangle((x - 18, 556, x + 18, 612), fill=(30, 28, 52))
    return image


DRAWINGS: dict[str, Callable[[random.Random], Image.Image]] = {
    "board": _board,
    "circuit": _circuit,
    "yard": _yard,
    "newspaper": _newspaper,
    "museum": _museum,
}

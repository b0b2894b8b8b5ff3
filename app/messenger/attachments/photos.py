"""Photos are drawn anew: what a camera wrote beside the picture (place, device, time) and what
somebody hid behind it do not survive. Works on files alone; runs in a thread of its own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from app.core.errors import Invalid

MAX_PIXELS = 50_000_000
LARGEST = 2560
THUMB = 720
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
BROKEN = lazy_gettext("Фото повреждено и не открывается. Выберите другое.")
TOO_LARGE = lazy_gettext("В этом фото слишком много точек. Уменьшите его и отправьте ещё раз.")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Picture:
    """A photo as it is stored: its size in pixels and its type."""

    width: int
    height: int
    content_type: str
    extension: str


def redraw(source: Path, photo: Path, thumb: Path) -> Picture:
    """Write the photo, at most LARGEST pixels a side and turned upright, and its small copy.

    Decision: an animated picture becomes its first frame; what moves and blinks distracts a class.

    Raises:
        Invalid: it is no picture, is broken, or would not fit into memory when unpacked.
    """
    try:
        with Image.open(source, formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Invalid(TOO_LARGE)
            image = _upright(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Invalid(BROKEN) from None
    is_clear = image.mode == "RGBA"
    content_type, extension = ("image/webp", "webp") if is_clear else ("image/jpeg", "jpg")
    _save(image, photo, extension, quality=85)
    small = image.copy()
    small.thumbnail((THUMB, THUMB))
    _save(small, thumb, extension, quality=78)
    return Picture(image.width, image.height, content_type, extension)


def _upright(opened: Image.Image) -> Image.Image:
    opened.draft("RGB", (LARGEST, LARGEST))  # a large JPEG is unpacked at half its size
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process
    opened.load()
    image = ImageOps.exif_transpose(opened)
    image.thumbnail((LARGEST, LARGEST))
    profile = image.info.get("icc_profile")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if profile and image.mode in ("RGB", "RGBA"):
        plain = _in_srgb(plain, profile)
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The same colours without a profile beside them."""
    try:
        drawn = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return drawn or image


def _save(image: Image.Image, path: Path, extension: str, *, quality: int) -> None:
    if extension == "webp":
        image.save(path, "WEBP", quality=quality, method=4)
    else:
        image.save(path, "JPEG", quality=quality, optimize=True, progressive=True)

"""Photos are drawn anew: nothing but the picture survives, and no picture takes the server down."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.core.errors import Invalid
from app.messenger.attachments.photos import LARGEST, redraw
from app.messenger.attachments.places import wipe_place
from tests.core import samples


@pytest.fixture
def drawn(tmp_path):
    """`drawn(content)`: the photo, its small copy, and what is said of it."""

    def draw(content):
        source, photo, thumb = (tmp_path / name for name in ("source", "photo", "thumb"))
        source.write_bytes(content)
        picture = redraw(source, photo, thumb)
        return photo.read_bytes(), thumb.read_bytes(), picture

    return draw


def bomb(width, height):
    """A PNG of a few kilobytes that says it has so many points."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_place_and_camera_are_gone(drawn):
    source = samples.photo(gps=True)
    assert Image.open(io.BytesIO(source)).getexif().get_ifd(0x8825)
    for written in drawn(source)[:2]:
        image = Image.open(io.BytesIO(written))
        assert dict(image.getexif()) == {}
        assert "exif" not in image.info
        assert b"PhoneMaker" not in written


@pytest.mark.parametrize("orientation", [6, 8])
def test_a_photo_taken_sideways_stands_upright(drawn, orientation):
    written, _, picture = drawn(samples.photo((40, 20), orientation=orientation))
    assert (picture.width, picture.height) == (20, 40)
    assert Image.open(io.BytesIO(written)).size == (20, 40)


def test_what_hides_behind_a_picture_is_gone(drawn):
    secret = b"<script>alert(1)</script>" + samples.archive(payload="x")
    for format_ in ("JPEG", "PNG", "GIF"):
        for written in drawn(samples.photo(format_=format_) + secret)[:2]:
            assert b"<script" not in written
            assert b"PK\x03\x04" not in written


def test_a_comment_inside_a_picture_is_gone(drawn):
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "JPEG", comment=b"<script>")
    assert b"<script>" not in drawn(out.getvalue())[0]


def test_a_large_photo_is_made_smaller_and_gets_a_small_copy(drawn):
    written, thumb, picture = drawn(samples.photo((4000, 1000)))
    assert max(picture.width, picture.height) == LARGEST
    assert Image.open(io.BytesIO(written)).size == (picture.width, picture.height)
    assert Image.open(io.BytesIO(thumb)).width == 720


def test_what_is_see_through_stays_so(drawn):
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 100)).save(out, "PNG")
    written, _, picture = drawn(out.getvalue())
    assert picture.content_type == "image/webp"
    assert Image.open(io.BytesIO(written)).mode == "RGBA"


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "I;16"])
def test_every_colour_mode_is_drawn(drawn, mode):
    out = io.BytesIO()
    Image.new(mode, (10, 10)).save(out, "TIFF")
    assert drawn(out.getvalue())[2].width == 10


@pytest.mark.parametrize(
    "content",
    [
        samples.photo((400, 300))[:600],
        samples.photo(format_="PNG")[:60],
        b"\xff\xd8\xff" + b"\0" * 100,
        bomb(20_000, 20_000),
        bomb(7_100, 7_100),
        samples.SVG,
    ],
    ids=["cut JPEG", "cut PNG", "only the mark of a JPEG", "bomb", "small bomb", "SVG"],
)
def test_a_broken_or_monstrous_picture_is_refused(app, drawn, content):
    with app.test_request_context(), pytest.raises(Invalid):
        drawn(content)


def test_where_a_video_was_taken_is_wiped_out(tmp_path):
    video = tmp_path / "video.mp4"
    video.write_bytes(
        samples.MP4 + b"\xa9xyz\x00\x12\x15\xc7+55.7522+037.6156+151.010/" + b"\0" * 9
    )
    size = video.stat().st_size
    assert wipe_place(video) == 1
    assert b"55.7522" not in video.read_bytes()
    assert b"+00.0000+000.0000+000.000/" in video.read_bytes()
    assert video.stat().st_size == size

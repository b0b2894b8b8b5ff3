"""Small true files of every kind people send, and false ones, made in memory."""

import io
import math
import struct
import wave
import zipfile

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200
ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 200
WEBM = (
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
    + b"\0" * 400
)
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\0" * 400
OOXML_TYPE = "application/vnd.openxmlformats-officedocument.{}.main+xml"


def photo(size=(40, 30), *, format_="JPEG", gps=False, orientation=None, mode="RGB"):
    """A picture; `gps` puts a place into its EXIF."""
    image = Image.new(mode, size, "green" if mode == "RGB" else None)
    for x in range(0, size[0], 4):
        image.putpixel((x, 0), (255, 0, 0)[: len(image.getbands())] if mode == "RGB" else 0)
    exif = Image.Exif()
    if gps:
        exif[0x010F] = "PhoneMaker"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (55.0, 45.0, 21.0)
    if orientation:
        exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, format_, **({"exif": exif} if gps or orientation else {}))
    return out.getvalue()


def archive(**entries):
    """A ZIP with these entries; «__» in a name stands for «/»."""
    return zipped({name.replace("__", "/"): content for name, content in entries.items()})


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            # One moment for all: parallel workers must make the same bytes.
            file.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def office(part="wordprocessingml.document", **more):
    """An OOXML document as far as its type goes."""
    types = f'<Types><Override ContentType="{OOXML_TYPE.format(part)}"/></Types>'
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<w/>"} | more)


def open_document(kind="text"):
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<x/>"})


def old_office(stream="WordDocument", *, macros=False):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + stream.encode("utf-16-le")
    return content + ("_VBA_PROJECT".encode("utf-16-le") if macros else b"") + b"\0" * 500


def sound(seconds=0.2):
    """A WAV of a plain tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        frames = (int(9000 * math.sin(i / 5)) for i in range(int(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", frame) for frame in frames))
    return out.getvalue()

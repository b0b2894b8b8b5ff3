"""Where a video was taken, wiped out in place: a telephone writes it beside the picture.

Decision: no video is encoded anew (that needs a programme of its own and minutes of work); its
coordinates are overwritten with zeros. QuickTime and MP4 keep them as text (ISO 6709).
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

PLACE = re.compile(rb"[+-]\d{2}\.\d{2,8}[+-]\d{3}\.\d{2,8}(?:[+-]\d{1,5}(?:\.\d{1,6})?)?/")
DIGIT = re.compile(rb"\d")


def wipe_place(path: Path) -> int:
    """Overwrite every coordinate in the file; returns how many there were."""
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        found = [(place.start(), place.group()) for place in PLACE.finditer(content)]
        for start, text in found:
            content[start : start + len(text)] = DIGIT.sub(b"0", text)
        content.flush()
    return len(found)

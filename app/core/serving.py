"""Sending stored bytes: whole or in ranges, never as a page of this site.

The caller has asked before whether this person may read them.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from app.core import files
from app.core.file_types import INLINE

# A page made of it could run nothing, load nothing and belongs to no site.
POLICY = "default-src 'none'; style-src 'none'; sandbox"
# Decision: the browser may keep the bytes but asks before every use whether it still may show
# them (304); who signs out or loses the chat sees nothing more.
CACHING = "private, no-cache"
OPAQUE = "application/octet-stream"


def send_stored(key: str, *, name: str, content_type: str, inline: bool) -> Response:
    """The stored file as a response; answers Range (RFC 9110, 14) and If-None-Match.

    `inline` is granted to photos, video and sound only (`file_types.INLINE`); all else is saved
    under `name`.

    Raises:
        Missing: the store has no such bytes.
    """
    opened = files.open_stored(key)
    size = opened.seek(0, 2)
    opened.seek(0)
    response = Response(wrap_file(request.environ, opened), direct_passthrough=True)
    response.call_on_close(opened.close)
    is_shown = inline and content_type in INLINE
    response.headers["Content-Type"] = content_type or OPAQUE
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = CACHING
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.set(
        "Content-Disposition", "inline" if is_shown else "attachment", **_names(name)
    )
    response.content_length = size
    response.set_etag(key.replace("/", ""))
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable as refusal:
        opened.close()
        answer = Response("", 416)
        answer.headers["Content-Range"] = str(
            ContentRange("bytes", None, None, length=refusal.length)
        )
        return answer
    return response


def _names(name: str) -> dict[str, str]:
    """RFC 6266: a plain name for old programs, the true one in UTF-8 (RFC 8187)."""
    plain = name.encode("ascii", "ignore").decode().strip(" .") or "file"
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}

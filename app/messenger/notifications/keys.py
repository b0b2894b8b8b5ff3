"""The site's VAPID key (RFC 8292): by it push services know that our messages are ours."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02, b64urlencode

from app.core.config import current_settings

NAME = "push_key.pem"


def own_key() -> Vapid02:
    """The key, kept in the instance folder; made when there is none."""
    path = current_settings().instance_path / NAME
    if not path.exists():
        _make(path)
    return Vapid02.from_file(str(path))


def public_key() -> str:
    """What a browser needs to subscribe: the point of the curve, base64url."""
    point = own_key().public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return str(b64urlencode(point))


def _make(path: Path) -> None:
    """Written whole under a name of its own first: two processes, or two threads, may start
    together; the first to finish gives the site its key.
    """
    key = Vapid02()
    key.generate_keys()
    descriptor, draft = tempfile.mkstemp(prefix=f"{NAME}.", dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_pem())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)

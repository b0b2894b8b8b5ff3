"""The site's VAPID key (RFC 8292): by it push services know that our messages are ours."""

from __future__ import annotations

import os
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
    """Written whole under another name first: two processes may start together."""
    key = Vapid02()
    key.generate_keys()
    draft = path.with_name(f"{NAME}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_pem())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

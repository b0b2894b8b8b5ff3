"""Unguessable ids and secrets, and the one-way forms in which secrets are stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# No look-alikes: 0/O, 1/l/I are left out, so a printed password can be typed by a child.
PRINTABLE = "abcdefghijkmnpqrstuvwxyz23456789"


def public_id() -> str:
    """A 16-character id for URLs: 96 random bits."""
    return secrets.token_urlsafe(12)


def secret() -> str:
    """A 43-character bearer secret: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """SHA-256 of a bearer secret, hex: what the database keeps instead of it."""
    return hashlib.sha256(value.encode()).hexdigest()


def keyed_digest(value: str, *, key: str) -> str:
    """HMAC-SHA-256, hex: for short secrets (SMS codes) that a plain hash would not protect."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()


def is_same(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def digits(count: int) -> str:
    """`count` random decimal digits, leading zeros kept."""
    return "".join(secrets.choice("0123456789") for _ in range(count))


def printable(count: int) -> str:
    """`count` random letters and digits without look-alikes (5 bits each)."""
    return "".join(secrets.choice(PRINTABLE) for _ in range(count))


def hex_id(size: int) -> str:
    """`2 * size` hexadecimal digits: `size` random bytes, for names of files."""
    return secrets.token_hex(size)

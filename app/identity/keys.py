"""The provider's signing keys: made on first use, kept encrypted, published without secrets."""

from __future__ import annotations

import base64
import datetime as dt
import json

from cryptography.fernet import Fernet
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock, tokens
from app.core.config import current_settings
from app.core.db import UTC, Model, db
from app.core.transaction import writing

ALGORITHM = "RS256"
BITS = 2048
# Longer than any token lives and any client keeps our keys.
OVERLAP = dt.timedelta(days=1)


class SigningKey(Model):
    """A private key (JWK, encrypted with a key derived from the site's secret)."""

    __tablename__ = "signing_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(String(24), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(UTC, default=clock.now)


def _vault() -> Fernet:
    key = tokens.keyed_digest("signing-keys", key=current_settings().secret_key)
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(key)))


def signing_key() -> RSAKey:
    """The newest key; the first call makes one."""
    row = db.session.scalar(select(SigningKey).order_by(SigningKey.id.desc()).limit(1))
    return _open(row) if row is not None else _make()


def published_keys() -> dict[str, object]:
    """The JWKS document: the public parts of every key whose signatures may still be met."""
    return dict(key_set().as_dict(private=False))


def key_set() -> KeySet:
    """The keys that verify what we have signed."""
    return KeySet([*keys_in_use()])


def keys_in_use() -> list[RSAKey]:
    """The signing key, and those it replaced less than a day ago, the newest first."""
    signing_key()
    rows = db.session.scalars(select(SigningKey).order_by(SigningKey.id.desc())).all()
    replaced_at = [None, *(row.created_at for row in rows)]
    return [
        _open(row)
        for row, moment in zip(rows, replaced_at, strict=False)
        if moment is None or clock.now() - moment < OVERLAP
    ]


def rotate() -> str:
    """Sign with a new key from now on; returns its id. The old one stays published for a day."""
    kid, _key, sealed = _made()
    with writing() as session:
        session.add(SigningKey(kid=kid, sealed=sealed))
        audit.note(actor="command", action="signing_key.rotated", subject=f"key:{kid}")
    return kid


def _open(row: SigningKey) -> RSAKey:
    return RSAKey.import_key(json.loads(_vault().decrypt(row.sealed.encode())))


def _made() -> tuple[str, RSAKey, str]:
    kid = tokens.public_id()
    key = RSAKey.generate_key(BITS, {"kid": kid, "use": "sig", "alg": ALGORITHM})
    return kid, key, _vault().encrypt(json.dumps(key.as_dict(private=True)).encode()).decode()


def _make() -> RSAKey:
    kid, key, sealed = _made()
    with writing() as session:
        # Two first requests at once: the second waits for the lock and finds the first's key.
        row = session.scalar(select(SigningKey).order_by(SigningKey.id.desc()).limit(1))
        if row is not None:
            return _open(row)
        session.add(SigningKey(kid=kid, sealed=sealed))
    return key

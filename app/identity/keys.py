"""The provider's signing keys: made on first use, kept encrypted, published without secrets."""

from __future__ import annotations

import base64
import datetime as dt
import json

from cryptography.fernet import Fernet
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, tokens
from app.core.config import current_settings
from app.core.db import UTC, Model, db
from app.core.transaction import writing

ALGORITHM = "RS256"
BITS = 2048


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
    """The JWKS document: public parts of every key that may still be in use."""
    signing_key()
    rows = db.session.scalars(select(SigningKey).order_by(SigningKey.id.desc()))
    return dict(KeySet([_open(row) for row in rows]).as_dict(private=False))


def _open(row: SigningKey) -> RSAKey:
    return RSAKey.import_key(json.loads(_vault().decrypt(row.sealed.encode())))


def _make() -> RSAKey:
    kid = tokens.public_id()
    key = RSAKey.generate_key(BITS, {"kid": kid, "use": "sig", "alg": ALGORITHM})
    sealed = _vault().encrypt(json.dumps(key.as_dict(private=True)).encode()).decode()
    with writing() as session:
        # Two first requests at once: the second waits for the lock and finds the first's key.
        row = session.scalar(select(SigningKey).order_by(SigningKey.id.desc()).limit(1))
        if row is not None:
            return _open(row)
        session.add(SigningKey(kid=kid, sealed=sealed))
    return key

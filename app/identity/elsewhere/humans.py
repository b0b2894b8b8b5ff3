"""Whom another provider proved, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Human:
    """Whom the provider proved. Names are suggestions for the form; the person edits them."""

    issuer: str
    subject: str
    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""

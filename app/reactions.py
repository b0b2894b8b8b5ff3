"""Everything that happens after a fact, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.transaction import Reaction

TABLE: Mapping[type, Sequence[Reaction]] = {}

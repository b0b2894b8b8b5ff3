"""What PostgreSQL's driver is told; loaded with the first connection to one."""

from __future__ import annotations

from typing import Any

from psycopg.abc import Buffer
from psycopg.types.string import StrDumperUnknown


class _WithoutNul(StrDumperUnknown):
    """PostgreSQL keeps no NUL in a text and fails at one; SQLite does not mind.

    Decision: it is asked with the sign for «no such character»: an address or a field with a NUL
    names nothing, as everywhere. What people write has lost it long before (`names`, `text`).
    """

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def prepare(connection: Any) -> None:
    """Called once for every new `psycopg.Connection`."""
    connection.adapters.register_dumper(str, _WithoutNul)

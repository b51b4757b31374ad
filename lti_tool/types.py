"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, types

SortKey = String(500).with_variant(String(500, collation="C"), "postgresql")
"""What people are sorted by (``services/name_order.py``): both databases and Python compare by code points."""


class UTCDateTime(types.TypeDecorator[datetime]):
    """An aware UTC time.

    SQLite stores naive times and hands naive ones back; a naive time given to this type is a mistake of ours and is
    refused, since nobody can tell which zone it was meant in.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC before storing."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back what was stored, as UTC."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)

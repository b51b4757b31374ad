"""The library: published module packages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class Release(Model):
    """One published version of a module; never changed, addressed by its package's digest.

    The archive lies in the database, so that one backup holds everything and every host sees the same library; each
    process unpacks what it serves into a folder of its own (``services/library.py``).
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("module_id", "version"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(100), index=True)
    version: Mapped[str] = mapped_column(String(50))
    title: Mapped[dict[str, Any]]
    """By language."""
    archive: Mapped[bytes] = mapped_column(deferred=True)
    published_at: Mapped[datetime]

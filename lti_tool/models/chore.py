"""Work that comes back: when each kind was last done, whoever did it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class Chore(Model):
    """One kind of work that comes back, such as deleting what is old; all processes share its row."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """Of the last run that ended well."""
    report: Mapped[dict[str, Any] | None]
    """What that run did: words to numbers."""

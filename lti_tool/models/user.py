"""People as platforms name them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class Person(Model):
    """Somebody who launched, known by (registration, ``sub``) and by nothing else."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("registration_id", "sub"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    sub: Mapped[str] = mapped_column(String(255))
    name: Mapped[str | None] = mapped_column(String(500))
    """As the platform last sent it; platforms may keep it to themselves."""
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    """Launched without ``sub``: this row lives for one launch and no score can be sent for it."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    @property
    def label(self) -> str:
        """What trainers see: the name, or four characters that tell nameless people apart."""
        return self.name or f"{self.id:04X}"

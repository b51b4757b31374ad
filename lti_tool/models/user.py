"""People as platforms name them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint, sql
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class TextSize(enum.StrEnum):
    """How large somebody wants text; ``base.css`` of the player has the sizes."""

    NORMAL = "normal"
    LARGE = "large"
    LARGEST = "largest"


class Contrast(enum.StrEnum):
    """Which colours somebody wants."""

    AUTO = "auto"
    """As the LMS or the device says."""
    MORE = "more"
    STANDARD = "standard"


def _words(kind: type[enum.StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=20, values_callable=lambda items: [item.value for item in items])


class Person(Model):
    """Somebody who launched, known by (registration, ``sub``) and by nothing else."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("registration_id", "sub"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    sub: Mapped[str] = mapped_column(String(255))
    name: Mapped[str | None] = mapped_column(String(500))
    """As the platform last sent it; platforms may keep it to themselves."""
    language: Mapped[str | None] = mapped_column(String(50))
    """The one that they chose here; ``None``: that of their platform."""
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    """Launched without ``sub``: this row lives for one launch and no score can be sent for it."""
    is_test: Mapped[bool] = mapped_column(default=False, server_default=sql.false())
    """Nobody, as the platform last said: an account through which trainers see what learners see."""
    text_size: Mapped[TextSize] = mapped_column(_words(TextSize), default=TextSize.NORMAL, server_default="normal")
    contrast: Mapped[Contrast] = mapped_column(_words(Contrast), default=Contrast.AUTO, server_default="auto")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    @property
    def label(self) -> str:
        """What trainers see: the name, or four characters that tell nameless people apart."""
        return self.name or f"{self.id:04X}"

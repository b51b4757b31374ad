"""Invitations: who holds one may register a platform, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.platform import Privacy, Registration


class Invitation(Model):
    """An address for an LMS's administrator to paste; used up by a registration that succeeded, and by nothing else."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str | None] = mapped_column(String(255))
    """What the platform shall be called here."""
    product: Mapped[str | None] = mapped_column(String(50))
    """The only LMS that it is good for, if one was named."""
    privacy: Mapped[Privacy] = mapped_column(
        Enum(Privacy, native_enum=False, length=20, values_callable=lambda kinds: [kind.value for kind in kinds])
    )
    """The most that the platform is asked to share of people."""
    created_by: Mapped[str] = mapped_column(String(200))
    """An account's name."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    """Set while a registration is under way, so that two at once do not make two."""
    used_at: Mapped[datetime | None]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    """What came of it."""

    registration: Mapped[Registration | None] = relationship()

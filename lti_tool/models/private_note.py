"""What people write for themselves while they read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model

TICKED = "x"
"""The text of a ticked box of a checklist."""


class PrivateNote(Model):
    """A private note, or a box of a checklist that is ticked: shown to this person only, never to a trainer."""

    __tablename__ = "private_note"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    page_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    """The id of the reflection, or ``check:`` and the digest of what the box says."""
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    """Rises with each save; a save names the one it began from."""
    saved_at: Mapped[datetime]

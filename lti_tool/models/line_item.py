"""Gradebook columns that the tool makes itself, where a trainer asked for them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.placement import Placement

WHOLE = ""
"""``quiz_id`` of the column for all that a placement shows."""
PLACEHOLDER = "line-item:"
"""What the names of columns that are not there yet begin with; no address does."""


class LineItemState(enum.StrEnum):
    """Where a column stands."""

    WAITING = "waiting"
    """To be made or changed at ``next_try_at``."""
    SENDING = "sending"
    """Somebody is at it under a lease; after ``lease_until`` somebody else may be."""
    READY = "ready"
    FAILED = "failed"
    """Trying again cannot help; ``reason`` says why."""


class LineItem(Model):
    """A column for a placement or one of its quizzes; there is one however many launches come at the same time."""

    __tablename__ = "line_item"
    __table_args__ = (UniqueConstraint("placement_id", "quiz_id"), Index(None, "state", "next_try_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    quiz_id: Mapped[str] = mapped_column(String(100))
    """:data:`WHOLE` for all of them together."""
    url: Mapped[str | None] = mapped_column(String(2000))
    """``None`` until it is there; scores wait for it under :attr:`name`."""
    resource_id: Mapped[str] = mapped_column(String(255))
    tag: Mapped[str] = mapped_column(String(255))
    label: Mapped[str] = mapped_column(String(500))
    maximum: Mapped[str] = mapped_column(String(100))
    """An exact fraction such as ``5/2``."""
    state: Mapped[LineItemState] = mapped_column(
        Enum(
            LineItemState,
            native_enum=False,
            length=20,
            values_callable=lambda states: [state.value for state in states],
        ),
        default=LineItemState.WAITING,
    )
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    """A :class:`lti_tool.models.ScoreReason`."""
    http_status: Mapped[int | None]
    created_at: Mapped[datetime]

    placement: Mapped[Placement] = relationship()

    @property
    def name(self) -> str:
        """What scores are queued for while it is not there: no address, so that nothing can be sent to it."""
        return f"{PLACEHOLDER}{self.id}"

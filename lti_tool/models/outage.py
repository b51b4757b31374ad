"""Platforms that are not well: nothing but a trial goes to them until one succeeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class Outage(Model):
    """What is known of a platform whose grade service failed lately; a platform that is well has no row."""

    __tablename__ = "outage"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    """Of different scores, with no success between them."""
    last_score_id: Mapped[int | None]
    """A score that fails again and again says something of its column, and nothing of the platform."""
    is_paused: Mapped[bool] = mapped_column(default=False)
    slots: Mapped[int] = mapped_column(default=0)
    """Deliveries that may begin now while it is paused."""
    successes: Mapped[int] = mapped_column(default=0)
    """Since it answers again."""
    next_trial_at: Mapped[datetime]
    """While it is paused and no slot is free, one delivery may begin then."""
    reason: Mapped[str] = mapped_column(String(30))
    """A :class:`lti_tool.models.ScoreReason`."""
    since: Mapped[datetime]

"""What people were given beyond the rules of a quiz."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class AllowanceKind(enum.StrEnum):
    """What is given."""

    ATTEMPTS = "attempts"
    MINUTES = "minutes"
    """For each attempt, also one that is under way."""
    CLOSING = "closing"
    """A later closing date."""
    RESET = "reset"
    """The attempts so far were set aside."""


class Allowance(Model):
    """Something that a trainer gave a person or a group for a quiz, and why."""

    __tablename__ = "allowance"
    __table_args__ = (Index(None, "placement_id", "quiz_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    quiz_id: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """``None`` where it is a group's."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("course_group.id", ondelete="SET NULL"), index=True)
    group_name: Mapped[str | None] = mapped_column(String(255))
    """Stays when the group is gone from the course; nobody has the allowance any more then."""
    kind: Mapped[AllowanceKind] = mapped_column(
        Enum(AllowanceKind, native_enum=False, length=20, values_callable=lambda items: [item.value for item in items])
    )
    amount: Mapped[int | None]
    """Attempts or minutes."""
    closes_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    """Empty once the person was erased and the results kept."""
    trainer_id: Mapped[int] = mapped_column(index=True)
    """Of a :class:`lti_tool.models.Person`, who may have been erased since: this is the learner's evidence."""
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

"""What trainers gave for answers that no key judges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.attempt import Attempt


class Judgement(Model):
    """Points and a comment for an answer; a later row for the same answer takes the place of this one."""

    __tablename__ = "judgement"
    __table_args__ = (Index(None, "attempt_id", "question_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(100))
    points: Mapped[str] = mapped_column(String(100))
    """An exact fraction of the question's points."""
    comment: Mapped[str] = mapped_column(Text)
    """For the learner; may be empty."""
    trainer_id: Mapped[int] = mapped_column(index=True)
    """Of a :class:`lti_tool.models.Person`, who may have been erased since: the judgement is the learner's evidence."""
    judged_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship()

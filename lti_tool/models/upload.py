"""Files that learners hand in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class Upload(Model):
    """A file that is an answer, or a part of one; the answer's ``response`` holds the names.

    It lies in the database, so that one backup holds everything, every host sees it, and it goes with its attempt.
    """

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    """Bytes."""
    content: Mapped[bytes] = mapped_column(deferred=True)
    uploaded_at: Mapped[datetime]

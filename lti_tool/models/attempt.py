"""One go at a quiz, and the answers given in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.placement import Placement
from lti_tool.models.user import Person

SELF_CHECK = ""
"""``quiz_id`` of the attempt that holds a person's answers to ungraded questions; it is never submitted."""


class Attempt(Model):
    """One go at a quiz, on the version of the module that it started on."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("placement_id", "person_id", "quiz_id", "number"),
        # Two tabs that start at once get the same attempt: the database lets only one of them be open.
        Index(
            "uq_attempt_open",
            "placement_id",
            "person_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_attempt_due",
            "ends_at",
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    quiz_id: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    """Counts from 1 per placement, person and quiz."""
    release_digest: Mapped[str] = mapped_column(ForeignKey("release.digest"))
    seed: Mapped[bytes]
    """Secret; the names and the order under which options are served come from it."""
    is_shuffled: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the questions come in an order of the attempt's own."""
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """When it ends by itself, by the rules as they were when last looked at (``services/quiz_rules.py``)."""
    submitted_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    """When a trainer gave another go instead (:class:`lti_tool.models.Allowance`): it counts for nothing any more."""
    is_ended_by_tool: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Submitted because its time was over, with what was saved by then."""
    points: Mapped[str | None] = mapped_column(String(100))
    """An exact fraction such as ``5/2``; set when submitted."""
    max_points: Mapped[str | None] = mapped_column(String(100))

    placement: Mapped[Placement] = relationship()
    person: Mapped[Person] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="attempt", order_by="Answer.question_id")


class Answer(Model):
    """What was answered to one question of an attempt; a draft until the attempt is submitted."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    response: Mapped[Any] = mapped_column(JSON)
    """As ``course_builder.scoring`` reads it, with the real ids of options."""
    revision: Mapped[int] = mapped_column(default=1)
    """Rises with each save; a save names the one it began from."""
    tries_used: Mapped[int] = mapped_column(default=0)
    hints_opened: Mapped[list[str]] = mapped_column(default=list)
    saved_at: Mapped[datetime]
    points: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[str | None] = mapped_column(String(20))
    """``right``, ``partly``, ``wrong`` or ``unanswered``, once checked or submitted; ``waiting`` for a person, or a
    survey's ``given``."""
    how_sure: Mapped[int | None]
    """By their own word, from 1 for a guess to 3; never scored."""
    comment: Mapped[str | None] = mapped_column(Text)
    """A trainer's, for the learner."""

    attempt: Mapped[Attempt] = relationship(back_populates="answers")


class LateAnswer(Model):
    """An answer that came after its attempt had ended: it counts for nothing, and trainers see it."""

    __tablename__ = "late_answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    response: Mapped[Any] = mapped_column(JSON)
    """As that of :class:`Answer`."""
    typed_at: Mapped[datetime | None]
    """By the clock of the device; ``None`` where it does not say, or says nothing possible."""
    received_at: Mapped[datetime]

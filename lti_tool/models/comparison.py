"""What a trainer sees before sending grades again: the gradebook's values beside ours, as last read."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.placement import Context, Placement
from lti_tool.types import SortKey


class ComparisonState(enum.StrEnum):
    """Whether somebody is at a comparison."""

    WAITING = "waiting"
    """To be gone on with at ``next_try_at``, if there is such a time."""
    WORKING = "working"
    """Somebody is at it under a lease; after ``lease_until`` somebody else goes on."""


class ColumnState(enum.StrEnum):
    """Where the reading of one column stands."""

    WAITING = "waiting"
    READ = "read"
    FAILED = "failed"
    """Trying again by itself cannot help; ``reason`` says why."""


class Verdict(enum.StrEnum):
    """How the gradebook's value for somebody stands to ours."""

    SAME = "same"
    MISSING = "missing"
    """The gradebook has none."""
    OTHER = "other"
    """The gradebook has another value, which came from here."""
    BY_HAND = "by-hand"
    """The gradebook has a value that was never sent from here: somebody changed it there."""
    ON_ITS_WAY = "on-its-way"
    """They differ, and a score is on its way."""
    NOTHING_HERE = "nothing-here"
    """The gradebook has a value for somebody who submitted nothing here."""
    UNKNOWN = "unknown"
    """The gradebook has a value for somebody who never came, and is on no list of the course."""


def _words(kind: type[enum.StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=20, values_callable=lambda items: [item.value for item in items])


class Comparison(Model):
    """The last comparison of a course with its gradebook."""

    __tablename__ = "comparison"

    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    state: Mapped[ComparisonState] = mapped_column(_words(ComparisonState), default=ComparisonState.WAITING)
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    lease_token: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    compared_at: Mapped[datetime | None]
    """When the last column was done with; ``None`` while there is one to read."""

    context: Mapped[Context] = relationship()


class ComparedColumn(Model):
    """A gradebook column of a comparison."""

    __tablename__ = "compared_column"
    __table_args__ = (UniqueConstraint("context_id", "line_item_url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[int] = mapped_column(ForeignKey("comparison.context_id", ondelete="CASCADE"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    line_item_url: Mapped[str] = mapped_column(String(2000))
    label: Mapped[str | None] = mapped_column(String(500))
    quizzes: Mapped[dict[str, Any]]
    """What adds up in the column: points, as exact fractions, by quiz id."""
    state: Mapped[ColumnState] = mapped_column(_words(ColumnState), default=ColumnState.WAITING)
    can_send: Mapped[bool]
    """Whether the platform takes scores for it from here."""
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(50))
    """A :class:`lti_tool.models.ScoreReason`: of the last try, if it failed."""
    http_status: Mapped[int | None]
    cursor_url: Mapped[str | None] = mapped_column(String(2000))
    """The page to go on with; ``None`` before the first one."""
    pages: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)

    placement: Mapped[Placement] = relationship()


class ComparedGrade(Model):
    """Somebody's cell in a compared column."""

    __tablename__ = "compared_grade"
    __table_args__ = (
        UniqueConstraint("column_id", "sub"),
        Index("ix_compared_grade_order", "context_id", "sort_key", "id"),
        Index("ix_compared_grade_verdict", "context_id", "verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    context_id: Mapped[int] = mapped_column(ForeignKey("comparison.context_id", ondelete="CASCADE"))
    column_id: Mapped[int] = mapped_column(ForeignKey("compared_column.id", ondelete="CASCADE"))
    sub: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(500))
    """Never where the registration shares no names."""
    label: Mapped[str | None] = mapped_column(String(20))
    """What tells nameless people apart, where they are known."""
    sort_key: Mapped[str] = mapped_column(SortKey)
    verdict: Mapped[Verdict] = mapped_column(_words(Verdict))
    has_left: Mapped[bool]
    """By the roster."""
    points: Mapped[str | None] = mapped_column(String(100))
    """Ours, as an exact fraction; ``None`` where nothing was submitted."""
    max_points: Mapped[str | None] = mapped_column(String(100))
    theirs: Mapped[float | None]
    """As the gradebook has it, out of :attr:`their_maximum`."""
    their_maximum: Mapped[float | None]
    is_advised: Mapped[bool]
    """Whether it is sent again unless the trainer decides otherwise."""
    is_chosen: Mapped[bool] = mapped_column(default=False)
    """Whether the trainer wants it sent again."""
    sent_at: Mapped[datetime | None]
    """When it was put into the outbox."""

    column: Mapped[ComparedColumn] = relationship()

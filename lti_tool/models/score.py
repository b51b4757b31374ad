"""The outbox: scores on their way to gradebooks. These rows are the truth; job engines only look at them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.attempt import Attempt
from lti_tool.models.placement import Placement
from lti_tool.models.platform import Registration
from lti_tool.models.user import Person


class ScoreState(enum.StrEnum):
    """Where a score stands."""

    WAITING = "waiting"
    """Queued, or to be tried again at ``next_try_at``."""
    SENDING = "sending"
    """Claimed under a lease; after ``lease_until`` somebody else may claim it."""
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    """A newer score for the same person and column took its place."""
    FAILED = "failed"
    """Trying again cannot help; ``reason`` says why."""


class ScoreReason(enum.StrEnum):
    """Why a score waits, failed or was set aside; the views have the words."""

    UNREACHABLE = "unreachable"
    """The platform did not answer, or its address may not be called."""
    PLATFORM_ERROR = "platform-error"
    """It answered with an error of its own, or with something that is no answer to the call."""
    THROTTLED = "throttled"
    """It asked for patience."""
    TOKEN_REFUSED = "token-refused"  # noqa: S105  (a reason, no secret)
    """It gave no access token: it may not be able to fetch our key set, or the registration is gone there."""
    ACCESS_REFUSED = "access-refused"
    """It gave a token that does not open its grade service."""
    PERSON_REFUSED = "person-refused"
    """The course does not grade this person: a trainer, or no longer enrolled."""
    ROLE_NOT_GRADED = "role-not-graded"
    """The platform does not grade people with this role, until an administrator there changes that."""
    ATTEMPTS_USED_UP = "attempts-used-up"
    """The platform counts attempts and takes no more of this person."""
    COLUMN_GONE = "column-gone"
    """There is no such gradebook column any more."""
    CLOCK_BEHIND = "clock-behind"
    """Its clock has not reached the time of the score."""
    SCORE_REFUSED = "score-refused"
    """It takes this score in no way."""
    GAVE_UP = "gave-up"
    """It failed for too long."""
    STOPPED = "stopped"
    """An administrator stopped it."""
    LATER_IN_GRADEBOOK = "later-in-gradebook"
    """The gradebook holds a score with a later timestamp."""
    UNREADABLE = "unreadable"
    """Its grades cannot be read: too many at once, or pages that do not end or lead elsewhere."""
    NEWER_QUEUED = "newer-queued"
    """The person earned a newer score before this one was sent."""


class Score(Model):
    """One score for one person in one gradebook column, fixed to the byte when it is queued."""

    __tablename__ = "score"
    __table_args__ = (
        Index(None, "state", "next_try_at"),
        Index("ix_score_of_person", "placement_id", "person_id", "scored_at"),
        Index("ix_score_placement_state", "placement_id", "state"),
        Index(None, "line_item_url", "person_id", "scored_at", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    is_again: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Sent again with nothing new handed in: no new attempt where a platform counts them."""
    line_item_url: Mapped[str] = mapped_column(String(2000))
    payload: Mapped[str] = mapped_column(Text)
    """The JSON that is sent; a retry sends the same bytes."""
    scored_at: Mapped[datetime]
    """The timestamp in the payload: strictly rising per person and column, at least a second apart."""
    state: Mapped[ScoreState] = mapped_column(
        Enum(
            ScoreState, native_enum=False, length=20, values_callable=lambda states: [state.value for state in states]
        ),
        default=ScoreState.WAITING,
    )
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    may_have_arrived: Mapped[bool] = mapped_column(default=False)
    """An earlier try ended without an answer: the platform's results are read before it is sent again."""
    reason: Mapped[str | None] = mapped_column(Text)
    """A :class:`ScoreReason`."""
    http_status: Mapped[int | None]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship()
    placement: Mapped[Placement] = relationship()
    person: Mapped[Person] = relationship()
    attempt: Mapped[Attempt] = relationship()

"""Who is in a course by the platform's own list, whether they ever came or not, and in which groups."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.placement import Context
from lti_tool.types import SortKey


class RosterState(enum.StrEnum):
    """Where the reading of a roster stands."""

    WAITING = "waiting"
    """To be read at ``next_pull_at``, if there is such a time."""
    PULLING = "pulling"
    """Somebody reads it under a lease; after ``lease_until`` somebody else goes on."""


class RosterReason(enum.StrEnum):
    """Why a roster was not read to its end; the views have the words."""

    UNREACHABLE = "unreachable"
    PLATFORM_ERROR = "platform-error"
    """An error of the platform's own, or an answer that is no roster."""
    THROTTLED = "throttled"
    TOKEN_REFUSED = "token-refused"  # noqa: S105  (a reason, no secret)
    ACCESS_REFUSED = "access-refused"
    GONE = "gone"
    """The platform knows no such course, or no longer shows its roster at this address."""
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    """One page is larger than ``EGRESS_MAX_BYTES``."""
    BROKEN_PAGING = "broken-paging"
    """The next page is at another host, or the link to it cannot be read."""
    ENDLESS = "endless"
    """The pages do not end, or come again."""
    EMPTY = "empty"
    """A course with nobody in it, not even the trainer who asks: nobody is taken for gone because of that."""


class MemberKind(enum.StrEnum):
    """What somebody is in the course."""

    LEARNER = "learner"
    TRAINER = "trainer"
    TEST = "test"
    """Nobody: an account through which trainers see what learners see."""
    OTHER = "other"


class MemberStatus(enum.StrEnum):
    """Whether somebody is in the course now."""

    ACTIVE = "active"
    LEFT = "left"


def _words(kind: type[enum.StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=20, values_callable=lambda items: [item.value for item in items])


class Roster(Model):
    """The list of a course's people: when it was read, and when it is read again."""

    __tablename__ = "roster"

    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    state: Mapped[RosterState] = mapped_column(_words(RosterState), default=RosterState.WAITING)
    next_pull_at: Mapped[datetime | None] = mapped_column(index=True)
    lease_token: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """That failed since the last success."""
    reason: Mapped[str | None] = mapped_column(String(50))
    """A :class:`RosterReason`: of the last try, if it failed."""
    http_status: Mapped[int | None]
    cursor_url: Mapped[str | None] = mapped_column(String(2000))
    """The page to go on with; ``None`` between two readings."""
    is_full: Mapped[bool] = mapped_column(default=True)
    """Whether this reading, or the last one, is of everybody and not of the differences."""
    generation: Mapped[int] = mapped_column(default=0)
    """Counts the full readings: members that a full one did not name are gone."""
    pages: Mapped[int] = mapped_column(default=0)
    """Read so far, or in the last reading."""
    received: Mapped[int] = mapped_column(default=0)
    """People read so far, or in the last reading."""
    differences_url: Mapped[str | None] = mapped_column(String(2000))
    """Where the platform says what changed since; few have it."""
    pulled_at: Mapped[datetime | None]
    """When a reading last came to its end."""
    full_pulled_at: Mapped[datetime | None]
    learners: Mapped[int] = mapped_column(default=0)
    """In the course at ``pulled_at``."""
    created_at: Mapped[datetime]

    context: Mapped[Context] = relationship()


class Member(Model):
    """Somebody on a course's roster; a :class:`Person` of the same registration and ``sub`` came here, too."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("context_id", "sub"),
        Index(None, "registration_id", "sub"),
        Index("ix_member_order", "context_id", "kind", "status", "sort_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    sub: Mapped[str] = mapped_column(String(255))
    name: Mapped[str | None] = mapped_column(String(500))
    """Never where the registration shares no names."""
    sort_key: Mapped[str] = mapped_column(SortKey)
    kind: Mapped[MemberKind] = mapped_column(_words(MemberKind))
    status: Mapped[MemberStatus] = mapped_column(_words(MemberStatus))
    left_at: Mapped[datetime | None]
    """When a reading first missed them."""
    generation: Mapped[int]
    """Of the last full reading that named them."""

    @property
    def label(self) -> str:
        """What trainers see: the name, or letters and digits that tell nameless people apart."""
        return self.name or f"R{self.id:04X}"


class CourseGroup(Model):
    """A group of a course in the LMS."""

    __tablename__ = "course_group"
    __table_args__ = (UniqueConstraint("context_id", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    group_id: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(255))
    set_name: Mapped[str | None] = mapped_column(String(255))
    """Of the set that the group belongs to, such as the groups of one project."""


class GroupMember(Model):
    """A member in a group."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("course_group.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)

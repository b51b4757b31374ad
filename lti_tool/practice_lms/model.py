"""What the practice LMS knows: registrations, courses, people, placements, line items and scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

CourseRole = Literal["Learner", "Instructor"]
EnrolmentStatus = Literal["Active", "Inactive"]
Opening = Literal["iframe", "window"]
MAX_ID = 2**63 - 1
"""The highest id a database row can have; a path with a higher one leads nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A tool as the LMS knows it."""

    id: int
    client_id: str
    name: str
    login_url: str
    redirect_uris: tuple[str, ...]
    jwks_url: str
    deployment_ids: tuple[str, ...] = ("1",)
    custom: Mapping[str, str] = field(default_factory=dict)
    """Custom parameters of every launch; values may be LTI variables such as ``$Context.id``."""
    shares_personal_data: bool = True
    """Whether names, e-mail addresses and identifiers from other systems leave the LMS."""
    has_grades: bool = True
    """Whether the tool may use Assignment and Grade Services."""
    content_url: str = ""
    """Where the tool lets trainers choose content (deep linking); empty: it does not."""
    has_roster: bool = True
    """Whether the tool may read who is in a course, and in which groups where the profile has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course: what LTI calls a context."""

    id: int
    label: str
    title: str
    sourced_id: str = ""
    history: str = ""
    """The courses that it was copied from, the last copy first, separated by commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone with an account; the names may be absent."""

    sub: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    username: str = ""
    sourced_id: str = ""
    locale: str = "en"
    is_administrator: bool = False
    is_test_user: bool = False
    """Whether nobody stands behind the account: trainers see their course through its eyes."""
    prefers_high_contrast: bool = False

    @property
    def name(self) -> str:
        """The full name, empty where the LMS knows none."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A person's role in a course."""

    course_id: int
    sub: str
    role: CourseRole
    status: EnrolmentStatus = "Active"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSet:
    """Groups of a course that belong together, such as those of one project."""

    id: int
    course_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some people of a course."""

    id: int
    course_id: int
    name: str
    set_id: int | None = None
    subs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The line item a placement comes with."""

    maximum: float = 100.0
    resource_id: str = ""
    tag: str = ""
    label: str = ""
    """The title of the placement, where it is empty."""
    starts_at: str = ""
    ends_at: str = ""
    has_submission_review: bool = False
    line_item_id: int | None = None
    """Only for seeds that need a fixed id; otherwise the next free one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A resource link in a course."""

    id: int
    course_id: int
    registration_id: int
    title: str
    target_link_uri: str
    deployment_id: str = "1"
    description: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    opens_in: Opening = "iframe"
    column: Column | None = None
    keeps_blocks: bool = False
    """Whether the LMS keeps its side blocks around the frame (Moodle's container 2 instead of 3)."""
    history: str = ""
    """The placements that it was copied from, the last copy first, separated by commas."""
    activity_id: int | None = None
    """Moodle's course module id; the placement's own id plus one where none is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """A column of the gradebook."""

    id: int
    course_id: int
    registration_id: int
    placement_id: int | None
    is_coupled: bool
    """Whether the LMS made it with its placement (true) or a tool added it (false)."""
    label: str
    maximum: float
    resource_id: str = ""
    tag: str = ""
    has_submission_review: bool = False
    starts_at: str = ""
    ends_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score as a tool sent it, once accepted."""

    line_item_id: int
    sub: str
    given: float | None
    maximum: float | None
    timestamp: datetime
    activity_progress: str
    grading_progress: str
    comment: str = ""
    received_at: datetime
    is_new_submission: bool = True
    """Whether it is a new attempt of the person (profile ``canvas``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What stands in a person's cell of the gradebook."""

    line_item_id: int
    sub: str
    latest: Score
    """The last score accepted, whatever its progress."""
    graded: Score | None
    """The score the grade comes from; ``None`` while there is no grade."""

    def points(self, maximum: float, *, is_bounded: bool = False) -> float | None:
        """The grade on the scale of a line item.

        Args:
            maximum: of the line item.
            is_bounded: whether a grade above the maximum is cut to it.
        """
        if self.graded is None or self.graded.given is None or not self.graded.maximum:
            return None
        share = self.graded.given / self.graded.maximum
        if is_bounded:
            share = min(max(share, 0.0), 1.0)
        return round(share * maximum, 5)

"""What differs between the ways the practice LMS can behave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint

from lti_tool.practice_lms.model import Course, CourseRole, LineItem, Person, Placement, Registration
from lti_tool.practice_lms.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What every id_token is made from."""

    base_url: str
    registration: Registration
    course: Course
    person: Person
    role: CourseRole | None
    nonce: str
    at: datetime
    session_key: str
    """Changes with the sign-in; Moodle puts it into its return URLs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch(Occasion):
    """Somebody opens a placement, or a trainer what somebody handed in there."""

    placement: Placement
    line_items: list[LineItem]
    """Those that belong to the placement."""
    message: str
    for_person: Person | None = None
    """Whose work is to be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRequest(Occasion):
    """A trainer wants to add content to a course, or to choose anew what a placement shows."""

    placement: Placement | None
    ticket: str
    """A secret that the answer brings back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLinking:
    """How an LMS asks a tool for content, and what it makes of the answer."""

    return_path: str
    """Where the answer goes; the rule of a route, which may take ``course_id``."""
    claims: Callable[[ContentRequest], dict[str, Any]]
    """The claims of the request; the caller adds the times."""
    names_what_is_edited: bool
    """Whether a request that edits a link leads to that link's address; else to the tool's own for content."""
    ticket: Callable[[Mapping[str, Any], Mapping[str, str]], str | None]
    """Finds the ticket in the claims of an answer or the query of its address; ``None`` where the LMS sends none, and
    the answer belongs to what the person asked for last."""
    checks_audience: bool
    """Whether the answer has to be meant for this LMS."""
    checks_message: bool
    """Whether nonce, message type, version and deployment of the answer are looked at."""
    names_by_label: bool
    """Whether the label of a line item becomes the title of its activity."""
    keeps_label: bool
    """Whether a line item has a label of its own; else it is the title of its activity."""
    keeps_dates: bool
    keeps_target: bool
    """Whether an item says if it opens on the page or in a new window."""
    fills_in_a_form: bool
    """Whether a single item fills in a form, which the trainer saves; else it is added at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The behaviour of one LMS; every answer is computed by these from what the LMS holds."""

    name: str
    auth_path: str
    token_path: str
    jwks_path: str
    id_token_lifetime_s: int
    keeps_grade: bool
    """Whether a grade stays when a later score is not fully graded."""
    bounds_grade: bool
    """Whether a grade above the maximum is cut to it."""
    message_hint: Callable[[Placement | None], str]
    """Makes an ``lti_message_hint`` that was never made before."""
    claims: Callable[[Launch], dict[str, Any]]
    """The claims of an id_token; the caller adds the times and the nonce's signature."""
    deep_linking: DeepLinking
    services: Callable[[], Blueprint]
    """The endpoints that tools call with an access token, and the token endpoint itself."""
    storage: Storage
    """What it keeps for tools in the browser, where the settings say nothing else."""
    notices_path: str | None
    """Where tools ask for its notices, with the id of their registration behind; ``None``: it sends none."""
    frame_messages: tuple[str, ...]
    """What its pages take from the frame of a tool, by the subjects of the messages."""
    token_audience: str = ""
    """``aud`` of the assertions that it takes, where that is not its token endpoint."""

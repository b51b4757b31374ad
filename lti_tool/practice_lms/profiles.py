"""What differs between the ways the practice LMS can behave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint

from lti_tool.practice_lms.model import Course, CourseRole, LineItem, Person, Placement, Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Everything an id_token is made from."""

    base_url: str
    registration: Registration
    course: Course
    person: Person
    role: CourseRole | None
    placement: Placement
    line_items: list[LineItem]
    """Those that belong to the placement."""
    nonce: str
    at: datetime
    session_key: str
    """Changes with the sign-in; Moodle puts it into its return URLs."""


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
    message_hint: Callable[[Placement], str]
    """Makes an ``lti_message_hint`` that was never made before."""
    claims: Callable[[Launch], dict[str, Any]]
    """The claims of an id_token; the caller adds the times and the nonce's signature."""
    services: Callable[[], Blueprint]
    """The endpoints that tools call with an access token, and the token endpoint itself."""
